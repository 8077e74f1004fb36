/** Whether the numbers are about what is judged. Good metrics of another commit or of other data are not evidence. */
import { refused } from "../../problem/problem.ts";
import type { DataReport } from "../../records/data-report.ts";
import type { FileRecord, Metric } from "../../records/fields.ts";
import { isSameRepository } from "../../records/repository-name.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import type { Verdict } from "../../records/verdict.ts";
import { collectMetrics, collectSkipped, type MetricsFile } from "../metrics/read-metrics.ts";
import { formatSkipped } from "../metrics/sort-out.ts";
import type { PredictedCases } from "./predicted-cases.ts";

/** What is judged, and by which run. */
export interface Judging {
  /** The commit. */
  readonly judged: string;
  /** `owner/name` */
  readonly repository: string;
  /** The judging run's id. */
  readonly run: number;
  /** The one of several that is judged. */
  readonly model?: string | undefined;
  /** Nobody decides by these numbers: how well they are proven would only be noise. */
  readonly isForDisplay?: boolean;
  /** The training ran in this very job, which is said beside the result: the checkout then shows which commit was measured. */
  readonly sharesJob?: boolean;
}

/** A run of this repository, as GitHub shows it. */
export interface TrainingRun {
  readonly id: number;
  readonly event: string;
  readonly repository: { readonly id: number };
  /** Null when the fork it came from was deleted. */
  readonly head_repository: { readonly id: number } | null;
}

export interface GateEvidence {
  readonly files: readonly MetricsFile[];
  /** The run that a training record names, when it is another one than the judging run; `undefined`: there is none. */
  readonly trainingRun?: TrainingRun | undefined;
  /** Paths of `files` with the same content in the commit: its author wrote them, not a training. */
  readonly committed: readonly string[];
  /** The commit of the workspace; `undefined`: it has none. */
  readonly checkout?: string | undefined;
  readonly report: DataReport | undefined;
  /** Per-example results, where the policy names some. */
  readonly predictions?: PredictionEvidence;
}

export interface PredictionEvidence extends PredictedCases {
  readonly files: readonly FileRecord[];
}

/** For the verdict. */
export const listPredictions = ({ files }: PredictionEvidence): NonNullable<Verdict["evidence"]> =>
  files.map(({ path, bytes, digest }) => ({ kind: "predictions", path, bytes, digest }));

interface VerifiedEvidence {
  /** What was measured: all files together. */
  readonly candidate: readonly Metric[];
  /** What a reviewer should know about where the numbers come from. */
  readonly notes: readonly string[];
}

/**
 * @throws ActionError `evidence-two-records`, `evidence-training-failed`, `evidence-foreign`, `evidence-other-commit`,
 *   `evidence-other-model`, `evidence-data-failed`, `evidence-other-data`, `evidence-other-predictions`, and as `collectMetrics`
 */
export function verifyEvidence(judging: Judging, evidence: GateEvidence): VerifiedEvidence {
  const { files, committed, report } = evidence;
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
  if (report !== undefined) {
    assertOwn("data report", report.origin.repository, judging);
    assertOwnModel("data report", report.model, judging);
  }
  if (first?.record !== undefined) {
    assertTrainingRecordMatches(judging, first.path, first.record, evidence);
    assertOwnPredictions(first.path, first.record, evidence.predictions);
  }
  return {
    candidate: collectMetrics(files),
    notes: [
      ...reuseNotes(first?.record),
      ...committedNotes(committed),
      ...(judging.isForDisplay ? [] : unboundNotes(judging, evidence)),
      ...skippedNotes(files),
    ],
  };
}

/** A reviewer should know that nothing ran for this commit. */
function reuseNotes(record: TrainingRecord | undefined): readonly string[] {
  if (record?.reused === undefined) return [];
  const { commit, proof } = record.reused;
  return [
    `Nothing was trained for this commit: nothing that matters differs from commit ${commit.slice(0, 7)}, which run ${proof.run} trained.`,
  ];
}

/** Only what could have been meant as a metric: a rule about it finds it missing, and this says why. */
function skippedNotes(files: readonly MetricsFile[]): readonly string[] {
  const here = collectSkipped(files).filter(({ isSuspicious }) => isSuspicious);
  const atTraining = files
    .flatMap(({ record }) => record?.problems ?? [])
    .filter(({ severity }) => severity === "warning");
  const all = [...here.map(formatSkipped), ...atTraining.map(({ message }) => message)];
  if (all.length === 0) return [];
  const more = all.length > MAX_SKIPPED ? `; and ${all.length - MAX_SKIPPED} more` : "";
  return [`Not counted: ${all.slice(0, MAX_SKIPPED).join("; ")}${more}.`];
}

