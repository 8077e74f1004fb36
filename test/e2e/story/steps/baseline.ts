/** The repository is set up: main is trained on the team's own runner, so that every pull request has a baseline. */
import { captureSummaries, expectJobs, newestRun } from "../observe.ts";
import { pushExample, type StoryFixture } from "../story-fixture.ts";
import { done, type StoryStep } from "../story-step.ts";

export async function trainBaseline(fixture: StoryFixture): Promise<StoryStep> {
  await pushExample(fixture);
  const run = newestRun(fixture.github, "main.yml");
  expectJobs(fixture.github, run, { train: "success" });
  return {
    title: "A repository is set up",
    lines: [
      done(
        "acme/visits: 19,000 rows of the RAND Health Insurance Experiment, a contract, a policy, six workflow templates",
      ),
      done("main.yml checked the data against its contract and trained on the runner gpu-1: this is the baseline"),
      done("the job gate is now a required check of main"),
    ],
    views: captureSummaries(run),
  };
}
