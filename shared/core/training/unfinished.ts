/** What a post step must know of a training whose main step is gone. */
import * as z from "zod";

const unfinishedTraining = z.strictObject({
  group: z.strictObject({ id: z.int().positive(), started: z.string() }),
  /** Absolute path of the file with its output. */
  output: z.string(),
  /** How many bytes of it were shown already. */
  shown: z.int().nonnegative(),
  /** Whether it was told to stop. */
  asked: z.boolean(),
});

export type UnfinishedTraining = z.infer<typeof unfinishedTraining>;

/** @returns `undefined` when nothing was left; a state that is not ours is nothing either: nobody may be signalled then */
export function recallUnfinished(saved: string): UnfinishedTraining | undefined {
  if (saved === "") return undefined;
  try {
    return unfinishedTraining.safeParse(JSON.parse(saved)).data;
  } catch {
    return undefined;
  }
}
