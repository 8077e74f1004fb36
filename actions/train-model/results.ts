/** The results of a training: metric files and model, complete and written by this training. */
import { digestModelFiles } from "../../shared/adapters/files/digest-model-files.ts";
import type { CoveredFiles, WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { ProcessResult } from "../../shared/adapters/process/supervise-process.ts";
import {
  collectMetrics,
  collectSkipped,
  type MetricsFile,
  readMetrics,
} from "../../shared/core/metrics/read-metrics.ts";
import { computeModelDigest } from "../../shared/core/registry/model-digest.ts";
import { ActionError, type Problem, userError } from "../../shared/problem/problem.ts";
import { describePatterns } from "../../shared/records/covered-patterns.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import type { CoveredPattern, FileRecord, Metric } from "../../shared/records/fields.ts";
import { metricKey } from "../../shared/records/metric-key.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import { quoteText } from "../../shared/text/document/document.ts";

export interface TrainingResults {
  readonly metrics: readonly Metric[];
  readonly metricFiles: readonly FileRecord[];
  readonly model: TrainingRecord["model"];
  /** Per-example results. */
  readonly predictionFiles: readonly FileRecord[];
  readonly patterns: readonly CoveredPattern[];
  /** Why the fields above are empty although the command succeeded. */
  readonly problems: readonly Problem[];
  /** What the files have where a metric is expected, and is none. */
  readonly warnings: readonly Problem[];
}

/** Changes whenever a file is written, even with the same bytes; `undefined` when it does not exist. */
export type ReadFingerprint = (path: string) => Promise<string | undefined>;

interface ResultPorts {
  readonly files: WorkspaceFiles;
  readonly fingerprint: ReadFingerprint;
  /** Paths that this action writes itself. */
  readonly own: readonly string[];
  readonly digestOf: DigestFunction;
}

export type FileFingerprints = ReadonlyMap<string, string>;
const NO_RESULTS: TrainingResults = {
  metrics: [],
  metricFiles: [],
  model: null,
  predictionFiles: [],
  patterns: [],
  problems: [],
  warnings: [],
};

/** The result files that exist before the training: from an earlier run, or committed. */
export async function fingerprintFiles(
  patterns: readonly string[],
  { files, fingerprint }: Pick<ResultPorts, "files" | "fingerprint">,
): Promise<FileFingerprints> {
  const found = new Map<string, string>();
  for (const pattern of patterns) {
    for (const path of await files.list([pattern]).catch(ignoreNoFiles))
      found.set(path, (await fingerprint(path)) ?? "");
  }
  return found;
}

/** All or nothing: a model without its metrics, or metrics without the model, are not a result. */
export async function collectResults(
  { kind, exit }: ProcessResult,
  patterns: Readonly<Record<"metrics" | "model" | "predictions", readonly string[]>>,
  before: FileFingerprints,
  ports: ResultPorts,
): Promise<TrainingResults> {
  if (kind !== "exited" || exit.code !== 0) return NO_RESULTS;
  try {
    const metricsCovered = await coverWrittenFiles(patterns.metrics, before, ports);
    const metricPaths = metricsCovered.paths;
    const texts = await Promise.all(metricPaths.map((path) => ports.files.readText(path)));
    const read = texts.map((text, at) => readMetrics(text, metricPaths[at] ?? "", "train-model"));
    const sources = new Map(read.flatMap((file) => file.metrics.map((metric) => [metricKey(metric), file.path])));
    const metrics = collectMetrics(read).map((metric) => ({ ...metric, source: sources.get(metricKey(metric)) ?? "" }));
    const metricFiles = await Promise.all(metricPaths.map(ports.files.digestFile));
    const modelCovered = await coverWrittenFiles(patterns.model, before, ports);
    const model = [...(await digestModelFiles(ports.files, modelCovered.paths))];
    const predicted = await coverWrittenFiles(patterns.predictions, before, ports);
    const predictionFiles = await Promise.all(predicted.paths.map(ports.files.digestFile));
    const digest = computeModelDigest(model, ports.digestOf);
    return {
      ...{ metrics, metricFiles, model: model.length === 0 ? null : { files: model, digest } },
      predictionFiles,
      patterns: [
        ...describePatterns("metrics", metricsCovered.patterns, metricFiles),
        ...describePatterns("model", modelCovered.patterns, model),
        ...describePatterns("predictions", predicted.patterns, predictionFiles),
      ],
      problems: [],
      warnings: toWarnings(read),
    };
  } catch (error) {
    if (error instanceof ActionError) return { ...NO_RESULTS, problems: error.problems };
    throw error;
  }
}

/** Only what could have been meant as one: a gate about it finds it missing. */
const toWarnings = (files: readonly MetricsFile[]): readonly Problem[] =>
  collectSkipped(files).flatMap(({ isSuspicious, code, name, why, place }) =>
    isSuspicious
      ? [
          {
            code,
            message: `${quoteText(name)} ${why}, and is left out`,
            place: place(),
            fix: "Find out why, and write a finite number",
          },
        ]
      : [],
  );

async function coverWrittenFiles(
  patterns: readonly string[],
  before: FileFingerprints,
  ports: ResultPorts,
): Promise<CoveredFiles> {
  const covered = await ports.files.cover(patterns);
  // Not by path: a new link to an old file is no new file.
  const old = new Set(before.values());
  for (const path of covered.paths) {
    if (ports.own.includes(path)) throw coversOwnFile(path);
    if (old.has((await ports.fingerprint(path)) ?? path)) throw staleResult(path);
  }
  return covered;
}

/** It is written again after its digest was taken. */
const coversOwnFile = (file: string): Error =>
  userError({
    code: "result-own-file",
    message: "a pattern of the results covers what this action writes itself",
    place: { file },
    fix: "Name the results more narrowly, or write the record to another folder",
  });

/** Otherwise the gate would judge the numbers of an earlier training as this one's. */
const staleResult = (file: string): Error =>
  userError({
    code: "result-stale",
    message: "the training did not write it: the file is the same as before the training",
    place: { file },
    fix: "Let the command write it; do not commit results",
  });

export function ignoreNoFiles(error: unknown): readonly string[] {
  if (error instanceof ActionError && error.problems[0]?.code === "no-files") return [];
  throw error;
}
