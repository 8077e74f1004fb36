/** Better overall, worse for people in poor health: a gate on the mean alone would have let it merge. */
import { cappedVisits } from "../changes.ts";
import { expectMergeRefused } from "../expect-merge-refused.ts";
import { capturePull, expectJobs, listComments } from "../observe.ts";
import type { StoryFixture } from "../story-fixture.ts";
import { note, StoryError, type StoryStep, stopped } from "../story-step.ts";
import { waitForRunOfCommit } from "../wait-for-run.ts";

export async function proposeSliceRegression({ github, alice }: StoryFixture): Promise<StoryStep> {
  const title = "Cap visits at four, so that outliers weigh less";
  const pushed = await alice.push({ branch: "capped", files: cappedVisits(), message: title });
  const pull = await alice.openPullRequest({ head: "capped", title, body: "MAE falls by 6%." });
  const run = await waitForRunOfCommit(github, "pull-request.yml", pushed);
  expectJobs(github, run, { data: "success", train: "success", gate: "failure", report: "success" });
  const refusal = await expectMergeRefused(alice, pull);
  const [comment] = listComments(github, pull);
  if (comment === undefined) throw new StoryError("nobody commented on the pull request");
  const [overall, poorHealth] = [
    readMaeChange(comment.body, "`mae`"),
    readMaeChange(comment.body, "`mae` in `poor-health`"),
  ];
  return {
    title: "A change that is better overall but worse for people in poor health is blocked",
    lines: [
      note(`alice caps visits at four. The overall error is ${overall}`),
      stopped(`the gate closes: for people in poor health it is ${poorHealth}, and the policy allows 2 %`),
      stopped(`the comment shows why, and GitHub refuses to merge: ${refusal}`),
    ],
    views: capturePull(github, pull),
  };
}

/** The change of the mean absolute error in the comment's table, for example `6.1 % (0.16) better`. */
function readMaeChange(comment: string, name: string): string {
  const row = comment.split("\n").find((line) => line.includes(`| ${name} |`));
  const [, change] = /[▲▼] ([^|]+?) \|/.exec(row ?? "") ?? [];
  if (change === undefined) throw new StoryError(`the comment says nothing about ${name}:\n${comment}`);
  return change;
}
