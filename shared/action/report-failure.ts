/** The end of an action that did not end well: what is said, what the outputs hold, and the exit code. */
import { ActionError } from "../problem/problem.ts";
import type { ActionSpec } from "./spec.ts";
import type { Toolkit } from "./toolkit.ts";
import { CancelledError } from "./watch-for-termination.ts";

/** What an action's exit code means. `0` is the only green. */
export const EXIT_CODE = { ok: 0, failed: 1, refused: 2, bug: 70, cancelled: 130 } as const;

type FailedAction = Pick<ActionSpec, "name" | "outputs">;

/** Says what happened, once, writes the outputs that stand for it, and answers with the exit code. Never throws. */
export function reportFailure(spec: FailedAction, error: unknown, signal: AbortSignal, toolkit: Toolkit): number {
  const code = logFailure(spec, signal.aborted && !(error instanceof ActionError) ? signal.reason : error, toolkit);
  try {
    for (const [name, output] of Object.entries(spec.outputs)) toolkit.setOutput(name, output.onFailure);
  } catch (unwritable) {
    // A full disk, or no file from the runner: the exit code still tells.
    toolkit.annotate("error", {
      code: "outputs-unwritable",
      message: `the outputs could not be written: ${getErrorMessage(unwritable)}`,
      fix: "See that the runner has room on its disk, and re-run the job",
    });
  }
  return code;
}

function logFailure(spec: FailedAction, error: unknown, toolkit: Toolkit): number {
  if (error instanceof CancelledError) {
    toolkit.annotate("error", {
      code: "job-cancelled",
      message: "the job was cancelled before the action was done",
      fix: "Re-run it when it may run to its end",
    });
    return EXIT_CODE.cancelled;
  }
  if (error instanceof ActionError) {
    for (const problem of error.problems) toolkit.annotate("error", problem);
    return error.kind === "refused" ? EXIT_CODE.refused : EXIT_CODE.failed;
  }
  toolkit.annotate("error", {
    code: "action-bug",
    message: `${spec.name} hit a bug of its own, not of yours`,
    fix: "Please open an issue with the log",
  });
  toolkit.print(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT_CODE.bug;
}

const getErrorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));
