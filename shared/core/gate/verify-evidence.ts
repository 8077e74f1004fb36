/** Whether the numbers are about what is judged. Good metrics of another commit or of other data are not evidence. */
import { refused } from "../../problem/problem.ts";
import type { DataReport } from "../../records/data-report.ts";
import type { Metric } from "../../records/fields.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import { collectMetrics, type MetricsFile } from "../metrics/read-metrics.ts";

export interface GateEvidence {
  readonly files: readonly MetricsFile[];
  /** Paths of `files` with the same content in the commit: its author wrote them, not a training. */
  readonly committed: readonly string[];
  readonly report: DataReport | undefined;
}

interface VerifiedEvidence {
  /** What was measured: all files together. */
  readonly candidate: readonly Metric[];
  /** What a reviewer should know about where the numbers come from. */
  readonly notes: readonly string[];
}

/**
 * @param judged the commit that is judged
 * @throws ActionError `evidence-two-records`, `evidence-training-failed`, `evidence-other-commit`,
 *   `evidence-data-failed`, `evidence-other-data`, and as `collectMetrics`
 */
export function verifyEvidence(judged: string, { files, committed, report }: GateEvidence): VerifiedEvidence {
  const [first, second] = files.filter(({ record }) => record !== undefined);
  if (second !== undefined) {
    const message = `${first?.path} and ${second.path} are both training records`;
    throw refused({ code: "evidence-two-records", message, fix: "Name only the record of the training to be judged" });
  }
  if (report !== undefined && report.outcome !== "pass") {
    const what = report.outcome === "fail" ? "violates its contract" : "could not be judged";
    const message = `the data report says that the data ${what}`;
    throw refused({ code: "evidence-data-failed", message, fix: "Fix the data, then train on it" });
  }
  if (first?.record !== undefined) assertTrainingRecordMatches(judged, first.path, first.record, report);
  return { candidate: collectMetrics(files), notes: unverifiedFileNotes(files, committed) };
}

function unverifiedFileNotes(files: readonly MetricsFile[], committed: readonly string[]): readonly string[] {
  const loose = files.filter(({ record }) => record === undefined).map(({ path }) => path);
  const unbound = loose.filter((path) => !committed.includes(path));
  return [
    ...committed.map(
      (path) => `${path} is committed in the repository: its author wrote the numbers, and nothing verifies them.`,
    ),
    ...(unbound.length === 0
      ? []
      : [`Nothing shows that ${unbound.join(", ")} was measured for this commit: it is not a training record.`]),
  ];
}

function assertTrainingRecordMatches(
  judged: string,
  file: string,
  record: TrainingRecord,
  report: DataReport | undefined,
): void {
  const place = { file };
  const { outcome, commit, dataDigest, exit } = record;
  if (outcome !== "success") {
    const end = exit.signal ?? (exit.code === null ? "" : `exit code ${exit.code}`);
    const message = `the training ended in ${outcome}${end === "" ? "" : ` (${end})`}`;
    throw refused({
      code: "evidence-training-failed",
      message,
      place,
      fix: "Read the training's log and fix the error",
    });
  }
  if (commit !== judged) {
    const message = `the training record is about commit ${commit}, and this run judges ${judged}`;
    const fix = "Train the commit that is judged: github.sha, which for a pull request is the test merge";
    throw refused({ code: "evidence-other-commit", message, place, fix });
  }
  if (report !== undefined && dataDigest !== report.dataDigest) {
    const message =
      dataDigest === null
        ? "the training record does not say which data it was trained on"
        : "the training record is about other data than the data report";
    const fix = "Give train-model the data report of this run, and train on the data it checked";
    throw refused({ code: "evidence-other-data", message, place, fix });
  }
}
