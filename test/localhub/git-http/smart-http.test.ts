import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { gitEnvironment } from "../git/run-git.ts";
import { classicToken, fineGrainedToken, jobToken } from "../operations/people/tokens.ts";
import { repositoryRoutes } from "../rest/routes/repositories.ts";
import { startTestHub, type TestHub } from "../rest/serving/testing.ts";
import type { BranchProtection } from "../world/protection.ts";
import type { Token } from "../world/tokens.ts";
import { MAX_TAGS_WITH_EVENTS } from "./receive-push.ts";
import { createGitHttpMount } from "./smart-http.ts";

let hub: TestHub;
let folder: string;
let bob: Token;
beforeAll(async () => {
  hub = await startTestHub({ routes: repositoryRoutes, mounts: (world) => [createGitHttpMount(world)] });
  bob = classicToken(hub.world, account("bob"));
});
afterAll(() => hub[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "localhub-clone-"));
  return () => rm(folder, { recursive: true, force: true });
});

function account(login: string) {
  const found = hub.world.accounts.get(login);
  if (!found) throw new Error(`there is no account ${login}`);
  return found;
}

const remoteUrl = (token?: Token, name = "acme/model.git"): string => {
  const url = new URL(`${hub.server.origin}/${name}`);
  if (token) [url.username, url.password] = ["x-access-token", token.value];
  return url.href;
};

const WHO = ["-c", "user.name=Bob", "-c", "user.email=bob@example.com", "-c", "protocol.version=2"];

/** Runs git as a client would. Rejects with what it printed. */
async function git(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)("git", [...WHO, "-C", folder, ...args], {
    env: gitEnvironment(),
  });
  return stdout + stderr;
}

async function commit(path: string, text: string): Promise<string> {
  await writeFile(join(folder, path), text);
  await git("add", ".");
  await git("commit", "--quiet", "-m", `Write ${path}`);
  return (await git("rev-parse", "HEAD")).trim();
}

const pushes = () => hub.world.journal.effects("push").length;

test.each([
  ["with the whole history", []],
  ["shallow", ["--depth=1"]],
  ["with the first version of the protocol", ["-c", "protocol.version=0"]],
])("anyone clones a public repository, %s", async (_, options) => {
  await git("clone", "--quiet", ...options, remoteUrl(), ".");
  expect(await readFile(join(folder, "README.md"), "utf8")).toBe("# model\n");
});

test("a push moves the ref, publishes an event, and can be fetched by its SHA", async () => {
  await git("clone", "--quiet", remoteUrl(bob), ".");
  const before = await hub.repository.git.resolve("main");
  const sha = await commit("pushed.txt", "pushed\n");
  const count = pushes();
  await git("push", "--quiet", "origin", "HEAD:main");
  expect(await hub.repository.git.resolve("main")).toBe(sha);
  expect(pushes()).toBe(count + 1);
  expect(hub.world.journal.requests().at(-1)).toMatchObject({ path: "/acme/model.git/git-receive-pack", actor: "bob" });
  await git("fetch", "--quiet", "origin", before ?? "");
  expect((await git("rev-parse", "FETCH_HEAD")).trim()).toBe(before);
});

test("many objects, a new branch, a forced move and a deletion", async () => {
  await git("clone", "--quiet", "--depth=1", remoteUrl(bob), ".");
  for (let i = 0; i < 150; i++) await writeFile(join(folder, `many-${i}.txt`), `${i}\n`.repeat(50));
  const first = await commit("large.bin", "x".repeat(2_000_000));
  // Above 1 MiB git first checks whether it may push, and then sends in chunks.
  await git("push", "--quiet", "origin", "HEAD:refs/heads/topic/many");
  expect(await hub.repository.git.resolve("topic/many")).toBe(first);
  await git("commit", "--quiet", "--amend", "-m", "Rewrite");
  await expect(git("push", "origin", "HEAD:refs/heads/topic/many")).rejects.toThrow("non-fast-forward");
  await git("push", "--quiet", "--force", "origin", "HEAD:refs/heads/topic/many");
  expect((await hub.repository.git.commit((await hub.repository.git.resolve("topic/many")) ?? ""))?.message).toBe(
    "Rewrite",
  );
  await git("push", "--quiet", "origin", ":refs/heads/topic/many");
  expect(await hub.repository.git.ref("refs/heads/topic/many")).toBeUndefined();
  expect(hub.world.journal.effects("delete")).toHaveLength(1);
  await expect(git("push", "origin", ":refs/heads/main")).rejects.toThrow("Cannot delete the default branch");
});

// GitHub docs, "Events that trigger workflows", push: no events for tags when more than three are pushed at once.
test.each([
  [MAX_TAGS_WITH_EVENTS, MAX_TAGS_WITH_EVENTS],
  [MAX_TAGS_WITH_EVENTS + 1, 0],
])("%i tags pushed at once cause %i events", async (tags, events) => {
  await git("clone", "--quiet", remoteUrl(bob), ".");
  const names = Array.from({ length: tags }, (_, i) => `of-${tags}-${i}`);
  for (const name of names) await git("tag", name);
  const count = pushes();
  await git("push", "--quiet", "origin", ...names);
  expect(pushes()).toBe(count + events);
  expect((await hub.repository.git.refs(`refs/tags/of-${tags}`)).length).toBe(tags);
});

