import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { digestOf } from "../files/digest.ts";
import { createGitHub } from "./client.ts";
import type { GitHub } from "./github.ts";
import { getOctokit } from "./octokit.ts";
import { readFileAtCommit } from "./read-file-at-commit.ts";
import { createFakeTime, silentLog } from "./testing.ts";
import { readTrustedPolicy, readTrustedPolicyIfAny } from "./trusted-policy.ts";

const PATH = ".github/mlops.yml";
const STRICT = "version: 1\ngates:\n  - {metric: mae, better: lower, max: 3}\n";
const reading = { reader: "gate-metrics" } as const;
const LOOSE = STRICT.replace("max: 3", "max: 300");

let hub: LocalGitHub;
let client: GitHub;
/** The commit that added `STRICT` to the default branch. */
let base: string;

beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { "README.md": "Model" } });
  base = await hub.push({ files: { [PATH]: STRICT }, message: "Add a policy" });
  // Only the permission that the documentation asks for.
  client = connect(hub.tokenWith({ contents: "read" }));
});

afterAll(() => hub.close());

const connect = (token: string, repository: string = hub.repository.fullName): GitHub =>
  createGitHub({
    getOctokit,
    token,
    context: { urls: { api: hub.apiUrl }, repository },
    log: silentLog,
    signal: new AbortController().signal,
    time: createFakeTime(),
  });

const triggerEvent = (name: string, ref: string, sha: string, payload = {}) => ({ event: { name, payload }, ref, sha });

const payloadOf = (branch: string) => ({ pull_request: { base: { ref: branch } } });

/** Opens a pull request with these files. @returns its number and its run's trigger event */
async function openPullRequest(
  branch: string,
  files: Readonly<Record<string, string | null>>,
  author = hub.as("mallory"),
) {
  await author.push({ branch, files, message: branch });
  const head = author.repository === hub.repository ? branch : `${author.login}:${branch}`;
  const { number } = await author.inRepository(hub.repository).openPullRequest({ head, title: branch });
  const { body } = await hub.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number });
  return {
    number,
    event: triggerEvent("pull_request", `refs/pull/${number}/merge`, body.merge_commit_sha, payloadOf(body.base.ref)),
  };
}

const headOf = async (branch: string): Promise<string> =>
  (await hub.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: `heads/${branch}` })).body.object.sha;

const codesOf = async (work: Promise<unknown>): Promise<readonly string[]> =>
  work.then(
    () => [],
    (error: unknown) => {
      if (error instanceof ActionError) return error.problems.map(({ code }) => code);
      throw error;
    },
  );

describe("a pull request is judged by the policy of what it would be merged onto", () => {
  test("when it does not change the policy", async () => {
    const { event } = await openPullRequest("quiet", { "a.txt": "a" }, hub);
    const { policy, text, ref, digest, path, notes } = await readTrustedPolicy(client, event, reading);
    expect({ max: policy.models[0]?.gates[0]?.max, text, ref, path, notes }).toEqual({
      max: 3,
      text: STRICT,
      ref: base,
      path: PATH,
      notes: [],
    });
    expect(digest).toBe(digestOf(STRICT));
  });

  test.for([
    ["loosens it", LOOSE, "The edited one applies after the merge"],
    ["breaks it", "version: 1\ngates: all\n", "is not valid: .github/mlops.yml:2:8"],
    ["empties it", "", "is not valid"],
    ["removes it", null, "removes .github/mlops.yml"],
  ] as const)("when it %s, and the verdict says so", async ([what, file, note]) => {
    const { event } = await openPullRequest(what.replaceAll(" ", "-"), { [PATH]: file }, hub);
    const { policy, ref, notes } = await readTrustedPolicy(client, event, reading);
    expect(policy.models[0]?.gates[0]?.max).toBe(3);
    expect(ref).toBe(base);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(note);
  });

  test("when it comes from a fork", async () => {
    const fork = await hub.fork("mallory");
    const { event } = await openPullRequest("from-fork", { [PATH]: LOOSE }, fork);
    const { policy, notes } = await readTrustedPolicy(client, event, reading);
    expect(policy.models[0]?.gates[0]?.max).toBe(3);
    expect(notes[0]).toContain("edits .github/mlops.yml");
  });

  test("and a run that names its head, which may be a merge too, as the test merge is rejected", async () => {
    const { number } = await openPullRequest("loose-head", { [PATH]: LOOSE }, hub);
    const loose = await headOf("loose-head");
    const main = await headOf("main");
    // Its first parent is the author's own commit.
    const crafted = await hub.request("POST /repos/{owner}/{repo}/git/commits", {
      message: "Merge main",
      tree: (await hub.request("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", { commit_sha: loose })).body.tree
        .sha,
      parents: [loose, main],
    });
    for (const sha of [loose, crafted.body.sha]) {
      const event = triggerEvent("pull_request", `refs/pull/${number}/merge`, sha, payloadOf("main"));
      expect(await codesOf(readTrustedPolicy(client, event, reading))).toEqual(["policy-no-trusted-ref"]);
    }
  });
});

