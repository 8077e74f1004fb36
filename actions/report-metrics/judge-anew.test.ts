/** Whoever holds the token that writes judges anew: forged verdicts, and honest ones, on the local GitHub. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { jobToken } from "@mlops-actions/localhub/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTrainingRecordJson, TRAIN_WORKFLOW_FILES } from "../../shared/adapters/baseline/testing.ts";
import type { Baseline } from "../../shared/core/gate/baseline.ts";
import type { Verdict } from "../../shared/records/verdict.ts";
import { openPullRequest } from "../../test/fixture/open-pull-request.ts";
import { type Play, playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";
import { judgeValues, POLICY } from "./testing.ts";

const REGRESSION = POLICY.replace("max: 3", "max: 3, max-regression: 10%");
const POLICY_FILE = ".github/mlops.yml";
const origin = { repository: "acme/model", workflow: "ci.yml", run: 7, attempt: 1, actor: "alice" };
let hub: LocalGitHub;
/** The base branch, trained with an mae of 2 by its own run. */
let ref: string;
/** A commit of the base branch with laxer rules. */
let laxRef: string;
let baseline: Baseline;

beforeAll(async () => {
  const lax = POLICY.replace("max: 3", "max: 1e9");
  hub = await startLocalGitHub({
    ...{ repository: "acme/model", limits: "off", people: { alice: "write" } },
    files: { ...TRAIN_WORKFLOW_FILES, [POLICY_FILE]: lax },
  });
  laxRef = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
  const own = { ...origin, run: 1 };
  ref = await hub.push({
    files: { [POLICY_FILE]: REGRESSION, "record.json": createTrainingRecordJson({ mae: 2 }, { origin: own }) },
  });
  await hub.waitUntilIdle();
  const metrics = [{ name: "mae", slice: null, value: 2 }];
  const provenance = { commit: ref, metricsDigest: `sha256:${"3".repeat(64)}`, source: "run 1 of train.yml" };
  baseline = { kind: "found", metrics, provenance };
});
afterAll(() => hub.close());

const report = (verdicts: Readonly<Record<string, unknown>>, play: Play<typeof spec>) => {
  const files = Object.entries(verdicts).map(([path, verdict]) => [path, JSON.stringify(verdict)]);
  return playAction(spec, run, connect, { hub, ...play, files: Object.fromEntries(files) });
};
const commentsOn = (number: number) =>
  [...hub.repository.comments.values()].filter(({ issue }) => issue === number).map(({ body }) => body);
const headlineOn = (number: number) => commentsOn(number).map((body) => body.split("\n")[0]);
const verdictOf = (head: string, mae: number, parts: Partial<Parameters<typeof judgeValues>[0]> = {}) =>
  judgeValues({ head, origin, ref, values: { mae }, policy: REGRESSION, baseline, ...parts });

let branches = 0;
async function openFrom(author: Parameters<typeof openPullRequest>[2]) {
  branches += 1;
  const branch = `change-${branches}`;
  const opened = await openPullRequest(hub, { branch, files: { [`${branch}.txt`]: "x" } }, author);
  // Its own run has nothing to do with what is reported here.
  await hub.waitUntilIdle();
  return { branch, ...opened };
}

const DIGEST = `sha256:${"d".repeat(64)}`;
/** What a fork would like to be compared with. */
const DOUBTFUL = {
  metrics: [{ name: "mae", slice: null, value: 1e6 }],
  provenance: { commit: "d".repeat(40), metricsDigest: DIGEST, source: "run 6 of main.yml" },
} as const;
const BLOCKED = /^### ❌ Not ready to merge: /;
function withPolicy(parts: object) {
  return (verdict: Verdict): Verdict => ({
    ...verdict,
    outcome: "pass",
    policy: verdict.policy && { ...verdict.policy, ...parts },
  });
}

