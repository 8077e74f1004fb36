/** A stranger's pull request: their code runs with a token that only reads, and never on the team's machines. */
import { type Act, done, note, StoryBroken } from "../act.ts";
import { runAfter, runFor } from "../await-run.ts";
import { coinsuranceOfTheSick } from "../changes.ts";
import { commentsOn, expectJobs, showPull } from "../observe.ts";
import type { Stage } from "../stage.ts";

export async function fromFork({ github }: Stage): Promise<Act> {
  const title = "Let the price of care depend on health";
  const dana = await github.fork("dana");
  const pushed = await dana.push({ branch: "price", files: coinsuranceOfTheSick(), message: title });
  const pull = await dana.in(github.repository).openPullRequest({ head: "dana:price", title });
  const run = await runFor(github, "pull-request.yml", pushed);
  const jobs = { data: "success", train: "skipped", "train-fork": "success", gate: "success", report: "success" };
  expectJobs(github, run, jobs);
  expectJobs(github, await runAfter(github, "comment.yml", run), { comment: "success" });
  const [comment] = commentsOn(github, pull);
  if (comment === undefined) throw new StoryBroken("comment.yml posted nothing");
  return {
    title: "A fork's pull request works with its read-only token",
    lines: [
      note("dana, a stranger, opens a pull request from a fork"),
      done("her code trained on GitHub's machine, not on gpu-1; the gate judged it by main's policy"),
      done("her token could not comment; comment.yml did, from a verdict it checked again"),
    ],
    shows: showPull(github, pull),
  };
}
