/** What a failed training leaves behind on GitHub, as problems and as the last lines of its log. */
import type { TrainingRecord } from "../../records/training-record.ts";
import { quoteText } from "../../text/document/document.ts";

export interface FailedJob {
  readonly name: string;
  readonly conclusion: string;
  /** The steps that failed; none when the job never ran. */
  readonly steps: readonly string[];
  readonly annotations: readonly Annotation[];
  /** As GitHub keeps it, with secrets masked; `undefined`: there is none, or the token may not read it. */
  readonly log: string | undefined;
}

export interface Annotation {
  /** GitHub's word: `failure`, `warning` or `notice`. */
  readonly level: string;
  readonly message: string;
  readonly file: string;
  readonly line: number | undefined;
}

type RecordedProblem = NonNullable<TrainingRecord["problems"]>[number];

const MAX_ANNOTATIONS = 10;
const MAX_MESSAGE_LENGTH = 500;
/** As the record's `log.tail`. */
const MAX_TAIL_LINES = 50;
const MAX_LINE_LENGTH = 2_000;

/** One for each job, and one for each of its annotations that is an error; the same text once. */
export function describeFailedJobs(jobs: readonly FailedJob[]): readonly RecordedProblem[] {
  const problems = jobs.flatMap((job): RecordedProblem[] => {
    const errors = job.annotations.filter(({ level }) => level === "failure");
    return [
      { code: "dispatched-job-failed", message: describeJob(job), severity: "error" },
      ...errors.slice(0, MAX_ANNOTATIONS).map(toProblem),
    ];
  });
  return problems.filter(({ message }, at) => problems.findIndex((other) => other.message === message) === at);
}

/** In one line, with what its log says last: `job "model" failed in the step "Run python train.py": CUDA out of memory`. */
export function explainFailedJob(job: FailedJob): string {
  const last = lastLogLines(job.log ?? "").findLast((line) => line.trim() !== "" && !EXIT_CODE.test(line));
  return last === undefined ? describeJob(job) : `${describeJob(job)}: ${shorten(last.trim())}`;
}

/** The runner's own words about the end of every command. */
const EXIT_CODE = /^Process completed with exit code \d+\.$/;
const MAX_LAST_LINE_LENGTH = 200;
const shorten = (line: string): string => {
  const letters = [...line];
  return letters.length <= MAX_LAST_LINE_LENGTH ? line : `${letters.slice(0, MAX_LAST_LINE_LENGTH).join("")}…`;
};

function describeJob({ name, conclusion, steps }: FailedJob): string {
  const how = conclusion === "failure" ? "failed" : `ended as ${conclusion}`;
  if (steps.length === 0) return `job ${quoteText(name)} ${how} before any of its steps did`;
  return `job ${quoteText(name)} ${how} in the step ${steps.map(quoteText).join(" and ")}`;
}

/** The runner's own annotations are about a file `.github`, and no line of it means anything. */
const RUNNER_FILE = ".github";

function toProblem({ message, file, line }: Annotation): RecordedProblem {
  const text = message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
  const hasPlace = file !== "" && file !== RUNNER_FILE;
  const place = { file, ...(line !== undefined && line > 0 && { line }) };
  return { code: "dispatched-job-annotation", message: text, severity: "error", ...(hasPlace && { place }) };
}

/** GitHub begins each line with its time, and marks what the runner itself says with `##[error]` and the like. */
const TIME = /^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z /;

/** The last lines up to the last error: what follows it is the runner's cleaning up. */
export function lastLogLines(log: string): readonly string[] {
  const lines = log.split(/\r?\n/).map((line) => line.replace(TIME, ""));
  const lastError = lines.findLastIndex((line) => line.startsWith("##[error]"));
  const until = lastError === -1 ? lines.length : lastError + 1;
  const shown = lines.slice(0, until).map((line) => line.replace(/^##\[error\]/, "").slice(0, MAX_LINE_LENGTH));
  while (shown.at(-1)?.trim() === "") shown.pop();
  return shown.slice(-MAX_TAIL_LINES);
}

/** The record with what GitHub shows about the failure; what the training itself has recorded comes first, and stays. */
export function withFailedJobs(record: TrainingRecord, jobs: readonly FailedJob[]): TrainingRecord {
  const problems = [...(record.problems ?? []), ...describeFailedJobs(jobs)];
  const log = jobs.find((job) => job.log !== undefined)?.log;
  const tail = log === undefined ? [] : [...lastLogLines(log)];
  return {
    ...record,
    ...(problems.length > 0 && { problems }),
    ...(record.log === undefined &&
      log !== undefined && { log: { bytes: new TextEncoder().encode(log).length, tail } }),
  };
}

/** For a run that left no record: enough to say which training failed, how, and why; it has no results. */
export function createFailedRecord(
  outcome: "failure" | "cancelled" | "timed-out",
  request: Pick<TrainingRecord, "commit" | "origin" | "startedAt" | "endedAt">,
): TrainingRecord {
  return {
    schema: "mlops-actions/training-record@2",
    outcome,
    ...request,
    ...{ dataDigest: null, command: ["unknown: the run left no record"], params: {} },
    environment: { os: "", arch: "", runner: "", gpus: [], versions: {} },
    exit: { code: null, signal: null },
    ...{ metrics: [], metricFiles: [], model: null },
  };
}
