/** What an action may say to its log. Safe for any text: see `neutralise`. */
import { formatProblem, type Problem } from "../problem/problem.ts";
import type { Toolkit } from "./toolkit.ts";

export interface Log {
  info(text: string): void;
  notice(text: string): void;
  warn(problem: Problem | string): void;
  /** A fault in the user's files, shown at its place. The action goes on, and fails in the end with one line of its own. */
  error(problem: Problem): void;
  /** Runs `work` with its lines folded under a title. */
  group<Result>(title: string, work: () => Promise<Result>): Promise<Result>;
}

/** GitHub shows ten annotations of a kind for a step; the rest would vanish without a word. */
const MAX_ANNOTATIONS_PER_LEVEL = 10;
/** The line a failing action ends with is an error too, and must not be the eleventh. */
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

/** Annotates, and from the last that is shown on says that there are more and only prints. */
function limitAnnotations(
  shown: number,
  level: "warning" | "error",
  toolkit: Toolkit,
): (problem: Problem | string) => void {
  let count = 0;
  return (problem) => {
    count += 1;
    if (count < shown) toolkit.annotate(level, problem);
    else if (count === shown) toolkit.annotate(level, `There are more ${level}s; see the log.`);
    if (count >= shown) toolkit.print(typeof problem === "string" ? problem : formatProblem(problem));
  };
}
