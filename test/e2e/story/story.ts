/** The order of the acts. */
import type { Act } from "./act.ts";
import { baseline } from "./acts/baseline.ts";
import { dirtyData, fixedData } from "./acts/dirty-data.ts";
import { fromFork } from "./acts/fork.ts";
import { goodChange } from "./acts/good-change.ts";
import { rollBack, toProduction, toStaging } from "./acts/promote.ts";
import { register } from "./acts/register.ts";
import { sliceRegression } from "./acts/slice-regression.ts";
import type { Stage } from "./stage.ts";

/** The acts, each as soon as it and all before it were played. @throws StoryBroken when something does not go as told */
export async function* playStory(stage: Stage): AsyncGenerator<Act, void> {
  yield await baseline(stage);
  const dirty = await dirtyData(stage);
  yield dirty;
  const fixed = await fixedData(stage, dirty.pull);
  yield fixed;

  // What need not wait for each other goes on at the same time, as in any team.
  const first = inTurn(
    () => register(stage, "v1.0.0", fixed.commit),
    () => toStaging(stage, "v1.0.0"),
    () => toProduction(stage, "v1.0.0"),
  );
  const blocked = sliceRegression(stage);
  const better = goodChange(stage, blocked);
  const proposals = [blocked, better, fromFork(stage)];
  yield* inOrder([...first, ...proposals]);

  const { commit } = await better;
  yield* inOrder(
    inTurn(
      () => register(stage, "v1.1.0", commit),
      () => toStaging(stage, "v1.1.0"),
      () => toProduction(stage, "v1.1.0"),
      () => rollBack(stage, "v1.1.0", "v1.0.0"),
    ),
  );
}

/** Starts each act when the one before it is over. */
function inTurn(...acts: readonly (() => Promise<Act>)[]): readonly Promise<Act>[] {
  const started: Promise<Act>[] = [];
  for (const act of acts) started.push((started.at(-1) ?? Promise.resolve()).then(act));
  return started;
}

async function* inOrder(acts: readonly Promise<Act>[]): AsyncGenerator<Act, void> {
  // One that fails while another is waited for is reported when its turn comes, and not as unhandled.
  for (const act of acts) act.catch(() => undefined);
  for (const act of acts) yield await act;
}
