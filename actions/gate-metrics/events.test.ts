/**
 * Which commit each event judges, against which, and by whose rules: the first time, when it is run again after the branch
 * has moved on, and from a fork. Whatever is not clear is refused with a code.
 */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTrainingRecordJson, TRAIN_WORKFLOW_FILES } from "../../shared/adapters/baseline/testing.ts";
import { inMemory } from "../../shared/records/testing.ts";
import { verdictRecord } from "../../shared/records/verdict.ts";
import { openPullRequest } from "../../test/fixture/open-pull-request.ts";
import { playAction } from "../../test/fixture/play-action.ts";
import type { JobEvent } from "../../test/fixture/prepare-job.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = "version: 2\ngates: [{ metric: mae, max-regression: 1% }]\n";
/** Main at its last three commits, each trained: the newest has other rules, and came after the events. */
const MAE = { first: 2, second: 3, third: 9 } as const;

let hub: LocalGitHub;
const commits: Record<keyof typeof MAE, string> = { first: "", second: "", third: "" };
/** By what the event is. */
const events: Record<"own" | "fork", Readonly<Record<string, JobEvent>>> = { own: {}, fork: {} };

beforeAll(async () => {
  hub = await startLocalGitHub({
    ...{ limits: "off", people: { alice: "write" } },
    files: { ...TRAIN_WORKFLOW_FILES, ".github/mlops.yml": POLICY },
  });
  const train = async (mae: number, more = {}) => {
    const commit = await hub.push({ files: { "record.json": createTrainingRecordJson({ mae }), ...more } });
    await hub.waitUntilIdle();
    return commit;
  };
  commits.first = await train(MAE.first);
  commits.second = await train(MAE.second);
  const message = "change [skip ci]";
  const pull = await openPullRequest(hub, { branch: "change", files: { "a.txt": "a" }, message });
  const forked = await openPullRequest(
    hub,
    { branch: "fork", files: { "b.txt": "b" }, message },
    await hub.fork("mallory"),
  );
  events.own = eventsOf(pull.event, pull.merge, pull.head);
  events.fork = eventsOf(forked.event, forked.merge, forked.head);
  commits.third = await train(MAE.third, { ".github/mlops.yml": POLICY.replace("1%", "90%") });
});
afterAll(() => hub.close());

/** Each as GitHub would have sent it before the third commit of main. */
function eventsOf(pull: JobEvent, merge: string, head: string): Readonly<Record<string, JobEvent>> {
  const { second, first } = commits;
  const onMain = { ref: "refs/heads/main", sha: second } as const;
  const onMerge = { ref: pull.ref ?? "", sha: merge } as const;
  const { payload = {} } = pull;
  const queue = `refs/heads/gh-readonly-queue/main/pr-1-${second}`;
  const group = { base_sha: second, base_ref: "refs/heads/main", head_sha: merge, head_ref: queue };
  const after = (event: string, sha: string) => ({ workflow_run: { event, head_sha: sha } });
  return {
    pull_request: pull,
    pull_request_review: { ...onMerge, name: "pull_request_review", payload },
    pull_request_review_comment: { ...onMerge, name: "pull_request_review_comment", payload },
    merge_group: { name: "merge_group", ref: queue, sha: merge, payload: { merge_group: group } },
    push: { ...onMain, name: "push", payload: { before: first } },
    schedule: { ...onMain, name: "schedule", payload: {} },
    workflow_dispatch: { ...onMain, name: "workflow_dispatch", payload: {} },
    repository_dispatch: { ...onMain, name: "repository_dispatch", payload: { client_payload: {} } },
    "workflow_run after a push": { ...onMain, name: "workflow_run", payload: after("push", second) },
    "push of a tag": { name: "push", ref: "refs/tags/v1", sha: second, payload: { before: "0".repeat(40) } },
    release: { name: "release", ref: "refs/tags/v1", sha: second, payload: { action: "published" } },
    pull_request_target: { ...onMain, name: "pull_request_target", payload },
    issue_comment: { ...onMain, name: "issue_comment", payload: { issue: { number: 1, pull_request: {} } } },
    "workflow_run after a pull request": { ...onMain, name: "workflow_run", payload: after("pull_request", head) },
  };
}

