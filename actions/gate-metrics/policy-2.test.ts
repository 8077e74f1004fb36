/** gate-metrics by a policy of version 2, on the local GitHub: waivers, queues, and what it asks GitHub for. */
import { type LocalGitHub, type Person, startLocalGitHub } from "@mlops-actions/localhub";
import { jobToken } from "@mlops-actions/localhub/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTrainingRecordJson, TRAIN_WORKFLOW_FILES } from "../../shared/adapters/baseline/testing.ts";
import { inMemory } from "../../shared/records/testing.ts";
import { verdictRecord } from "../../shared/records/verdict.ts";
import { openPullRequest } from "../../test/fixture/open-pull-request.ts";
import { type Play, playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = `version: 2
gates:
  - { metric: mae, max: 3, max-regression: 1%, reason: Agreed with the clinic }
waivers:
  - { metric: mae, approver: alice, reason: Sensor 7 is being replaced, expires: 2999-12-31, branch: sensors/** }
`;
let hub: LocalGitHub;
/** The head of main, trained with an mae of 2. */
let base: string;

beforeAll(async () => {
  hub = await startLocalGitHub({
    ...{ limits: "off", people: { alice: "write", bob: "write" } },
    files: { ...TRAIN_WORKFLOW_FILES, ".github/mlops.yml": POLICY },
  });
  base = await hub.push({ files: { "record.json": createTrainingRecordJson({ mae: 2 }) } });
  await hub.waitUntilIdle();
});
afterAll(() => hub.close());

async function gate(commit: string, mae: number, play: Play<typeof spec>) {
  const files = { "training-record.json": createTrainingRecordJson({ mae }, { commit }) };
  const inputs = { metrics: "training-record.json", ...play.inputs };
  const played = await playAction(spec, run, connect, { hub, run: { id: 1 }, files, ...play, inputs });
  return { ...played, verdict: played.readRecord(inMemory(verdictRecord), "verdict.json") };
}

async function openFrom(author: Person, branch: string) {
  const files = { [`${branch}.txt`]: branch };
  const opened = await openPullRequest(hub, { branch, files, message: `${branch} [skip ci]` }, author);
  await hub.waitUntilIdle();
  return opened;
}

describe("a waiver", () => {
  test("of somebody else's change keeps the gate open, and is shown", async () => {
    const { merge, event } = await openFrom(hub.as("bob"), "sensors/seven");
    const { exitCode, verdict, summary } = await gate(merge, 9, { event });
    expect([exitCode, verdict?.outcome]).toEqual([0, "pass"]);
    expect(verdict?.rulings.map(({ outcome, waiver }) => [outcome, waiver?.approver.login])).toEqual([
      ["fail", "alice"],
      ["fail", "alice"],
    ]);
    expect(summary).toContain("Sensor 7 is being replaced");
  });

  test.each([
    ["of one's own change", "alice", "sensors/own", "nobody waives for their own change"],
    ["for another branch", "bob", "other", undefined],
  ])("does not count %s", async (_, author, branch, note) => {
    const { merge, event } = await openFrom(hub.as(author), branch);
    const { exitCode, verdict } = await gate(merge, 9, { event });
    expect([exitCode, verdict?.outcome]).toEqual([1, "fail"]);
    expect(verdict?.notes.join()).toContain(note ?? "");
  });
});

test("a queued change behind others is compared with what the branch has", async () => {
  const first = await openFrom(hub.as("bob"), "first");
  const { head, number } = await openFrom(hub.as("bob"), "second");
  // The entry ahead is not on the branch yet, and nobody has trained it.
  const headRef = `refs/heads/gh-readonly-queue/main/pr-${number}-${first.merge}`;
  const group = { base_sha: first.merge, base_ref: "refs/heads/main", head_sha: head, head_ref: headRef };
  const event = { name: "merge_group", ref: headRef, sha: head, payload: { merge_group: group } };
  const { exitCode, verdict } = await gate(head, 2.01, { event });
  expect([exitCode, verdict?.outcome]).toEqual([0, "pass"]);
  expect(verdict?.baseline).toMatchObject({ commit: base, kind: "nearest-ancestor", distance: expect.any(Number) });
  expect((await gate(head, 2.5, { event })).exitCode).toBe(1);
});

test("a gate with a baseline asks GitHub five times", async () => {
  const { merge, event } = await openFrom(hub.as("bob"), "counted");
  const before = hub.journal.requests().length;
  expect((await gate(merge, 2.01, { event })).exitCode).toBe(0);
  expect(
    hub.journal
      .requests()
      .slice(before)
      .map(({ operation }) => operation),
  ).toEqual([
    ...["repos/compare-commits-with-basehead", "repos/get-content"],
    ...["actions/list-workflow-runs-for-repo", "actions/list-workflow-run-artifacts", "actions/download-artifact"],
  ]);
});

test("what a change does to parameters and data in git is shown, and so is a base that has moved on", async () => {
  const files = { "params.yaml": "lr: 0.01\nseed: 7\n", "data/x.csv.dvc": "outs: [{ path: x.csv, md5: aaaaaaaa }]\n" };
  await using other = await startLocalGitHub({
    ...{ limits: "off", people: { bob: "write" } },
    files: { ".github/mlops.yml": "version: 2\ngates: [{ metric: mae, max: 3 }]\n", ...files },
  });
  const changed = {
    "params.yaml": "lr: 0.02\nseed: 7\n",
    "data/x.csv.dvc": files["data/x.csv.dvc"].replace("aa", "bb"),
  };
  const { merge, event } = await openPullRequest(other, { branch: "a", files: changed }, other.as("bob"));
  await other.push({ files: { "b.txt": "b" } });
  const before = other.journal.requests().length;
  const { verdict, summary } = await gate(merge, 2, { hub: other, event, inputs: { baseline: "none" } });
  expect(verdict?.changes).toEqual({
    params: [
      { name: "x.csv", before: "aaaaaaa", after: "bbaaaaa" },
      { name: "lr", before: "0.01", after: "0.02" },
    ],
    commitsBehind: 1,
  });
  expect(summary).toContain("**Changed:** `x.csv` `aaaaaaa` → `bbaaaaa`, `lr` 0.01 → 0.02.");
  expect(summary).toContain("1 commit behind its branch");
  // Two for each such file of the change, and none where there is none.
  expect(
    other.journal
      .requests()
      .slice(before)
      .filter(({ operation }) => operation === "repos/get-content"),
  ).toHaveLength(5);
});

test("where no rule compares, no permission is needed for a baseline, and nothing is said of it", async () => {
  await using other = await startLocalGitHub({
    ...{ limits: "off", people: { bob: "write" } },
    files: { ".github/mlops.yml": "version: 2\ngates: [{ metric: mae, max: 3 }]\n" },
  });
  const { merge, event } = await openPullRequest(other, { branch: "a", files: { "a.txt": "a" } }, other.as("bob"));
  const token = jobToken(other.world, other.repository, 1, { contents: "read" }).value;
  const { exitCode, log, verdict } = await gate(merge, 2, { hub: other, event, inputs: { token } });
  expect([exitCode, verdict?.notes]).toEqual([0, []]);
  expect(log).not.toMatch(/permission|no baseline/);
});
