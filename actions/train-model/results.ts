/** What a training left: metric files and the model, whole and its own. */
import { ActionFailure, mistake, type Problem } from "../../shared/action/problem.ts";
import type { Files } from "../../shared/adapters/files/files.ts";
import type { Ended } from "../../shared/adapters/process/supervise.ts";
import { collectMetrics, readMetrics } from "../../shared/core/metrics/read-metrics.ts";
import { modelDigest } from "../../shared/core/registry/model-digest.ts";
import type { DigestOf } from "../../shared/records/digest.ts";
import type { FileRecord, Metric } from "../../shared/records/parts.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";

export interface Results {
  readonly metrics: readonly Metric[];
  readonly metricFiles: readonly FileRecord[];
  readonly model: TrainingRecord["model"];
  /** Why there is nothing above although the command ended well. */
  readonly problems: readonly Problem[];
}

/** Changes whenever a file is written, even with the same bytes; `undefined` when it is not there. */
export type Fingerprint = (path: string) => Promise<string | undefined>;

interface Ports {
  readonly files: Files;
  readonly fingerprint: Fingerprint;
  readonly digestOf: DigestOf;
}

type Snapshot = ReadonlyMap<string, string>;
const NOTHING: Results = { metrics: [], metricFiles: [], model: null, problems: [] };

/** The files that lie already where the training is to write: of an earlier run, or committed. */
export async function snapshot(patterns: readonly string[], { files, fingerprint }: Ports): Promise<Snapshot> {
  const found = new Map<string, string>();
  for (const pattern of patterns) {
    for (const path of await files.list([pattern]).catch(noneOfThem)) found.set(path, (await fingerprint(path)) ?? "");
  }
  return found;
}

/** Everything or nothing: a model without its metrics, or the other way round, is no result. */
export async function collectResults(
  { kind, exit }: Ended,
  wanted: { readonly metrics: readonly string[]; readonly model: readonly string[] },
  before: Snapshot,
  ports: Ports,
): Promise<Results> {
  if (kind !== "exited" || exit.code !== 0) return NOTHING;
  try {
    const metricPaths = await written(wanted.metrics, before, ports);
    const texts = await Promise.all(metricPaths.map((path) => ports.files.readText(path)));
    const metrics = collectMetrics(texts.map((text, at) => readMetrics(text, metricPaths[at] ?? "")));
    const metricFiles = await Promise.all(metricPaths.map(ports.files.describe));
    const model: FileRecord[] = [];
    for (const path of await written(wanted.model, before, ports)) model.push(await ports.files.describe(path));
    const digest = modelDigest(model, ports.digestOf);
    return { metrics, metricFiles, model: model.length === 0 ? null : { files: model, digest }, problems: [] };
  } catch (error) {
    if (error instanceof ActionFailure) return { ...NOTHING, problems: error.problems };
    throw error;
  }
}

async function written(patterns: readonly string[], before: Snapshot, ports: Ports): Promise<readonly string[]> {
  const paths = await ports.files.list(patterns);
  for (const path of paths) {
    const old = before.get(path);
    if (old !== undefined && old === (await ports.fingerprint(path))) throw stale(path);
  }
  return paths;
}

/** Numbers of an earlier training would be judged as this one's. */
const stale = (file: string): Error =>
  mistake({
    code: "result-stale",
    message: "the training did not write it: it is the file that was there before",
    place: { file },
    fix: "Let the command write it; do not commit results",
  });

function noneOfThem(error: unknown): readonly string[] {
  if (error instanceof ActionFailure && error.problems[0]?.code === "no-files") return [];
  throw error;
}
