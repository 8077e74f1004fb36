/** Post state: what the main step of a training saves for its post step, of the same version of this action. */
import * as z from "zod";

const postState = z.strictObject({
  /** The `ProcessTree` of `adapters/process`, as saved: this room may not import its type. */
  tree: z.strictObject({
    leader: z.int().positive(),
    started: z.string(),
    marker: z.string(),
    output: z.string(),
    limit: z.int().nullable(),
  }),
  /** The process that stops it when nobody else does. */
  watchdog: z.strictObject({ pid: z.int().positive(), started: z.string() }),
  /** How many bytes of that output are in the log already. */
  shownBytes: z.int().nonnegative(),
  /** Which of its processes got the stop signal. */
  asked: z.array(z.string()),
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
