/** An outside contributor's pull request: the code runs with a read-only token, and never on the team's machines. */
import { coinsuranceInteraction } from "../changes.ts";
import { capturePull, expectJobs, listComments } from "../observe.ts";
import type { StoryFixture } from "../story-fixture.ts";
import { done, note, StoryError, type StoryStep } from "../story-step.ts";
import { waitForRunOfCommit, waitForTriggeredRun } from "../wait-for-run.ts";

export async function proposeFromFork({ github }: StoryFixture): Promise<StoryStep> {
  const title = "Let the price of care depend on health";
  const dana = await github.fork("dana");
  const pushed = await dana.push({ branch: "price", files: coinsuranceInteraction(), message: title });
  const pull = await dana.inRepository(github.repository).openPullRequest({ head: "dana:price", title });
  const run = await waitForRunOfCommit(github, "pull-request.yml", pushed);
  const jobs = { data: "success", train: "skipped", "train-fork": "success", gate: "success", report: "success" };
  expectJobs(github, run, jobs);
  expectJobs(github, await waitForTriggeredRun(github, "comment.yml", run), { comment: "success" });
  const [comment] = listComments(github, pull);
  if (comment === undefined) throw new StoryError("comment.yml posted nothing");
  return {
    title: "A fork's pull request works with its read-only token",
    lines: [
      note("dana, who is not on the team, opens a pull request from a fork"),
      done("her code trained on a GitHub-hosted runner, not on gpu-1; the gate judged it by the policy on main"),
      done(
        "her token could not comment, so comment.yml did: it judged her numbers by the rules on main, and calls them hers",
      ),
    ],
    views: capturePull(github, pull),
  };
}
