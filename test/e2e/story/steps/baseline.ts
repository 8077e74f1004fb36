/** The repository begins: main is trained on the team's own runner, and so every pull request has a baseline. */

import { captureSummaries, expectJobs, newestRun } from "../observe.ts";
import { pushExample, type StoryFixture } from "../story-fixture.ts";
import { done, type StoryStep } from "../story-step.ts";

export async function trainBaseline(stage: StoryFixture): Promise<StoryStep> {
  await pushExample(stage);
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
    views: captureSummaries(run),
  };
}
