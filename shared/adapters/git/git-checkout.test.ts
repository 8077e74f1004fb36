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

/** Git without this computer's configuration. */
function git(cwd: string, ...args: readonly string[]): string {
  const config = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  return execFileSync("git", [...config, ...args], {
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
  writeFileSync(join(origin, "d", "-a name.json"), "one\n");
  commits.first = commit("first");
  git(origin, "switch", "--quiet", "-c", "side");
  writeFileSync(join(origin, "d", "-a name.json"), "two\n");
  commits.side = commit("side");
  git(origin, "switch", "--quiet", "main");
  git(origin, "merge", "--quiet", "--no-ff", "-m", "merge\n\nparent 1111111111111111111111111111111111111111", "side");
  commits.merge = git(origin, "rev-parse", "HEAD");
});
afterAll(() => rmSync(root, { recursive: true }));

describe("a checkout", () => {
  test("has a commit, parents in order, and files at a commit", async () => {
    const checkout = createGitCheckout(join(origin, "d"), never);
    expect(await checkout.head()).toBe(commits.merge);
    expect(await checkout.parents(commits.merge)).toEqual([commits.first, commits.side]);
    expect(await checkout.parents(commits.first)).toEqual([]);
    const text = async (commit: string) =>
      Buffer.from((await checkout.readFile(commit, "d/-a name.json")) ?? []).toString();
    expect([await text(commits.first), await text(commits.merge)]).toEqual(["one\n", "two\n"]);
  });

  test("knows which files git tracks, by their names alone", async () => {
    const checkout = createGitCheckout(origin, never);
    writeFileSync(join(origin, "new.json"), "");
    const tracked = await Promise.all(
      ["d/-a name.json", "new.json", "*", "d/../d"].map((path) => checkout.isTracked(path)),
    );
    rmSync(join(origin, "new.json"));
    expect(tracked).toEqual([true, false, false, true]);
    expect(await createGitCheckout(root, never).isTracked("origin")).toBe(false);
  });

  test("gives undefined for what it does not have", async () => {
    const checkout = createGitCheckout(origin, never);
    expect(await checkout.parents("0".repeat(40))).toBeUndefined();
    expect(await checkout.readFile(commits.first, "nothing.json")).toBeUndefined();
    expect(await checkout.readFile(commits.first, "d")).toBeUndefined();
    expect(await createGitCheckout(root, never).head()).toBeUndefined();
  });

  test("knows the parents of a commit also when it is shallow and does not have them", async () => {
    const shallow = join(root, "shallow");
    git(root, "clone", "--quiet", "--depth", "1", `file://${origin}`, shallow);
    const checkout = createGitCheckout(shallow, never);
    expect(await checkout.parents(commits.merge)).toEqual([commits.first, commits.side]);
    expect(await checkout.readFile(commits.first, "d/-a name.json")).toBeUndefined();
  });

  test("takes no option for a commit", async () => {
    await expect(createGitCheckout(origin, never).parents("--version")).rejects.toThrow(TypeError);
    await expect(createGitCheckout(origin, never).readFile("main", "d")).rejects.toThrow(TypeError);
  });

  test("ignores replaced commits, which would have other parents", async () => {
    const copy = join(root, "copy");
    git(root, "clone", "--quiet", origin, copy);
    git(copy, "replace", commits.merge, commits.first);
    expect(await createGitCheckout(copy, never).parents(commits.merge)).toEqual([commits.first, commits.side]);
  });

  test("cannot be read in a folder that does not exist", async () => {
    await expect(createGitCheckout(join(root, "missing"), never).head()).rejects.toThrow(ActionError);
  });
});
