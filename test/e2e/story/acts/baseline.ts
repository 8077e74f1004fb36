/** The repository begins: main is trained on the team's own runner, and so every pull request has a baseline. */
import { type Act, done } from "../act.ts";
import { expectJobs, newestRun, showSummaries } from "../observe.ts";
import { begin, type Stage } from "../stage.ts";

export async function baseline(stage: Stage): Promise<Act> {
  await begin(stage);
  const run = newestRun(stage.github, "main.yml");
  expectJobs(stage.github, run, { train: "success" });
  return {
    title: "A repository begins",
    lines: [
      done("19,000 rows, a contract, a policy, five templates; `gate` is a required check of main"),
      done("main.yml held the data to its contract and trained on gpu-1: the baseline"),
    ],
    shows: showSummaries(run),
  };
}
