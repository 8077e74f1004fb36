/** Post state: what the main step of a training saves for its post step. */
import * as z from "zod";

const postState = z.strictObject({
  group: z.strictObject({ id: z.int().positive(), started: z.string() }),
  /** Absolute path of the file with its output. */
  output: z.string(),
  /** How many bytes of it are in the log already. */
  shown: z.int().nonnegative(),
  /** Whether it was signalled to stop. */
  asked: z.boolean(),
});

export type PostState = z.infer<typeof postState>;

/** @returns `undefined` for an empty or invalid state: then no process may be signalled */
export function parsePostState(saved: string): PostState | undefined {
  if (saved === "") return undefined;
  try {
    return postState.safeParse(JSON.parse(saved)).data;
  } catch {
    return undefined;
  }
}
