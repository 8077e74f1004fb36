/** The problem that the step ends with when a training did not succeed. */
import type { ProcessResult } from "../../shared/adapters/process/supervise-process.ts";
import type { Diagnosis } from "../../shared/core/training/diagnosis/kinds.ts";
import { linesForMessage } from "../../shared/core/training/kept-log.ts";
import { formatDuration } from "../../shared/core/training/polling.ts";
import type { Price } from "../../shared/core/training/price.ts";
import type { Problem } from "../../shared/problem/problem.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import { formatCount } from "../../shared/report/markdown.ts";
import type { TrainingResults } from "./results.ts";
import type { MachineReport } from "./watch-machine.ts";

/** How a training ended, and what is known about why. */
export interface TrainingOutcome {
  readonly ended: ProcessResult;
  readonly results: TrainingResults;
  readonly why: Diagnosis | undefined;
  readonly machine: MachineReport;
  readonly curves: NonNullable<TrainingRecord["curves"]>;
  readonly price: Price | undefined;
  readonly log: TrainingRecord["log"];
}

/** Problems of its results have been reported one by one before. */
export function failureProblem(record: TrainingRecord, { ended, results, why }: TrainingOutcome): Problem {
  const { problems } = results;
  const { startedAt, endedAt, exit, log } = record;
  const after = `after ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}`;
  const details = linesForMessage(log?.tail ?? []);
  const how = exit.signal ?? (exit.code === null ? "an unknown exit code" : `exit code ${exit.code}`);
  switch (ended.kind) {
    case "timed-out":
      return {
        code: "training-timed-out",
        message: `the training timed out ${after}; it received the stop signal and ended with ${how}${because(why)}`,
        fix: why?.fix ?? "Give it more time with the input timeout, or less to do",
        details,
      };
    case "cancelled":
      return {
        code: "training-cancelled",
        message: ended.survivingTree
          ? `the training was cancelled ${after}; it received the stop signal, and the post step waits for it`
          : `the training was cancelled ${after} and ended with ${how}`,
        fix: "Re-run the job",
      };
    case "exited":
      return problems.length > 0
        ? {
            code: "training-results-unusable",
            message: `the training succeeded ${after}, but its results are missing or invalid: ${formatCount(problems.length, "problem")}`,
            fix: "Fix the errors that the log shows before this one",
          }
        : {
            code: "training-failed",
            message: `the training failed ${after} with ${how}${because(why)}`,
            fix: why?.fix ?? (log?.path === undefined ? SEE_OUTPUT : `${SEE_LINES}; ${log.path} has more`),
            details,
          };
  }
}

const SEE_OUTPUT = "See its output above for the reason";
const SEE_LINES = "See the last lines of its output below";

/** `: a GPU ran out of memory: "torch.OutOfMemoryError: …"` */
function because(why: Diagnosis | undefined): string {
  if (why === undefined) return "";
  const [line = ""] = why.evidence === undefined ? [] : [why.evidence.line];
  const shown = line.length <= MAX_EVIDENCE ? line : `${line.slice(0, MAX_EVIDENCE).toWellFormed()}…`;
  return line === "" ? `: ${why.message}` : `: ${why.message}: "${shown}"`;
}

/** In characters; the record has more of it. */
const MAX_EVIDENCE = 240;
