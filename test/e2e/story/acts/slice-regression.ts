/** Better over all, worse for the sick: the mean would have let it in. */
import { type Act, note, StoryBroken, stopped } from "../act.ts";
import { cappedVisits } from "../changes.ts";
import { refusalOf } from "../merging.ts";
import { commentsOn, expectJobs, newestRun, showPull } from "../observe.ts";
import type { Stage } from "../stage.ts";

export async function sliceRegression({ github, alice }: Stage): Promise<Act & { readonly comment: string }> {
  const title = "Cap visits at four, so that outliers do not pull";
  await alice.push({ branch: "capped", files: cappedVisits(), message: title });
  const pull = await alice.openPullRequest({ head: "capped", title, body: "MAE falls by 6%." });
  await github.settled();
  const run = newestRun(github, "pull-request.yml");
  expectJobs(github, run, { data: "success", train: "success", gate: "failure", report: "success" });
  const refusal = await refusalOf(alice, pull);
  const [comment] = commentsOn(github, pull);
  if (comment === undefined) throw new StoryBroken("nobody commented on the pull request");
  return {
    title: "A change that is better over all and worse for the sick is blocked",
    lines: [
      note("alice caps visits at four: the mean absolute error falls by 6%"),
      stopped("the gate closes: for people in poor health it grows by 7%, the policy allows 2%"),
      stopped(`the comment says so, and GitHub does too: ${refusal}`),
    ],
    shows: showPull(github, pull),
    comment: comment.body,
  };
}
