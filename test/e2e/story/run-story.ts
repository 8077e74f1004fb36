/** The order of the acts. */

import { trainBaseline } from "./steps/baseline.ts";
import { fixData, proposeDirtyData } from "./steps/dirty-data.ts";
import { proposeFromFork } from "./steps/fork.ts";
import { mergeGoodChange } from "./steps/good-change.ts";
import { promoteToProduction, promoteToStaging, rollBack } from "./steps/promote.ts";
import { registerVersion } from "./steps/register.ts";
import { proposeSliceRegression } from "./steps/slice-regression.ts";
import type { StoryFixture } from "./story-fixture.ts";
import type { StoryStep } from "./story-step.ts";

/** The acts, each as soon as it and all before it were played. @throws StoryBroken when something does not go as told */
export async function* runStory(stage: StoryFixture): AsyncGenerator<StoryStep, void> {
  yield await trainBaseline(stage);
  const dirty = await proposeDirtyData(stage);
  yield dirty;
  const fixed = await fixData(stage, dirty.pull);
  yield fixed;

  // What need not wait for each other goes on at the same time, as in any team.
  const first = runSequentially(
    () => registerVersion(stage, "v1.0.0", fixed.commit),
    () => promoteToStaging(stage, "v1.0.0"),
    () => promoteToProduction(stage, "v1.0.0"),
  );
  const blocked = proposeSliceRegression(stage);
  const better = mergeGoodChange(stage, blocked);
  const proposals = [blocked, better, proposeFromFork(stage)];
  yield* yieldInOrder([...first, ...proposals]);

  const { commit } = await better;
  yield* yieldInOrder(
    runSequentially(
      () => registerVersion(stage, "v1.1.0", commit),
      () => promoteToStaging(stage, "v1.1.0"),
      () => promoteToProduction(stage, "v1.1.0"),
      () => rollBack(stage, "v1.1.0", "v1.0.0"),
    ),
  );
}

/** Starts each act when the one before it is over. */
function runSequentially(...acts: readonly (() => Promise<StoryStep>)[]): readonly Promise<StoryStep>[] {
  const started: Promise<StoryStep>[] = [];
  for (const act of acts) started.push((started.at(-1) ?? Promise.resolve()).then(act));
  return started;
}

async function* yieldInOrder(acts: readonly Promise<StoryStep>[]): AsyncGenerator<StoryStep, void> {
  // One that fails while another is waited for is reported when its turn comes, and not as unhandled.
  for (const act of acts) act.catch(() => undefined);
  for (const act of acts) yield await act;
}
