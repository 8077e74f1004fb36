import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { createGitCheckout } from "./git-checkout.ts";

const root = mkdtempSync(join(tmpdir(), "git-"));
const origin = join(root, "origin");
const never = new AbortController().signal;
const commits = { first: "", side: "", merge: "" };

/** Git as a stranger to this computer's configuration. */
function git(cwd: string, ...args: readonly string[]): string {
  const who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  return execFileSync("git", [...who, ...args], {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

beforeAll(() => {
  mkdirSync(join(origin, "d"), { recursive: true });
  git(origin, "init", "--quiet");
  const commit = (message: string): string => {
    git(origin, "add", "-A");
    git(origin, "commit", "--quiet", "-m", message);
    return git(origin, "rev-parse", "HEAD");
  };
  writeFileSync(join(origin, "d", "-odd name.json"), "one\n");
  commits.first = commit("first");
  git(origin, "switch", "--quiet", "-c", "side");
  writeFileSync(join(origin, "d", "-odd name.json"), "two\n");
  commits.side = commit("side");
  git(origin, "switch", "--quiet", "main");
  git(origin, "merge", "--quiet", "--no-ff", "-m", "merge\n\nparent 1111111111111111111111111111111111111111", "side");
  commits.merge = git(origin, "rev-parse", "HEAD");
});
afterAll(() => rmSync(root, { recursive: true }));

describe("a checkout is asked", () => {
  test("for its commit, its parents in order, and files as they were", async () => {
    const asked = createGitCheckout(join(origin, "d"), never);
    expect(await asked.head()).toBe(commits.merge);
    expect(await asked.parents(commits.merge)).toEqual([commits.first, commits.side]);
    expect(await asked.parents(commits.first)).toEqual([]);
    const text = async (commit: string) =>
      Buffer.from((await asked.readFile(commit, "d/-odd name.json")) ?? []).toString();
    expect([await text(commits.first), await text(commits.merge)]).toEqual(["one\n", "two\n"]);
  });

  test("and says when it does not know", async () => {
    const asked = createGitCheckout(origin, never);
    expect(await asked.parents("0".repeat(40))).toBeUndefined();
    expect(await asked.readFile(commits.first, "nothing.json")).toBeUndefined();
    expect(await asked.readFile(commits.first, "d")).toBeUndefined();
    expect(await createGitCheckout(root, never).head()).toBeUndefined();
  });

  test("also when it is shallow: the parents are named though they are not there", async () => {
    const shallow = join(root, "shallow");
    git(root, "clone", "--quiet", "--depth", "1", `file://${origin}`, shallow);
    const asked = createGitCheckout(shallow, never);
    expect(await asked.parents(commits.merge)).toEqual([commits.first, commits.side]);
    expect(await asked.readFile(commits.first, "d/-odd name.json")).toBeUndefined();
  });

  test("but never with an option for a commit", async () => {
    await expect(createGitCheckout(origin, never).parents("--version")).rejects.toThrow(TypeError);
    await expect(createGitCheckout(origin, never).readFile("main", "d")).rejects.toThrow(TypeError);
  });

  test("where a replaced commit would answer with another's parents", async () => {
    const copy = join(root, "copy");
    git(root, "clone", "--quiet", origin, copy);
    git(copy, "replace", commits.merge, commits.first);
    expect(await createGitCheckout(copy, never).parents(commits.merge)).toEqual([commits.first, commits.side]);
  });

  test("in a folder that is gone", async () => {
    await expect(createGitCheckout(join(root, "gone"), never).head()).rejects.toThrow(ActionError);
  });
});
