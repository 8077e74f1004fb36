/** Better over all, worse for the sick: the mean would have let it in. */
import { type Act, note, StoryBroken, stopped } from "../act.ts";
import { runFor } from "../await-run.ts";
import { cappedVisits } from "../changes.ts";
import { refusalOf } from "../merging.ts";
import { commentsOn, expectJobs, showPull } from "../observe.ts";
import type { Stage } from "../stage.ts";

export async function sliceRegression({ github, alice }: Stage): Promise<Act> {
  const title = "Cap visits at four, so that outliers do not pull";
  const pushed = await alice.push({ branch: "capped", files: cappedVisits(), message: title });
  const pull = await alice.openPullRequest({ head: "capped", title, body: "MAE falls by 6%." });
  const run = await runFor(github, "pull-request.yml", pushed);
  expectJobs(github, run, { data: "success", train: "success", gate: "failure", report: "success" });
  const refusal = await refusalOf(alice, pull);
  const [comment] = commentsOn(github, pull);
  if (comment === undefined) throw new StoryBroken("nobody commented on the pull request");
  const [overall, sick] = [changeIn(comment.body, "all"), changeIn(comment.body, "`poor-health`")];
  return {
    title: "A change that is better over all and worse for the sick is blocked",
    lines: [
      note(`alice caps visits at four. The error over all is ${overall}`),
      stopped(`the gate closes: for people in poor health it is ${sick}, and the policy allows 2 %`),
      stopped(`the comment says so, and GitHub does too: ${refusal}`),
    ],
    shows: showPull(github, pull),
  };
}

/** What the comment's table says of the mean absolute error, for example `0.1615 better, 6.1 %`. */
function changeIn(comment: string, slice: string): string {
  const row = comment.split("\n").find((line) => line.includes("| `mae` |") && line.includes(`| ${slice} |`));
  const [, change] = /[▲▼] ([^|]+?) \|/.exec(row ?? "") ?? [];
  if (change === undefined) throw new StoryBroken(`the comment says nothing about mae in ${slice}:\n${comment}`);
  return change;
}