describe("who may", () => {
  test("a push needs credentials and the right to write", async () => {
    await git("clone", "--quiet", remoteUrl(), ".");
    await commit("rejected.txt", "no\n");
    await expect(git("push", "origin", "HEAD:main")).rejects.toThrow("could not read Username");
    const carol = classicToken(hub.world, account("carol"));
    await expect(git("push", remoteUrl(carol), "HEAD:main")).rejects.toThrow(
      "Permission to acme/model.git denied to carol",
    );
    const job = jobToken(hub.world, hub.repository, 1, { contents: "read" });
    await expect(git("push", remoteUrl(job), "HEAD:main")).rejects.toThrow("denied to github-actions[bot]");
    const narrow = fineGrainedToken(hub.world, account("bob"), { contents: "read" });
    await expect(git("push", remoteUrl(narrow), "HEAD:main")).rejects.toThrow("denied to bob");
    const writing = jobToken(hub.world, hub.repository, 1, { contents: "write" });
    await git("push", "--quiet", remoteUrl(writing), "HEAD:refs/heads/by-job");
    expect(await hub.repository.git.ref("refs/heads/by-job")).toBeDefined();
  });

  test("a job may not add workflow files, with any permissions it can have", async () => {
    await git("clone", "--quiet", remoteUrl(bob), ".");
    await mkdir(join(folder, ".github/workflows"), { recursive: true });
    await commit(".github/workflows/ci.yml", "on: push\n");
    const job = jobToken(hub.world, hub.repository, 1, { contents: "write", actions: "write" });
    await expect(git("push", remoteUrl(job), "HEAD:refs/heads/sneaky")).rejects.toThrow(
      "refusing to allow a GitHub App to create or update workflows",
    );
    await git("push", "--quiet", remoteUrl(bob), "HEAD:refs/heads/open");
    // Now that a person has added it, a job may branch from it.
    await git("push", "--quiet", remoteUrl(job), "HEAD:refs/heads/sneaky");
    expect(await hub.repository.git.ref("refs/heads/sneaky")).toBeDefined();
  });

  test("a revoked token is rejected, a private repository is hidden", async () => {
    const revoked = classicToken(hub.world, account("bob"));
    revoked.revoked = true;
    const header = `http.extraHeader=Authorization: Bearer ${revoked.value}`;
    await expect(git("-c", header, "ls-remote", remoteUrl())).rejects.toThrow("could not read Username");
    await using hidden = await startTestHub({
      routes: repositoryRoutes,
      private: true,
      mounts: (world) => [createGitHttpMount(world)],
    });
    const at = (login: string) => {
      const person = hidden.world.accounts.get(login);
      if (!person) throw new Error(`there is no account ${login}`);
      const url = new URL(`${hidden.server.origin}/acme/model.git`);
      [url.username, url.password] = ["x", classicToken(hidden.world, person).value];
      return url.href;
    };
    hidden.as("mallory");
    await expect(git("ls-remote", `${hidden.server.origin}/acme/model.git`)).rejects.toThrow("could not read Username");
    await expect(git("ls-remote", at("mallory"))).rejects.toThrow("Repository not found.");
    expect(await git("ls-remote", at("dave"))).toContain("refs/heads/main");
  });

  test("a protected branch rejects the push with the reason, other refs of the same push are accepted", async () => {
    const protection: BranchProtection = {
      branch: "guarded",
      requiredChecks: undefined,
      requiredReviews: undefined,
      enforceAdmins: true,
      linearHistory: false,
      allowForcePushes: false,
      allowDeletions: false,
      conversationResolution: false,
      restrictions: undefined,
      blockCreations: false,
      lockBranch: false,
      allowForkSyncing: false,
    };
    await git("clone", "--quiet", remoteUrl(bob), ".");
    await git("push", "--quiet", "origin", "HEAD:refs/heads/guarded");
    hub.repository.protections.set("guarded", protection);
    const sha = await commit("mixed.txt", "1\n");
    await git("push", "--quiet", "origin", "HEAD:refs/heads/guarded");
    await git("commit", "--quiet", "--amend", "-m", "Rewrite history");
    const both = git("push", "--force", "origin", "HEAD:refs/heads/guarded", "HEAD:refs/heads/free");
    await expect(both).rejects.toThrow(
      /remote: error: GH006: Protected branch update failed for refs\/heads\/guarded\.[\s\S]*Cannot force-push[\s\S]*protected branch hook declined/,
    );
    expect(await hub.repository.git.resolve("guarded")).toBe(sha);
    expect(await hub.repository.git.ref("refs/heads/free")).toBeDefined();
  });
});

test("refs of pull requests can be fetched but not pushed", async () => {
  await git("clone", "--quiet", remoteUrl(bob), ".");
  const sha = await hub.repository.git.resolve("main");
  await hub.repository.git.createRef("refs/pull/7/head", sha ?? "");
  expect(await git("ls-remote", "origin", "refs/pull/7/head")).toContain(sha);
  await commit("pull.txt", "1\n");
  await expect(git("push", "origin", "HEAD:refs/pull/7/head")).rejects.toThrow("remote rejected");
  expect((await hub.repository.git.ref("refs/pull/7/head"))?.sha).toBe(sha);
});
