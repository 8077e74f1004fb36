/** The order of the steps. */
import { trainBaseline } from "./steps/baseline.ts";
import { fixData, proposeDirtyData } from "./steps/dirty-data.ts";
import { proposeFromFork } from "./steps/fork.ts";
import { mergeGoodChange } from "./steps/good-change.ts";
import { promoteToProduction, promoteToStaging, rollBack } from "./steps/promote.ts";
import { registerVersion } from "./steps/register.ts";
import { proposeSliceRegression } from "./steps/slice-regression.ts";
import { addFirstRule, pasteTwelveLines } from "./steps/twelve-lines.ts";
import type { StoryFixture } from "./story-fixture.ts";
import type { StoryStep } from "./story-step.ts";

/** Yields each step as soon as it and all steps before it have run. @throws StoryError when a result is not as expected */
export async function* runStory(fixture: StoryFixture): AsyncGenerator<StoryStep, void> {
  // Another repository: it needs nothing of what follows, which starts meanwhile.
  const pasted = pasteTwelveLines(fixture);
  const ruled = pasted.then(addFirstRule);
  const baseline = trainBaseline(fixture);
  yield* yieldInOrder([pasted, ruled, baseline]);
  const dirty = await proposeDirtyData(fixture);
  yield dirty;
  const fixed = await fixData(fixture, dirty.pull);
  yield fixed;

  // Independent steps run at the same time, as in any team.
  const first = runSequentially(
    () => registerVersion(fixture, "v1.0.0", fixed.commit),
    () => promoteToStaging(fixture, "v1.0.0"),
    () => promoteToProduction(fixture, "v1.0.0"),
  );
  const blocked = proposeSliceRegression(fixture);
  const better = mergeGoodChange(fixture, blocked);
  const proposals = [blocked, better, proposeFromFork(fixture)];
  yield* yieldInOrder([...first, ...proposals]);

  const { commit } = await better;
  yield* yieldInOrder(
    runSequentially(
      () => registerVersion(fixture, "v1.1.0", commit),
      () => promoteToStaging(fixture, "v1.1.0"),
      () => promoteToProduction(fixture, "v1.1.0"),
      () => rollBack(fixture, "v1.1.0", "v1.0.0"),
    ),
  );
}

/** Starts each step when the one before it has finished. */
function runSequentially(...steps: readonly (() => Promise<StoryStep>)[]): readonly Promise<StoryStep>[] {
  const started: Promise<StoryStep>[] = [];
  for (const step of steps) started.push((started.at(-1) ?? Promise.resolve()).then(step));
  return started;
}

async function* yieldInOrder(steps: readonly Promise<StoryStep>[]): AsyncGenerator<StoryStep, void> {
  // A step that fails while an earlier one is awaited is reported in its turn, not as an unhandled rejection.
  for (const step of steps) step.catch(() => undefined);
  for (const step of steps) yield await step;
}
