/** What a training left: metric files and the model, whole and its own. */

import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { ProcessResult } from "../../shared/adapters/process/supervise-process.ts";
import { collectMetrics, readMetrics } from "../../shared/core/metrics/read-metrics.ts";
import { computeModelDigest } from "../../shared/core/registry/model-digest.ts";
import { ActionError, type Problem, userError } from "../../shared/problem/problem.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import type { FileRecord, Metric } from "../../shared/records/fields.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";

export interface TrainingResults {
  readonly metrics: readonly Metric[];
  readonly metricFiles: readonly FileRecord[];
  readonly model: TrainingRecord["model"];
  /** Why there is nothing above although the command ended well. */
  readonly problems: readonly Problem[];
}

/** Changes whenever a file is written, even with the same bytes; `undefined` when it is not there. */
export type ReadFingerprint = (path: string) => Promise<string | undefined>;

interface ResultPorts {
  readonly files: WorkspaceFiles;
  readonly fingerprint: ReadFingerprint;
  readonly digestOf: DigestFunction;
}

type FileFingerprints = ReadonlyMap<string, string>;
const NO_RESULTS: TrainingResults = { metrics: [], metricFiles: [], model: null, problems: [] };

/** The files that lie already where the training is to write: of an earlier run, or committed. */
export async function fingerprintFiles(
  patterns: readonly string[],
  { files, fingerprint }: ResultPorts,
): Promise<FileFingerprints> {
  const found = new Map<string, string>();
  for (const pattern of patterns) {
    for (const path of await files.list([pattern]).catch(ignoreNoFiles))
      found.set(path, (await fingerprint(path)) ?? "");
  }
  return found;
}

/** Everything or nothing: a model without its metrics, or the other way round, is no result. */
export async function collectResults(
  { kind, exit }: ProcessResult,
  wanted: { readonly metrics: readonly string[]; readonly model: readonly string[] },
  before: FileFingerprints,
  ports: ResultPorts,
): Promise<TrainingResults> {
  if (kind !== "exited" || exit.code !== 0) return NO_RESULTS;
  try {
    const metricPaths = await listWrittenFiles(wanted.metrics, before, ports);
    const texts = await Promise.all(metricPaths.map((path) => ports.files.readText(path)));
    const metrics = collectMetrics(texts.map((text, at) => readMetrics(text, metricPaths[at] ?? "")));
    const metricFiles = await Promise.all(metricPaths.map(ports.files.digestFile));
    const model: FileRecord[] = [];
    for (const path of await listWrittenFiles(wanted.model, before, ports))
      model.push(await ports.files.digestFile(path));
    const digest = computeModelDigest(model, ports.digestOf);
    return { metrics, metricFiles, model: model.length === 0 ? null : { files: model, digest }, problems: [] };
  } catch (error) {
    if (error instanceof ActionError) return { ...NO_RESULTS, problems: error.problems };
    throw error;
  }
}

async function listWrittenFiles(
  patterns: readonly string[],
  before: FileFingerprints,
  ports: ResultPorts,
): Promise<readonly string[]> {
  const paths = await ports.files.list(patterns);
  for (const path of paths) {
    const old = before.get(path);
    if (old !== undefined && old === (await ports.fingerprint(path))) throw staleResult(path);
  }
  return paths;
}

/** Numbers of an earlier training would be judged as this one's. */
const staleResult = (file: string): Error =>
  userError({
    code: "result-stale",
    message: "the training did not write it: it is the file that was there before",
    place: { file },
    fix: "Let the command write it; do not commit results",
  });

function ignoreNoFiles(error: unknown): readonly string[] {
  if (error instanceof ActionError && error.problems[0]?.code === "no-files") return [];
  throw error;
}
