/** The errors that Python printed, and which of them ended the training. */

/** One error with those that led to it, as a traceback shows them: the first is the oldest. */
export interface Failure {
  readonly errors: readonly ErrorLine[];
  /** Of the process that printed it, where a launcher says so in front of each line. */
  readonly rank: number | undefined;
}

export interface ErrorLine {
  /** Position among the lines of the log, from 0. */
  readonly at: number;
  /** `ValueError: no such column`, without what a launcher put in front of it. */
  readonly text: string;
}

/** What launchers put in front of a line: torch, torchrun with `--tee`, Ray. */
const PREFIX = /^(?:\[(?:rank|default)(\d{1,5})\]:[ ]?|\([\w.:-]{1,80} pid=\d{1,10}[^)]{0,80}\)[ ]?)/;
const TRACEBACK = /(?:^|\s)Traceback \(most recent call last\):$/;
/** Between an error and the one that came while it was handled. */
const LINK =
  /^(?:During handling of the above exception, another exception occurred:|The above exception was the direct cause of the following exception:)$/;

/** All errors with a traceback, in the order of the log. */
export function listFailures(lines: readonly string[]): readonly Failure[] {
  const failures: { readonly errors: ErrorLine[]; readonly rank: number | undefined }[] = [];
  const open = new Map<number | undefined, { isLinked: boolean; inTraceback: boolean }>();
  let isReading = false;
  for (const [at, line] of lines.entries()) {
    // Nearly all lines of a long log are neither a beginning nor within a traceback.
    if (!isReading && !line.endsWith(":")) continue;
    const { text, rank } = splitPrefix(line);
    const reader = open.get(rank);
    if (TRACEBACK.test(text)) {
      // An "Original Traceback" follows at once: of the worker whose error is told.
      const isLinked = reader?.isLinked === true || text.startsWith("Original ");
      open.set(rank, { isLinked, inTraceback: true });
    } else if (LINK.test(text)) {
      open.set(rank, { isLinked: true, inTraceback: false });
    } else if (reader?.inTraceback && text !== "" && !/^[\s|+]/.test(text)) {
      const last = failures.findLast((failure) => failure.rank === rank);
      if (reader.isLinked && last !== undefined) last.errors.push({ at, text });
      else failures.push({ errors: [{ at, text }], rank });
      open.set(rank, { isLinked: false, inTraceback: false });
    }
    isReading = [...open.values()].some(({ inTraceback }) => inTraceback);
  }
  return failures;
}

function splitPrefix(line: string): { readonly text: string; readonly rank: number | undefined } {
  const prefix = PREFIX.exec(line);
  if (prefix === null) return { text: line, rank: undefined };
  return { text: line.slice(prefix[0].length), rank: prefix[1] === undefined ? undefined : Number(prefix[1]) };
}

/** Errors of a process that only noticed that another one had failed. */
const CONSEQUENCE =
  /ChildFailedError|CalledProcessError|ProcessRaisedException|ProcessExitedException|RayTaskError|ncclRemoteError|Connection (?:closed|reset) by peer|DataLoader worker \(pid/;

const isConsequence = ({ errors }: Failure): boolean => errors.some(({ text }) => CONSEQUENCE.test(text));

/** Of several processes, only what they printed near the end belongs to their end. */
const END_LINES = 2_000;

/**
 * The error that ended the training. Of one process it is the last one: an earlier one was handled. Of several it is the first
 * one at the end that is not only about another of them.
 *
 * @param rootRank the process that a launcher names as the first that failed
 */
export function findFatalFailure(
  failures: readonly Failure[],
  lineCount: number,
  rootRank: number | undefined,
): Failure | undefined {
  const last = failures.at(-1);
  const isOfSeveral = rootRank !== undefined || failures.some((each) => each.rank !== undefined || isConsequence(each));
  if (!isOfSeveral) return last;
  const near = failures.filter(({ errors }) => (errors.at(-1)?.at ?? 0) >= lineCount - END_LINES);
  const causes = near.filter((failure) => !isConsequence(failure));
  return causes.find(({ rank }) => rank !== undefined && rank === rootRank) ?? causes[0] ?? last;
}

/** What torchrun says about the process that failed first. */
export interface RootCause {
  readonly rank: number;
  /** Minus the number of a signal. */
  readonly exitCode: number;
  /** Position of the line with the exit code. */
  readonly at: number;
}

export function findRootCause(lines: readonly string[]): RootCause | undefined {
  const from = lines.findLastIndex((line) => line.trim() === "Root Cause (first observed failure):");
  if (from < 0) return undefined;
  const report = lines.slice(from, from + 12);
  const rank = /^\s*rank\s*: (\d{1,6}) /.exec(report.find((line) => /^\s*rank\s*:/.test(line)) ?? "")?.[1];
  const position = report.findIndex((line) => /^\s*exitcode\s*:/.test(line));
  const code = /: (-?\d{1,4})\b/.exec(report[position] ?? "")?.[1];
  if (rank === undefined || code === undefined) return undefined;
  return { rank: Number(rank), exitCode: Number(code), at: from + position };
}
