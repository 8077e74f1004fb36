/** What an action may say to its log. Safe for any text: see `neutralise`. */
import type { Problem } from "./problem.ts";
import type { Toolkit } from "./toolkit.ts";

export interface Log {
  info(text: string): void;
  notice(text: string): void;
  warn(problem: Problem | string): void;
  /** Runs `work` with its lines folded under a title. */
  group<Result>(title: string, work: () => Promise<Result>): Promise<Result>;
}

/** GitHub shows ten annotations of a kind for a step; the rest would vanish without a word. */
const SHOWN_WARNINGS = 10;

export function createLog(toolkit: Toolkit): Log {
  let warnings = 0;
  return {
    info: (text) => toolkit.print(text),
    notice: (text) => toolkit.annotate("notice", text),
    warn(problem) {
      warnings += 1;
      if (warnings < SHOWN_WARNINGS) toolkit.annotate("warning", problem);
      else if (warnings === SHOWN_WARNINGS) toolkit.annotate("warning", "There are more warnings; see the log.");
      if (warnings >= SHOWN_WARNINGS) toolkit.print(typeof problem === "string" ? problem : problem.message);
    },
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
