import { createHash } from "node:crypto";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { createGitHub } from "./client.ts";
import type { GitHub } from "./github.ts";
import { readFileAtCommit } from "./read-file-at-commit.ts";
import { createFakeTime, silentLog } from "./testing.ts";
import { readTrustedPolicy } from "./trusted-policy.ts";

const PATH = ".github/mlops.yml";
const STRICT = "version: 1\ngates:\n  - {metric: mae, better: lower, max: 3}\n";
const LOOSE = STRICT.replace("max: 3", "max: 300");

let hub: LocalGitHub;
let client: GitHub;
/** The commit on which `STRICT` came into the default branch. */
let base: string;

beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { "README.md": "Here" } });
  base = await hub.push({ files: { [PATH]: STRICT }, message: "Add a policy" });
  // As narrow as the documentation says an action needs it.
  client = connect(hub.tokenWith({ contents: "read" }));
});

afterAll(() => hub.close());

const connect = (token: string, repository: string = hub.repository.fullName): GitHub =>
  createGitHub({
    token,
    context: { urls: { api: hub.apiUrl }, repository },
    log: silentLog,
    signal: new AbortController().signal,
    time: createFakeTime(),
  });

const on = (name: string, ref: string, sha: string, payload = {}) => ({ event: { name, payload }, ref, sha });

const payloadOf = (branch: string) => ({ pull_request: { base: { ref: branch } } });

/** Opens a pull request with this change, and answers with what its run would know. */
async function proposed(branch: string, files: Readonly<Record<string, string | null>>, who = hub.as("mallory")) {
  await who.push({ branch, files, message: branch });
  const head = who.repository === hub.repository ? branch : `${who.login}:${branch}`;
  const { number } = await who.inRepository(hub.repository).openPullRequest({ head, title: branch });
  const { body } = await hub.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number });
  return {
    number,
    occasion: on("pull_request", `refs/pull/${number}/merge`, body.merge_commit_sha, payloadOf(body.base.ref)),
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
  test("when it leaves the policy alone", async () => {
    const { occasion } = await proposed("quiet", { "a.txt": "a" }, hub);
    const { policy, text, ref, digest, path, notes } = await readTrustedPolicy(client, occasion);
    expect({ max: policy.gates[0]?.max, text, ref, path, notes }).toEqual({
      max: 3,
      text: STRICT,
      ref: base,
      path: PATH,
      notes: [],
    });
    expect(digest).toBe(`sha256:${createHash("sha256").update(STRICT).digest("hex")}`);
  });

  test.for([
    ["loosens it", LOOSE, "The edited one counts after the merge"],
    ["breaks it", "version: 1\ngates: all\n", "is not valid: .github/mlops.yml:2:8"],
    ["empties it", "", "is not valid"],
    ["removes it", null, "removes .github/mlops.yml"],
  ] as const)("when it %s, and the verdict says so", async ([what, file, said]) => {
    const { occasion } = await proposed(what.replaceAll(" ", "-"), { [PATH]: file }, hub);
    const { policy, ref, notes } = await readTrustedPolicy(client, occasion);
    expect(policy.gates[0]?.max).toBe(3);
    expect(ref).toBe(base);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(said);
  });

  test("when it comes from a fork", async () => {
    const fork = await hub.fork("mallory");
    const { occasion } = await proposed("from-fork", { [PATH]: LOOSE }, fork);
    const { policy, notes } = await readTrustedPolicy(client, occasion);
    expect(policy.gates[0]?.max).toBe(3);
    expect(notes[0]).toContain("edits .github/mlops.yml");
  });

  test("when a run claims its head, which may be a merge too, to be the test merge: it is refused", async () => {
    const { number } = await proposed("loose-head", { [PATH]: LOOSE }, hub);
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
      const occasion = on("pull_request", `refs/pull/${number}/merge`, sha, payloadOf("main"));
      expect(await codesOf(readTrustedPolicy(client, occasion))).toEqual(["policy-no-trusted-ref"]);
    }
  });
});

describe("other events", () => {
  test("a branch pushed with a looser policy is judged by the default branch", async () => {
    const sha = await hub.push({ branch: "loose", files: { [PATH]: LOOSE } });
    for (const name of ["push", "workflow_dispatch"]) {
      const { policy, notes } = await readTrustedPolicy(client, on(name, "refs/heads/loose", sha));
      expect(policy.gates[0]?.max).toBe(3);
      expect(notes).toEqual([]);
    }
  });

  test("a merge group is judged by what it is based on", async () => {
    const sha = await hub.push({ branch: "queued", files: { [PATH]: LOOSE } });
    const occasion = on("merge_group", "refs/heads/queued", sha, {
      merge_group: { base_sha: base },
    });
    const { policy, ref, notes } = await readTrustedPolicy(client, occasion);
    expect([policy.gates[0]?.max, ref, notes.length]).toEqual([3, base, 1]);
  });

  test("re-running an old run brings no old policy back", async () => {
    const old = await hub.push({ files: { "b.txt": "b" } });
    const changed = await hub.push({ files: { [PATH]: STRICT.replace("max: 3", "max: 2") } });
    const { policy, ref } = await readTrustedPolicy(client, on("push", "refs/heads/main", old));
    expect([policy.gates[0]?.max, ref]).toEqual([2, changed]);
    await hub.push({ files: { [PATH]: STRICT } });
  });
});

describe("without a policy to trust, nothing is judged", () => {
  test.for([
    ["the change adds it", LOOSE, "Merge it in a pull request of its own first"],
    ["nobody has it", undefined, "Commit other.yml to the base branch"],
  ] as const)("%s", async ([what, file, fix]) => {
    const { occasion } = await proposed(
      what.replaceAll(" ", "-"),
      { "c.txt": what, ...(file && { "other.yml": file }) },
      hub,
    );
    await expect(readTrustedPolicy(client, occasion, "other.yml")).rejects.toMatchObject({
      problems: [{ code: "policy-missing", place: { file: "other.yml" }, fix }],
    });
  });

  test("a folder, a huge file, or bytes that are no text stand in its place", async () => {
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

  test("a token that may not read contents: GitHub then denies that anything is there", async () => {
    const { fullName } = await hub.addRepository("octo/secret", { private: true, files: { [PATH]: STRICT } });
    const blind = connect(hub.tokenWith({ issues: "read" }), fullName);
    expect(await codesOf(readTrustedPolicy(blind, on("push", "refs/heads/main", base)))).toEqual(["github-not-found"]);
  });
});
