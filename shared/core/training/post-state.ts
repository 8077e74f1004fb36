/** Post state: what the main step of a training saves for its post step, of the same version of this action. */
import * as z from "zod";

const postState = z.strictObject({
  /** The `ProcessGroup` of `adapters/process`, as saved: this room may not import its type. */
  group: z.strictObject({ id: z.int().positive(), started: z.string() }),
  /** Absolute path of the file with the training's output. */
  outputPath: z.string(),
  /** How many bytes of that output are in the log already. */
  shownBytes: z.int().nonnegative(),
  /** Whether the group was signalled to stop. */
  signalled: z.boolean(),
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
