/** What happens when an action fails: its messages, its outputs and its exit code. */
import { ActionError } from "../problem/problem.ts";
import type { ActionSpec } from "./spec.ts";
import type { Toolkit } from "./toolkit.ts";
import { CancelledError } from "./watch-for-termination.ts";

/** What an action's exit code means. Only `0` lets the step pass. */
export const EXIT_CODE = { ok: 0, failed: 1, refused: 2, bug: 70, cancelled: 130 } as const;

type FailedAction = Pick<ActionSpec, "name" | "outputs">;

/** Reports what happened, once, and writes the outputs of a failure. Never throws. @returns the exit code */
export function reportFailure(spec: FailedAction, error: unknown, signal: AbortSignal, toolkit: Toolkit): number {
  const code = logFailure(spec, signal.aborted && !(error instanceof ActionError) ? signal.reason : error, toolkit);
  try {
    for (const [name, output] of Object.entries(spec.outputs)) toolkit.setOutput(name, output.onFailure);
  } catch (writeError) {
    // A full disk, or no file from the runner: the exit code still reports the failure.
    toolkit.annotate("error", {
      code: "outputs-unwritable",
      message: `the outputs could not be written: ${getErrorMessage(writeError)}`,
      fix: "Check that the runner's disk is not full, and re-run the job",
    });
  }
  return code;
}

function logFailure(spec: FailedAction, error: unknown, toolkit: Toolkit): number {
  if (error instanceof CancelledError) {
    toolkit.annotate("error", {
      code: "job-cancelled",
      message: "the job was cancelled before the action was done",
      fix: "Re-run the job when it can run to its end",
    });
    return EXIT_CODE.cancelled;
  }
  if (error instanceof ActionError) {
    for (const problem of error.problems) toolkit.annotate("error", problem);
    return error.kind === "refused" ? EXIT_CODE.refused : EXIT_CODE.failed;
  }
  toolkit.annotate("error", {
    code: "action-bug",
    message: `${spec.name} failed because of a bug in the action, not in your files`,
    fix: "Please open an issue with the log",
  });
  toolkit.print(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT_CODE.bug;
}

const getErrorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));
