/** A change that is better everywhere. */
import { freeCareFeature } from "../changes.ts";
import { capturePull, expectJobs } from "../observe.ts";
import type { StoryFixture } from "../story-fixture.ts";
import { done, note, type StoryStep } from "../story-step.ts";
import { waitForRunOfCommit } from "../wait-for-run.ts";

/** @param before a step during which main must not change: its pull request would then only show a merge conflict */
export async function mergeGoodChange(
  { github, alice }: StoryFixture,
  before: Promise<unknown>,
): Promise<StoryStep & { readonly commit: string }> {
  const title = "Distinguish free care from cheap care";
  const pushed = await alice.push({ branch: "free-care", files: freeCareFeature(), message: title });
  const pull = await alice.openPullRequest({
    head: "free-care",
    title,
    body: "People with free care behave differently.",
  });
  const run = await waitForRunOfCommit(github, "pull-request.yml", pushed);
  expectJobs(github, run, { data: "success", train: "success", gate: "success", report: "success" });
  const views = capturePull(github, pull);
  await before;
  const commit = await alice.merge(pull.number);
  expectJobs(github, await waitForRunOfCommit(github, "main.yml", commit), { train: "success" });
  return {
    title: "A good change merges",
    lines: [
      note("alice adds one feature: whether care is free"),
      done("better overall and for people in poor health: it merges, and main is trained again"),
    ],
    views,
    commit,
  };
}
