/** New rows arrive as a spreadsheet exported them. */
import type { PullRequest } from "@mlops-actions/localhub";
import { cleanRows, dirtyRows } from "../changes.ts";
import { expectMergeRefused } from "../expect-merge-refused.ts";
import { capturePull, captureSummaries, expectJobs, newestRun } from "../observe.ts";
import type { StoryFixture } from "../story-fixture.ts";
import { done, note, StoryError, type StoryStep, stopped } from "../story-step.ts";
import { waitForRunOfCommit } from "../wait-for-run.ts";

const BRANCH = "more-rows";
const TITLE = "Add the missing 1,190 rows";

export async function proposeDirtyData({
  github,
  alice,
}: StoryFixture): Promise<StoryStep & { readonly pull: PullRequest }> {
  const commit = await alice.push({ branch: BRANCH, files: dirtyRows(), message: TITLE });
  const pull = await alice.openPullRequest({ head: BRANCH, title: TITLE });
  const run = await waitForRunOfCommit(github, "pull-request.yml", commit);
  expectJobs(github, run, {
    data: "failure",
    train: "skipped",
    "train-fork": "skipped",
    gate: "failure",
    report: "success",
  });
  const refusal = await expectMergeRefused(alice, pull);
  const findings = github.log(run, "data").match(/##\[error\]data\/visits\.csv:\d+: \w+/g) ?? [];
  if (findings.length === 0) throw new StoryError("check-data does not name a line of data/visits.csv");
  return {
    title: "A pull request with dirty data is stopped",
    lines: [
      note("alice adds 1,190 rows; their spreadsheet has -9 for unknown, one empty cell, and one health flag of 2"),
      stopped(`check-data: ${findings.map((text) => text.replace("##[error]", "")).join(", ")}`),
      stopped(`nothing is trained, and GitHub refuses to merge: ${refusal}`),
    ],
    views: [...capturePull(github, pull), ...captureSummaries(run, "data")],
    pull,
  };
}

export async function fixData(
  { github, alice }: StoryFixture,
  pull: PullRequest,
): Promise<StoryStep & { readonly commit: string }> {
  const pushed = await alice.push({ branch: BRANCH, files: cleanRows(), message: "Correct five cells" });
  const run = await waitForRunOfCommit(github, "pull-request.yml", pushed);
  expectJobs(github, run, {
    data: "success",
    train: "success",
    "train-fork": "skipped",
    gate: "success",
    report: "success",
  });
  const training = newestRun(github, "train.yml");
  expectJobs(github, training, { train: "success" });
  const runner = training.attempts.at(-1)?.jobs[0]?.runner?.name;
  const views = [...capturePull(github, pull), ...captureSummaries(run, "gate")];
  const commit = await alice.merge(pull.number);
  expectJobs(github, await waitForRunOfCommit(github, "main.yml", commit), { train: "success" });
  return {
    title: "The fixed pull request trains on the GPU runner and merges",
    lines: [
      done("alice corrects the five cells"),
      done(`dispatch-training started train.yml on ${runner} for the test merge, and fetched its record`),
      done("the gate opens, the comment is updated in place, the pull request merges, and main is trained again"),
    ],
    views,
    commit,
  };
}
