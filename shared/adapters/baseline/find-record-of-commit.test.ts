import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Baseline } from "../../core/gate/baseline.ts";
import { createGitHub } from "../github/client.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { getOctokit } from "../github/octokit.ts";
import { createFakeTime, silentLog } from "../github/testing.ts";
import { findRecordOfCommit } from "./find-record-of-commit.ts";
import { createTrainingRecordJson, TRAIN_WORKFLOW_FILES, TRAIN_WORKFLOW_PATH } from "./testing.ts";

let hub: LocalGitHub;
let github: GitHub;
/** The head of main, trained by its push with an mae of 2. */
let base: string;

beforeAll(async () => {
  hub = await startLocalGitHub({
    limits: "off",
    files: { ...TRAIN_WORKFLOW_FILES, "record.json": createTrainingRecordJson({ mae: 1 }) },
  });
  base = await hub.push({
    files: { "record.json": createTrainingRecordJson({ mae: 2, "poor/mae": 3 }) },
    message: "Train",
  });
  await hub.waitUntilIdle();
  github = connect();
});
afterAll(() => hub.close());

const connect = (): GitHub =>
  createGitHub({
    getOctokit,
    // Only the permissions that the action asks for.
    token: hub.tokenWith({ actions: "read", contents: "read" }),
    context: { urls: { api: hub.apiUrl }, repository: hub.repository.fullName },
    log: silentLog,
    signal: new AbortController().signal,
    time: createFakeTime(),
  });

const find = (commit: string, branch: string, firstRun: "fail" | "allow" = "fail"): Promise<Baseline> =>
  findRecordOfCommit(
    github,
    { judged: "d".repeat(40), head: "d".repeat(40), branch, base: { commit, branch } },
    { artifact: "training-record", firstRun },
  );

/** Pushes files to a branch and waits for its run. */
async function pushAndTrain(branch: string, files: Readonly<Record<string, string | null>>, message = branch) {
  const commit = await hub.push({ branch, files, message });
  await hub.waitUntilIdle();
  return commit;
}