describe("a run of this repository", () => {
  const open = async () => {
    const opened = await openFrom(hub.as("alice"));
    const send = (verdict: Verdict, play: Play<typeof spec> = {}) =>
      report({ "verdict.json": verdict }, { event: opened.event, ...play });
    return { ...opened, send };
  };

  test("has one comment, which follows the next run, and stays as it is when nothing changed", async () => {
    const { number, head, send } = await open();
    const first = await send(verdictOf(head, 4));
    expect(first.outputs).toEqual({ comment: "created", url: expect.stringContaining("#issuecomment-") });
    expect(headlineOn(number)[0]).toMatch(/^### ❌ Not ready to merge: 2 of 2 rules are broken/);
    const fixed = verdictOf(head, 2.1, { origin: { ...origin, run: 8 } });
    expect((await send(fixed, { run: { id: 8 } })).outputs.comment).toBe("updated");
    expect((await send(fixed, { run: { id: 8 } })).outputs.comment).toBe("unchanged");
    expect(headlineOn(number)).toEqual([`### ✅ Ready to merge: all 2 rules pass (\`${head.slice(0, 7)}\`)`]);
  });

  test("shows what its gate found changed in parameters", async () => {
    const { number, head, send } = await open();
    const changes = { params: [{ name: "lr", before: "0.1", after: "0.2 [x](https://evil.example)" }] };
    await send({ ...verdictOf(head, 2.1), changes });
    expect(commentsOn(number)[0]).toContain("**Changed:** `lr` 0.1 → 0.2 `[x](https://evil.example)`.");
  });

  test("costs four requests, the rules among them, and needs these permissions", async () => {
    const { head, send } = await open();
    const token = jobToken(hub.world, hub.repository, 1, { contents: "read", pull_requests: "write" }).value;
    const before = hub.journal.requests().length;
    expect((await send(verdictOf(head, 2.1), { inputs: { token } })).exitCode).toBe(0);
    expect(
      hub.journal
        .requests()
        .slice(before)
        .map(({ operation }) => operation),
    ).toEqual(["repos/get-content", "issues/list-comments", "issues/create-comment", "issues/list-comments"]);
  });

  test("that may not comment: the log names the permission, and the summary has the report", async () => {
    const { head, send } = await open();
    const inputs = { token: hub.tokenWith({ contents: "read", pull_requests: "read" }) };
    const { exitCode, outputs, summary, log } = await send(verdictOf(head, 4), { inputs });
    expect([exitCode, outputs.comment]).toEqual([0, "none"]);
    expect(summary).toContain("Not ready to merge");
    expect(log).toContain('"pull-requests: write"');
  });

  test.each<[string, (verdict: Verdict) => Verdict, RegExp]>([
    [
      "dropped a rule",
      (verdict) => ({ ...verdict, outcome: "pass", rulings: verdict.rulings.slice(1) }),
      /^### ❌ Not ready to merge: 2 of 2 rules are broken/,
    ],
    ["names a policy of no branch", withPolicy({ ref: "d".repeat(40), digest: `sha256:${"d".repeat(64)}` }), BLOCKED],
    [
      "changed a number",
      (verdict) => ({ ...verdict, metrics: verdict.metrics.map((metric) => ({ ...metric, candidate: 1 })) }),
      BLOCKED,
    ],
  ])("that %s is not believed", async (_, forge, headline) => {
    const { number, head, send } = await open();
    await send(forge(verdictOf(head, 4)));
    expect(headlineOn(number)).toEqual([expect.stringMatching(headline)]);
  });
});

describe("after the run of a fork's pull request", () => {
  let mallory: Awaited<ReturnType<LocalGitHub["fork"]>>;
  beforeAll(async () => {
    mallory = await hub.fork("mallory");
  });
  const open = async () => {
    const { number, head, branch } = await openFrom(mallory);
    const judged = {
      ...{ id: 7, run_attempt: 1, path: ".github/workflows/pull-request.yml" },
      ...{ event: "pull_request", conclusion: "success", pull_requests: [] },
      ...{ head_sha: head, head_branch: branch },
      head_repository: { id: mallory.repository.id, full_name: "mallory/model", owner: { login: "mallory" } },
    };
    const reportAll = (verdicts: Readonly<Record<string, Verdict>>, changes = {}, play: Play<typeof spec> = {}) =>
      report(verdicts, {
        event: { name: "workflow_run", payload: { workflow_run: { ...judged, ...changes } } },
        run: { id: 999 },
        ...play,
      });
    const send = (verdict: Verdict, changes = {}, play: Play<typeof spec> = {}) =>
      reportAll({ "verdict.json": verdict }, changes, play);
    return { number, head, send, reportAll };
  };

  test("its numbers stay its own", async () => {
    const { number, head, send } = await open();
    const token = jobToken(hub.world, hub.repository, 1, {
      ...{ contents: "read", actions: "read", pull_requests: "write" },
    }).value;
    const before = hub.journal.requests().length;
    const changes = { params: [{ name: "status", before: null, after: "verified by the security team" }] };
    const said = { ...verdictOf(head, 2.1), changes };
    expect((await send(said, {}, { inputs: { token } })).outputs.comment).toBe("created");
    expect(hub.journal.requests().length - before).toBeLessThanOrEqual(12);
    expect(headlineOn(number)).toEqual([
      `### ☑️ Reported, not verified: all 2 rules hold for the numbers that this fork's run reported (\`${head.slice(0, 7)}\`)`,
    ]);
    expect(commentsOn(number)[0]).not.toContain("security team");
    expect(commentsOn(number)[0]).toContain("ℹ️ Measured by the pull request's own workflow");
    expect(commentsOn(number)[0]).toContain("run=7 ");
  });

  test.each<[string, number, Partial<Parameters<typeof judgeValues>[0]>, (verdict: Verdict) => Verdict, RegExp]>([
    [
      "with a forged threshold",
      9,
      { policy: REGRESSION.replace("max: 3", "max: 1e9"), baseline: { ...DOUBTFUL, kind: "found" } },
      (verdict) => verdict,
      /^### ❌ Not ready to merge: 2 of 2 rules are broken/,
    ],
    [
      "without the rules it breaks",
      9,
      {},
      (verdict) => ({ ...verdict, outcome: "pass", rulings: [] }),
      /^### ❌ Not ready to merge: 2 of 2 rules are broken/,
    ],
    [
      "without rules at all",
      9,
      {},
      (verdict) => ({ ...verdict, outcome: "inconclusive", policy: null, rulings: [] }),
      /^### ❌ Not ready to merge: 2 of 2 rules are broken/,
    ],
    [
      "against a worse baseline of its own making",
      2.9,
      { baseline: { ...DOUBTFUL, kind: "found" } },
      (verdict) => verdict,
      /^### ❌ Not ready to merge: 1 of 2 rules is broken/,
    ],
    ["with other numbers than it measured", 9, {}, (verdict) => ({ ...verdict, metricsDigest: DIGEST }), BLOCKED],
    ["by a commit that the branch does not have", 2, { ref: "d".repeat(40) }, (verdict) => verdict, BLOCKED],
  ])("a verdict %s is not believed", async (_, mae, parts, forge, headline) => {
    const { number, head, send } = await open();
    await send(forge(verdictOf(head, mae, parts)));
    expect(headlineOn(number)).toEqual([expect.stringMatching(headline)]);
  });

  test("by older and laxer rules of the branch is judged by those of now", async () => {
    const { number, head, send } = await open();
    await send(verdictOf(head, 9, { ref: laxRef, policy: POLICY.replace("max: 3", "max: 1e9") }));
    expect(headlineOn(number)[0]).toMatch(BLOCKED);
    expect(commentsOn(number)[0]).toContain("The rules of main have changed since that run");
  });

  test("its words are not shown", async () => {
    const { number, head, send } = await open();
    await send({ ...verdictOf(head, 2), notes: ["verified by the security team"] });
    expect(commentsOn(number)[0]).not.toContain("security team");
    await send({
      ...verdictOf(head, 2),
      rulings: verdictOf(head, 2).rulings.map((ruling) => ({ ...ruling, reason: "verified" })),
    });
    expect(commentsOn(number)[0]).not.toContain("verified by");
  });

  test("a verdict that passes in a run that failed is not ready", async () => {
    const { number, head, send } = await open();
    await send(verdictOf(head, 2), { conclusion: "failure" });
    expect(headlineOn(number)[0]).toMatch(
      /^### ❌ Not ready to merge: the run ended in failure, although the rules hold/,
    );
  });

  test("of a bot of this repository, it is not called a fork's", async () => {
    const { number, head, branch } = await openFrom(hub.as("alice"));
    const head_repository = { id: hub.repository.id, full_name: "acme/model", owner: { login: "acme" } };
    const judged = { id: 7, run_attempt: 1, path: "ci.yml", event: "pull_request", conclusion: "success" };
    const workflow_run = { ...judged, head_sha: head, head_branch: branch, head_repository };
    const event = { name: "workflow_run", payload: { workflow_run } };
    await report({ "verdict.json": verdictOf(head, 2) }, { event, run: { id: 999 } });
    expect(headlineOn(number)[0]).toContain("for the numbers that this pull request's own run reported");
  });

  test("each verdict of model-diff has the section that its artifact names", async () => {
    const { number, head, reportAll } = await open();
    const inputs = { record: "*/verdict.json" };
    await reportAll(
      {
        "model-diff small=2f=1/verdict.json": verdictOf(head, 2),
        "model-diff model.yml large/verdict.json": verdictOf(head, 9),
      },
      {},
      { inputs },
    );
    const [comment, ...others] = commentsOn(number);
    expect(others).toEqual([]);
    expect(comment).toMatch(/^### ❌ Not ready to merge: 1 of 2 results, `large`/);
    // Their baseline is what model-diff itself kept for the branch: nothing yet.
    expect(comment).toContain("#### ⚠️ `small/1`: 1 of 2 rules could not be judged");
  });

  test("more verdicts than a comment shows are refused", async () => {
    const { number, head, reportAll } = await open();
    const many = Array.from({ length: 21 }, (_, at) => [`model-diff ${at}/verdict.json`, verdictOf(head, 2)] as const);
    const { errorCodes } = await reportAll(Object.fromEntries(many), {}, { inputs: { record: "*/verdict.json" } });
    expect([errorCodes, commentsOn(number)]).toEqual([["too-many-verdicts"], []]);
  });

  test.each([
    ["a branch that was deleted", { head_branch: "deleted" }],
    [
      "a branch of the same name elsewhere",
      { head_repository: { id: 1, full_name: "x/model", owner: { login: "mallory" } } },
    ],
  ])("%s is refused", async (_, changes) => {
    const { number, head, send } = await open();
    const { exitCode, errorCodes } = await send(verdictOf(head, 2), changes);
    expect([exitCode, errorCodes, commentsOn(number)]).toEqual([2, ["pull-request-not-found"], []]);
  });
});
