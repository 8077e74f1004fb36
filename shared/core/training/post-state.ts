/** What a post step must know of a training whose main step is gone. */
import * as z from "zod";

const postState = z.strictObject({
  group: z.strictObject({ id: z.int().positive(), started: z.string() }),
  /** Absolute path of the file with its output. */
  output: z.string(),
  /** How many bytes of it were shown already. */
  shown: z.int().nonnegative(),
  /** Whether it was told to stop. */
  asked: z.boolean(),
});

export type PostState = z.infer<typeof postState>;

/** @returns `undefined` when nothing was left; a state that is not ours is nothing either: nobody may be signalled then */
export function parsePostState(saved: string): PostState | undefined {
  if (saved === "") return undefined;
  try {
    return postState.safeParse(JSON.parse(saved)).data;
  } catch {
    return undefined;
  }
}
