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
      done(
        "acme/visits: 19,000 rows of the RAND Health Insurance Experiment, a contract, a policy, six workflow templates",
      ),
      done("main.yml held the data to its contract and trained on the runner gpu-1: the baseline of what is to come"),
      done("the job gate is now a required check of main"),
    ],
    shows: showSummaries(run),
  };
}
