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

/** Plays one act, and tells it or not. Whatever the act answers with comes back. */
export type Tell = <Played extends Act>(act: () => Promise<Played>) => Promise<Played>;

/** @throws StoryBroken when something does not go as told */
export async function playStory(stage: Stage, tell: Tell): Promise<readonly Act[]> {
  const acts: Act[] = [];
  const play: Tell = async (act) => {
    const played = await tell(act);
    acts.push(played);
    return played;
  };

  await play(() => baseline(stage));
  const { pull } = await play(() => dirtyData(stage));
  await play(() => fixedData(stage, pull));
  await play(() => register(stage, "v1.0.0"));
  await play(() => toStaging(stage, "v1.0.0"));
  await play(() => toProduction(stage, "v1.0.0"));
  await play(() => sliceRegression(stage));
  await play(() => goodChange(stage));
  await play(() => fromFork(stage));
  await play(() => register(stage, "v1.1.0"));
  await play(() => toStaging(stage, "v1.1.0"));
  await play(() => toProduction(stage, "v1.1.0"));
  await play(() => rollBack(stage, "v1.1.0", "v1.0.0"));
  return acts;
}
