import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { jobToken } from "@mlops-actions/localhub/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verdictRecord } from "../../shared/records/verdict.ts";
import { type Play, playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = "version: 2\ngates:\n  - { metric: mae, better: lower, max: 3 }\n";
let hub: LocalGitHub;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", people: { alice: "write" }, files: { ".github/mlops.yml": POLICY } });
});
afterAll(() => hub.close());

let count = 0;
/** A pull request that is judged with these numbers. */
async function change() {
  count += 1;
  const branch = `change-${count}`;
  const head = await hub.push({ branch, files: { [`${branch}.txt`]: "x" } });
  const { number } = await hub.openPullRequest({ head: branch });
  const ref = `refs/pull/${number}/merge`;
  const sha = (await hub.repository.git.resolve(ref)) ?? "";
  const base = { ref: "main", sha: await hub.repository.git.resolve("refs/heads/main") };
  const payload = {
    pull_request: { number, base, head: { sha: head, ref: branch, repo: { full_name: "octo/model" } } },
  };
  const event = { name: "pull_request", ref, sha, payload };
  const comments = () => [...hub.repository.comments.values()].filter(({ issue }) => issue === number);
  let runs = 100 * count;
  return {
    comments,
    async judge(mae: number | string, inputs: Play<typeof spec>["inputs"] = {}, more: Partial<Play<typeof spec>> = {}) {
      runs += 1;
      const files = { "metrics.json": `{"mae": ${mae}}` };
      return playAction(spec, run, connect, {
        ...{ hub, event, files, run: { id: runs }, env: { GITHUB_JOB: "train" } },
        ...more,
        inputs: { metrics: "metrics.json", matrix: "null", ...inputs },
      });
    },
  };
}

test("a verdict is written, shown and left where the next run finds it", async () => {
  const { judge, comments } = await change();
  const { exitCode, outputs, summary, read, log } = await judge(2);
  expect([exitCode, outputs]).toEqual([
    0,
    {
      outcome: "pass",
      record: "verdict.json",
      report: "",
      comment: "created",
      url: expect.stringContaining("#issuecomment-"),
    },
  ]);
  expect(summary).toMatch(/^### ✅ Ready to merge: the rule passes/);
  expect(verdictRecord.schemas[2].parse(JSON.parse(read("verdict.json")))).toMatchObject({ outcome: "pass" });
  expect(comments()).toHaveLength(1);
  // Beside a runner there is no service that keeps artifacts: the result does not depend on it.
  expect(log).toContain("[artifact-not-kept]");
});

test("a rule that is broken fails the step, and the comment says it before the log does", async () => {
  const { judge, comments } = await change();
  const { exitCode, outputs, errorCodes } = await judge(4);
  expect([exitCode, outputs.outcome, errorCodes]).toEqual([1, "fail", ["gate-closed"]]);
  expect(comments()[0]?.body).toMatch(/^### ❌ Not ready to merge: the rule is broken/);
});

test("when a comment may be new is a choice, and one that is there is always kept up to date", async () => {
  const { judge, comments } = await change();
  expect((await judge(4, { comment: "never" })).outputs.comment).toBe("none");
  expect((await judge(2, { comment: "on-failure" })).outputs.comment).toBe("none");
  expect(comments()).toEqual([]);
  expect((await judge(4, { comment: "on-failure" })).outputs.comment).toBe("created");
  expect((await judge(2, { comment: "on-failure" })).outputs.comment).toBe("updated");
  expect(comments()[0]?.body).toMatch(/^### ✅ Ready to merge/);
});

test("numbers that cannot be read are the first line of the comment and of the summary, and all of them are in the log", async () => {
  const { judge, comments } = await change();
  const { exitCode, outputs, errorCodes, summary } = await judge("NaN");
  expect([exitCode, outputs.outcome, outputs.record]).toEqual([1, "error", ""]);
  expect(errorCodes).toEqual(["metrics-not-finite"]);
  for (const text of [comments()[0]?.body, summary])
    expect(text).toMatch(/^### ❌ Not ready to merge: `metrics\.json:1:9`/);
});

test("a token that may not comment does not change the result", async () => {
  const { judge, comments } = await change();
  const token = jobToken(hub.world, hub.repository, 1, { contents: "read", actions: "read" }).value;
  const { exitCode, outputs, log } = await judge(2, { token });
  expect([exitCode, outputs.comment, comments()]).toEqual([0, "none", []]);
  expect(log).toContain("[comment-forbidden]");
});

test("of two steps with one key the worse result stays, whichever ends last", async () => {
  const { judge, comments } = await change();
  const run = { id: 9_000 + count };
  await judge(4, {}, { run });
  await judge(2, {}, { run });
  expect(comments()[0]?.body).toMatch(/^### ❌ Not ready to merge: the rule is broken/);
  await judge("NaN", { key: "other" }, { run });
  await judge(2, { key: "other" }, { run });
  expect(comments()[0]?.body).toMatch(/^### ❌ Not ready to merge: 2 of 2 results, `other`, `train`/);
});

test("two keys of one workflow share a comment", async () => {
  const { judge, comments } = await change();
  await judge(2, { key: "visits" });
  await judge(4, { key: "costs" });
  const [comment, ...more] = comments();
  expect(more).toEqual([]);
  expect(comment?.body).toMatch(/^### ❌ Not ready to merge: 1 of 2 results, `costs`/);
});

test("one number of several that is not finite is said, although nothing is gated", async () => {
  await using ungated = await startLocalGitHub({ limits: "off", files: { "README.md": "A model" } });
  const sha = await ungated.push({ files: { "a.txt": "x" } });
  const { exitCode, outputs, summary } = await playAction(spec, run, connect, {
    ...{ hub: ungated, event: { name: "push", ref: "refs/heads/main", sha, payload: {} } },
    ...{ files: { "metrics.json": '{"mae": 2, "rmse": NaN}' }, env: { GITHUB_JOB: "train" } },
    inputs: { metrics: "metrics.json", matrix: "null" },
  });
  expect([exitCode, outputs.outcome]).toEqual([0, "no-rules"]);
  expect(summary).toMatch(/Not counted.*rmse.* is NaN/);
  expect(summary).not.toContain("Nothing shows that");
});

test("after a step that failed nothing is compared, whatever files it left", async () => {
  const { judge, comments } = await change();
  const { exitCode, outputs, summary, read } = await judge(2, { "job-status": "failure" });
  expect([exitCode, outputs.outcome, outputs.record, read("verdict.json")]).toEqual([1, "error", "", ""]);
  expect(summary).toMatch(/^### ❌ Not ready to merge: an earlier step of the job failed, and nothing was compared/);
  expect(comments().map(({ body }) => body.split("\n")[0])).toEqual([summary.split("\n")[0]]);
});