describe("other events", () => {
  test("a branch pushed with a looser policy is judged by the default branch's policy", async () => {
    const sha = await hub.push({ branch: "loose", files: { [PATH]: LOOSE } });
    for (const name of ["push", "workflow_dispatch"]) {
      const { policy, notes } = await readTrustedPolicy(client, triggerEvent(name, "refs/heads/loose", sha), reading);
      expect(policy.models[0]?.gates[0]?.max).toBe(3);
      expect(notes).toEqual([]);
    }
  });

  test("a merge group is judged by the policy of its base", async () => {
    const sha = await hub.push({ branch: "queued", files: { [PATH]: LOOSE } });
    const event = triggerEvent("merge_group", "refs/heads/queued", sha, {
      merge_group: { base_sha: base },
    });
    const { policy, ref, notes } = await readTrustedPolicy(client, event, reading);
    expect([policy.models[0]?.gates[0]?.max, ref, notes.length]).toEqual([3, base, 1]);
  });

  test("re-running an old run does not use the old policy", async () => {
    const old = await hub.push({ files: { "b.txt": "b" } });
    const changed = await hub.push({ files: { [PATH]: STRICT.replace("max: 3", "max: 2") } });
    const { policy, ref } = await readTrustedPolicy(client, triggerEvent("push", "refs/heads/main", old), reading);
    expect([policy.models[0]?.gates[0]?.max, ref]).toEqual([2, changed]);
    await hub.push({ files: { [PATH]: STRICT } });
  });
});

describe("without a policy to trust, nothing is judged", () => {
  test.for([
    ["the change adds it", LOOSE, "Merge it in a pull request of its own first"],
    ["no branch has it", undefined, "Commit other.yml to the base branch"],
  ] as const)("%s", async ([what, file, fix]) => {
    const { event } = await openPullRequest(
      what.replaceAll(" ", "-"),
      { "c.txt": what, ...(file && { "other.yml": file }) },
      hub,
    );
    await expect(readTrustedPolicy(client, event, { reader: "gate-metrics", path: "other.yml" })).rejects.toMatchObject(
      {
        problems: [{ code: "policy-missing", place: { file: "other.yml" }, fix }],
      },
    );
  });

  test("its path is a folder, a huge file, or bytes that are not text", async () => {
    const commit = await hub.push({
      branch: "odd",
      files: { "folder/a.yml": "a: 1", "huge.yml": "#".repeat(1_100_000), "latin.yml": Buffer.from([0x61, 0xe9]) },
    });
    for (const path of ["folder", "huge.yml", "latin.yml"]) {
      expect(await codesOf(readFileAtCommit(client, commit, path)), path).toEqual(["file-not-text"]);
    }
    expect(await readFileAtCommit(client, commit, "folder/missing.yml")).toBeUndefined();
    expect(await readFileAtCommit(client, commit, "folder/a.yml")).toMatchObject({ text: "a: 1" });
  });

  test("the token may not read contents: GitHub then responds as if nothing existed", async () => {
    const { fullName } = await hub.addRepository("octo/secret", { private: true, files: { [PATH]: STRICT } });
    const blind = connect(hub.tokenWith({ issues: "read" }), fullName);
    expect(await codesOf(readTrustedPolicy(blind, triggerEvent("push", "refs/heads/main", base), reading))).toEqual([
      "github-not-found",
    ]);
  });
});

describe("for an action that can do without a policy", () => {
  const start = (files: Readonly<Record<string, string>>) =>
    startLocalGitHub({ limits: "off", files: { "README.md": "Model", ...files } });
  const push = triggerEvent("push", "refs/heads/main", "a".repeat(40));

  test("there is none where there never was one, and the one that a change adds is shown", async () => {
    await using fresh = await start({ "docs/examples/visits/.github/mlops.yml": LOOSE });
    const ref = (await fresh.repository.git.resolve("refs/heads/main")) ?? "";
    expect(await readAt(fresh)).toEqual({ ref, proposed: undefined });
    await fresh.push({ branch: "adds", files: { [PATH]: STRICT } });
    const { number } = await fresh.openPullRequest({ head: "adds" });
    const merge = (await fresh.repository.git.resolve(`refs/pull/${number}/merge`)) ?? "";
    const event = triggerEvent("pull_request", `refs/pull/${number}/merge`, merge, payloadOf("main"));
    expect(await readAt(fresh, event)).toEqual({ ref, proposed: STRICT });
  });

  test("one that is there counts, and one that is broken is broken", async () => {
    expect(await readTrustedPolicyIfAny(client, push, reading)).toMatchObject({ path: PATH, text: STRICT });
    await using fresh = await start({ [PATH]: "version: 1\ngates: all\n" });
    expect(await codesOf(readAt(fresh))).toEqual(["policy-wrong-type"]);
  });

  test("one that was removed is no reason to go on without", async () => {
    await using fresh = await start({ [PATH]: STRICT });
    await fresh.push({ files: { [PATH]: null }, message: "No rules" });
    await fresh.push({ files: { "a.txt": "a" } });
    expect(await codesOf(readAt(fresh))).toEqual(["policy-removed"]);
  });

  test.each([".github/mlops.yaml", "mlops.yml", "config/mlops.yml"])("one at %s is no reason either", async (path) => {
    await using fresh = await start({ [path]: STRICT });
    expect(await codesOf(readAt(fresh))).toEqual(["policy-misplaced"]);
  });

  function readAt(fresh: LocalGitHub, event: Parameters<typeof readTrustedPolicyIfAny>[1] = push) {
    const context = { urls: { api: fresh.apiUrl }, repository: fresh.repository.fullName };
    const token = fresh.tokenWith({ contents: "read" });
    const { signal } = new AbortController();
    const time = createFakeTime();
    const github = createGitHub({ getOctokit, token, context, log: silentLog, signal, time });
    return readTrustedPolicyIfAny(github, event, reading);
  }
});
