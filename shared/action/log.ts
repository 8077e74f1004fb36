/** What an action may write to its log. Safe for any text: see `escapeWorkflowCommands`. */
import { formatProblem, type Problem } from "../problem/problem.ts";
import type { Toolkit } from "./toolkit.ts";

export interface Log {
  info(text: string): void;
  notice(text: string): void;
  warn(problem: Problem | string): void;
  /** A problem in the user's files, shown at its place. The action continues, and at its end fails with one more line. */
  error(problem: Problem): void;
  /** Runs `work` with its lines folded under a title. */
  group<Result>(title: string, work: () => Promise<Result>): Promise<Result>;
}

/** GitHub shows ten annotations of a level for a step, and drops the rest without a message. */
const MAX_ANNOTATIONS_PER_LEVEL = 10;
/** The last line of a failing action is an error too, and must not be the eleventh. */
const MAX_ERROR_ANNOTATIONS = MAX_ANNOTATIONS_PER_LEVEL - 1;

export function createLog(toolkit: Toolkit): Log {
  const warn = limitAnnotations(MAX_ANNOTATIONS_PER_LEVEL, "warning", toolkit);
  const error = limitAnnotations(MAX_ERROR_ANNOTATIONS, "error", toolkit);
  return {
    info: (text) => toolkit.print(text),
    notice: (text) => toolkit.annotate("notice", text),
    warn,
    error,
    async group(title, work) {
      toolkit.openGroup(title);
      try {
        return await work();
      } finally {
        toolkit.closeGroup();
      }
    },
  };
}

/** Annotates up to the limit; its last annotation says that there are more, and these are only printed. */
function limitAnnotations(
  limit: number,
  level: "warning" | "error",
  toolkit: Toolkit,
): (problem: Problem | string) => void {
  let count = 0;
  return (problem) => {
    count += 1;
    if (count < limit) toolkit.annotate(level, problem);
    else if (count === limit) toolkit.annotate(level, `There are more ${level}s; see the log.`);
    if (count >= limit) toolkit.print(typeof problem === "string" ? problem : formatProblem(problem));
  };
}