describe("the baseline", () => {
  test("is what the branch's own push measured for that commit", async () => {
    const [first, second] = hub.runs({ event: "push" });
    expect(first?.headSha).not.toBe(base);
    expect(await find(base, "main")).toMatchObject({
      kind: "found",
      metrics: [
        { name: "mae", slice: null, value: 2 },
        { name: "mae", slice: "poor", value: 3 },
      ],
      provenance: { commit: base, source: `run ${second?.id} of .github/workflows/train.yml` },
    });
  });

  test("may be a record of version 2: with the same digest, it is the same numbers", async () => {
    const metrics = [
      { name: "mae", slice: null, value: 2, n: 100, stderr: 0.1, source: "m.json" },
      { name: "mae", slice: "poor", value: 3 },
    ];
    const record = createTrainingRecordJson({}, { schema: "mlops-actions/training-record@2", metrics });
    const commit = await pushAndTrain("version-2", { "record.json": record });
    const [one, two] = [await find(base, "main"), await find(commit, "version-2")];
    const digestOf = (found: Baseline) => found.kind === "found" && found.provenance.metricsDigest;
    expect([digestOf(two), two.kind]).toEqual([digestOf(one), "found"]);
  });

  test("is missing when a newer release wrote its record, and says so", async () => {
    const record = createTrainingRecordJson({ mae: 2 }, { schema: "mlops-actions/training-record@3" });
    const commit = await pushAndTrain("version-3", { "record.json": record });
    expect(await find(commit, "version-3", "allow")).toMatchObject({
      kind: "missing",
      reason: expect.stringContaining('training-record@3" was written by a newer release [record-newer]'),
    });
  });

  test("is not what a dispatch on the same branch and commit made, although it is newer and names the same commit", async () => {
    const run = await hub.run("train.yml", { inputs: { commit: base, record: createTrainingRecordJson({ mae: 99 }) } });
    expect([run.headSha, run.headBranch, run.attempts.at(-1)?.conclusion]).toEqual([base, "main", "success"]);
    expect(await find(base, "main")).toMatchObject({ kind: "found", metrics: [{ value: 2 }, { value: 3 }] });
  });

  test("is not what a pull request of a fork made, whatever its branch and record say", async () => {
    const mallory = await hub.fork("mallory");
    await mallory.push({
      branch: "main",
      files: { "record.json": createTrainingRecordJson({ mae: 99 }, { commit: base }) },
    });
    const pull = await mallory.inRepository(hub.repository).openPullRequest({ head: "mallory:main", title: "Better" });
    await hub.waitUntilIdle();
    const forged = hub.runs({ event: "pull_request" }).at(-1);
    expect([forged?.headBranch, forged?.headSha]).toEqual(["main", pull.headSha]);
    expect(await find(pull.headSha, "main")).toMatchObject({ kind: "missing" });
    expect(await find(base, "main")).toMatchObject({ kind: "found", metrics: [{ value: 2 }, { value: 3 }] });
  });

  test("is not the run of another branch for the same commit", async () => {
    expect(await find(base, "release")).toMatchObject({ kind: "missing" });
  });

  test.each<[string, string, string]>([
    [
      "about another commit",
      createTrainingRecordJson({ mae: 1 }, { commit: "e".repeat(40) }),
      "is about commit eeeeeee",
    ],
    ["of a training that failed", createTrainingRecordJson({ mae: 1 }, { outcome: "failure" }), "ended in failure"],
    [
      "of another repository",
      createTrainingRecordJson(
        { mae: 1 },
        { origin: { repository: "mallory/model", workflow: "w", run: 1, attempt: 1, actor: "m" } },
      ),
      "another repository",
    ],
    [
      "with a metric twice",
      createTrainingRecordJson({ mae: 1 }).replace('"metrics":[', '"metrics":[{"name":"mae","slice":null,"value":9},'),
      "[metrics-duplicate]",
    ],
    [
      "with a value that is not a finite number",
      createTrainingRecordJson({ mae: 1 }).replace('"value":1', '"value":1e400'),
      "[metrics-not-finite]",
    ],
    [
      "with an unknown number field",
      createTrainingRecordJson({ mae: 1 }).replace('"value":1', '"value":1,"weight":2'),
      "[record-",
    ],
    ["that is not a training record", '{"mae": 1}', "[artifact-without-record]"],
  ])("is not a record %s", async (name, record, reason) => {
    const branch = name.replaceAll(/\W+/g, "-");
    const commit = await pushAndTrain(branch, { "record.json": record });
    const found = await find(commit, branch);
    expect(found.kind === "found" ? "found" : found.reason).toContain(reason);
    expect(await find(commit, branch, "allow")).toMatchObject({ kind: "missing" });
  });

  test("is also the record of a run that failed in a job beside its training", async () => {
    const red = `${TRAIN_WORKFLOW_FILES[TRAIN_WORKFLOW_PATH]}  gate:\n    runs-on: ubuntu-latest\n    steps: [{ run: exit 1 }]\n`;
    const commit = await pushAndTrain("red", {
      [TRAIN_WORKFLOW_PATH]: red,
      "record.json": createTrainingRecordJson({ mae: 4 }),
    });
    expect(await find(commit, "red")).toMatchObject({
      kind: "found",
      metrics: [{ value: 4 }],
      provenance: { source: expect.stringContaining("train.yml, which ended in failure") },
    });
  });

  test("is an older run's where the newer one of the same commit uploaded no valid one", async () => {
    const twice = TRAIN_WORKFLOW_FILES[TRAIN_WORKFLOW_PATH]
      .replace("on:", "on:\n  schedule: [{ cron: '0 5 * * *' }]")
      .replace("mkdir out", 'if [ "$GITHUB_EVENT_NAME" = schedule ]; then echo broken > record.json; fi; mkdir out');
    const commit = await pushAndTrain("main", {
      [TRAIN_WORKFLOW_PATH]: twice,
      "record.json": createTrainingRecordJson({ mae: 5 }),
    });
    await hub.schedule("0 5 * * *");
    await hub.waitUntilIdle();
    expect(hub.runs({ event: "schedule" }).map(({ headSha }) => headSha)).toEqual([commit]);
    expect(await find(commit, "main")).toMatchObject({ kind: "found", metrics: [{ value: 5 }] });
  });

  test("may be missing only where the branch never had one", async () => {
    const commit = await pushAndTrain("fresh", { "a.txt": "a" }, "Begin [skip ci]");
    expect(await find(commit, "fresh")).toMatchObject({
      kind: "missing",
      reason: expect.stringContaining("of fresh has no run on push or schedule"),
    });
    // A change that was trained by dispatch on that branch is not a baseline of it.
    await hub.run("train.yml", {
      ref: "fresh",
      inputs: { commit: "f".repeat(40), record: createTrainingRecordJson({ mae: 9 }) },
    });
    expect(await find(commit, "fresh", "allow")).toMatchObject({ kind: "first-run" });
    const skipped = await pushAndTrain("main", { "a.txt": "a" }, "Note [skip ci]");
    expect(await find(skipped, "main", "allow")).toMatchObject({ kind: "missing" });
  });

  test("needs a commit to compare with", async () => {
    const findWithoutBase = (branch: string | undefined) => {
      const subject = { judged: base, head: base, branch, base: undefined };
      return findRecordOfCommit(github, subject, { artifact: "training-record", firstRun: "allow" });
    };
    // Main had a baseline before the commit that is judged here; a tag is on no branch that could have had one.
    expect([(await findWithoutBase("main")).kind, (await findWithoutBase(undefined)).kind]).toEqual([
      "missing",
      "missing",
    ]);
    expect((await findWithoutBase("brand-new")).kind).toBe("first-run");
  });

  test("that has expired is missing, and its branch is not on its first run", async () => {
    hub.clock.advance(91 * 86_400_000);
    // Another job: within one, what a run has is asked once.
    github = connect();
    expect(await find(base, "main", "allow")).toMatchObject({
      kind: "missing",
      reason: expect.stringContaining("no artifact training-record of it: never uploaded, or expired"),
    });
  });

  test("is not assumed missing when GitHub does not respond", async () => {
    using _ = hub.faults.always({ operation: "actions/list-workflow-runs-for-repo" }, { kind: "truncated" });
    await expect(find(base, "main", "allow")).rejects.toThrow(GitHubError);
  });
});