async function gate(event: JobEvent, mae: number, attempt: number, origin = {}) {
  const { sha = "" } = event;
  const about = {
    commit: sha,
    origin: { repository: "octo/model", workflow: "w", run: 1, attempt, actor: "a", ...origin },
  };
  const files = { "training-record.json": createTrainingRecordJson({ mae }, about) };
  const inputs = { metrics: "training-record.json" };
  const played = await playAction(spec, run, connect, { hub, event, files, inputs, run: { id: 1, attempt } });
  const verdict = played.readRecord(inMemory(verdictRecord), "verdict.json");
  const { outcome, judged, baseline, policy } = verdict ?? {};
  return {
    exitCode: played.exitCode,
    codes: played.errorCodes,
    outcome,
    judged,
    against: baseline?.commit,
    by: policy?.ref,
  };
}

const OF_CHANGE = ["pull_request", "pull_request_review", "pull_request_review_comment", "merge_group"];
const OF_BRANCH = ["push", "schedule", "workflow_dispatch", "repository_dispatch", "workflow_run after a push"];
const WITHOUT_BRANCH = ["push of a tag", "release"];
const REFUSED = ["pull_request_target", "issue_comment", "workflow_run after a pull request"];

describe.each([
  ["the first time", "own", 1],
  ["run again after the branch has moved on", "own", 2],
  ["from a fork", "fork", 1],
] as const)("%s", (_, whose, attempt) => {
  test.each(OF_CHANGE)("%s judges the merge by the rules and the baseline that it is merged onto", async (name) => {
    const event = events[whose][name] ?? expect.fail(name);
    const expected = { judged: event.sha, against: commits.second, by: commits.second };
    expect(await gate(event, MAE.second, attempt)).toMatchObject({ ...expected, exitCode: 0, outcome: "pass" });
    expect(await gate(event, MAE.second + 1, attempt)).toMatchObject({ ...expected, exitCode: 1, outcome: "fail" });
  });

  test.each(REFUSED)("%s does not say what was measured, and is refused", async (name) => {
    const event = events[whose][name] ?? expect.fail(name);
    expect(await gate(event, 0, attempt)).toMatchObject({ exitCode: 1, codes: ["gate-event"], outcome: undefined });
  });
});

describe.each([
  ["the first time", 1],
  ["run again", 2],
] as const)("%s, by the rules of now", (_, attempt) => {
  test.each(OF_BRANCH)("%s judges its commit against the one before", async (name) => {
    const event = events.own[name] ?? expect.fail(name);
    const expected = { judged: commits.second, against: commits.first, by: commits.third };
    expect(await gate(event, MAE.first, attempt)).toMatchObject({ ...expected, exitCode: 0, outcome: "pass" });
    expect(await gate(event, MAE.first * 2, attempt)).toMatchObject({ ...expected, exitCode: 1, outcome: "fail" });
  });

  test.each(WITHOUT_BRANCH)("%s is on no branch: a rule that compares keeps the gate closed", async (name) => {
    const event = events.own[name] ?? expect.fail(name);
    const expected = { judged: commits.second, by: commits.third, against: undefined };
    expect(await gate(event, 0, attempt)).toMatchObject({ ...expected, exitCode: 1, outcome: "fail" });
  });
});

// Other events run in the fork's own repository: all that could come from there is a record.
test.each([...OF_CHANGE, ...OF_BRANCH, ...WITHOUT_BRANCH])(
  "a record that a fork's run made is no evidence on %s",
  async (name) => {
    const event = events.own[name] ?? expect.fail(name);
    const found = await gate(event, 0, 1, { repository: "mallory/model", run: 77 });
    expect(found).toMatchObject({ exitCode: 2, codes: ["evidence-foreign"], outcome: "error" });
  },
);
