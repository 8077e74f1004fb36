/** A trained commit of main is registered as a version with a number, a digest and an owner. */
import { captureSummaries, expectJobs } from "../observe.ts";
import type { StoryFixture } from "../story-fixture.ts";
import { done, type StoryStep } from "../story-step.ts";
import { waitForRun, waitForRunOfCommit } from "../wait-for-run.ts";

export async function registerVersion(
  { github, alice }: StoryFixture,
  version: string,
  commit: string,
): Promise<StoryStep> {
  const trained = await waitForRunOfCommit(github, "main.yml", commit);
  const inputs = { version, run: String(trained.id), approval_date: "2026-11-20" };
  const run = await waitForRun(github, await alice.dispatch("register.yml", { inputs }));
  expectJobs(github, run, { register: "success" });
  return {
    title: `${version} is registered`,
    lines: [
      done(
        `alice registers the model trained on main as visits@${version}: a tag with the model's digest, its lineage and its owner`,
      ),
    ],
    views: captureSummaries(run),
  };
}