const MAX_SKIPPED = 5;

const committedNotes = (committed: readonly string[]): readonly string[] =>
  committed.map(
    (path) => `${path} is committed in the repository: its author wrote the numbers, and nothing verifies them.`,
  );

function unboundNotes(judging: Judging, { files, committed, checkout }: GateEvidence): readonly string[] {
  if (judging.sharesJob && checkout === judging.judged) return [];
  const loose = files.filter(({ record }) => record === undefined).map(({ path }) => path);
  const unbound = loose.filter((path) => !committed.includes(path));
  if (unbound.length === 0) return [];
  return [
    `Nothing shows that ${unbound.join(", ")} was measured for this commit: it is not a training record, as train-model writes it.`,
  ];
}

function assertTrainingRecordMatches(
  judging: Judging,
  file: string,
  record: TrainingRecord,
  { report, trainingRun }: GateEvidence,
): void {
  const { judged } = judging;
  const place = { file };
  const { outcome, commit, dataDigest, exit } = record;
  if (outcome !== "success") {
    const end = exit.signal ?? (exit.code === null ? "" : `exit code ${exit.code}`);
    const cause = record.problems?.[0]?.message;
    const message = `the training ended in ${outcome}${end === "" ? "" : ` (${end})`}${cause === undefined ? "" : `: ${cause}`}`;
    throw refused({
      code: "evidence-training-failed",
      message,
      place,
      fix: "Read the training's log and fix the error",
    });
  }
  assertOwn("training record", record.origin.repository, judging);
  assertOwnModel("training record", record.modelName, judging);
  assertOwnRun(record.origin.run, judging, trainingRun);
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

/** Those that the training wrote: others may be of a better model. */
function assertOwnPredictions(
  file: string,
  { predictionFiles = [] }: TrainingRecord,
  predictions: PredictionEvidence | undefined,
): void {
  const recorded = new Set(predictionFiles.map(({ digest }) => digest));
  const other = predictions?.files.find(({ digest }) => !recorded.has(digest));
  if (other === undefined) return;
  throw refused({
    code: "evidence-other-predictions",
    message: `${other.path} is none of the predictions that this training wrote`,
    place: { file },
    fix: 'Name the files in train-model\'s input "predictions", and pass them on unchanged with the record',
  });
}

function assertOwn(what: string, repository: string, judging: Judging): void {
  if (isSameRepository(repository, judging.repository)) return;
  throw foreignEvidence(`the ${what} is from the repository ${repository}, not from ${judging.repository}`);
}

/** What does not say which model it is about was not made by an action that knew of several. */
function assertOwnModel(what: string, model: string | undefined, judging: Judging): void {
  if (model === undefined || judging.model === undefined || model === judging.model) return;
  throw refused({
    code: "evidence-other-model",
    message: `the ${what} is about the model ${model}, and ${judging.model} is judged`,
    fix: `Give each model a name of its own for the files and artifacts of its records, and pass those of ${judging.model}`,
  });
}

/**
 * Events of runs that train for another one. Not among them: pull requests, whose author chooses what is run, and what other
 * runs start.
 */
const TRAINS_FOR_OTHERS: ReadonlySet<string> = new Set([
  ...["workflow_dispatch", "repository_dispatch", "push", "schedule", "merge_group"],
]);

/** The record is from this run, or from one that this repository's own code ran in. */
function assertOwnRun(run: number, judging: Judging, found: TrainingRun | undefined): void {
  if (run === judging.run) return;
  if (found?.id !== run)
    throw foreignEvidence(`the training record is from run ${run}, which this repository does not have`);
  if (TRAINS_FOR_OTHERS.has(found.event) && found.head_repository?.id === found.repository.id) return;
  throw foreignEvidence(
    `the training record is from run ${run} on ${found.event}, which does not train for other runs`,
  );
}

const foreignEvidence = (message: string) =>
  refused({
    code: "evidence-foreign",
    message,
    fix: "Judge the record of a training in the same run, or of one that dispatch-training started",
  });
