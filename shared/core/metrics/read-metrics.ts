/** Reads a metrics file of any kind. */
import type { Metric } from "../../records/fields.ts";
import { compareMetricIds } from "../../records/metric-key.ts";
import { readRecordDocument } from "../../records/read-record.ts";
import { isRecordOf } from "../../records/record-format.ts";
import { type TrainingRecord, trainingRecord } from "../../records/training-record.ts";
import { readJson } from "../../text/json/read-json.ts";
import { readCsvMetrics } from "./csv-metrics.ts";
import { readJsonMetrics } from "./json-metrics.ts";
import { assertValidMetrics, type ParsedMetric } from "./parsed-metric.ts";

export interface MetricsFile {
  readonly path: string;
  readonly metrics: readonly ParsedMetric[];
  /** The record, when the file is one: it says which commit and data its numbers are about. */
  readonly record: TrainingRecord | undefined;
}

/**
 * Reads one file; its extension tells its kind, or else its first character.
 *
 * @param reader the action that reads it
 * @throws ActionError with file, line and, in JSON, column; codes start with `metrics-`, for a broken record `record-`
 */
export function readMetrics(text: string, path: string, reader: string): MetricsFile {
  const isCsv = /\.[ct]sv$/i.test(path) || !(/\.json$/i.test(path) || /^[\s\uFEFF]*[[{]/.test(text));
  const read = isCsv ? { metrics: readCsvMetrics(text, path), record: undefined } : readJsonFile(text, path, reader);
  // A failed training may have measured nothing; its record gives a clearer message.
  if (read.record === undefined || read.metrics.length > 0) assertValidMetrics(read.metrics, path);
  return { path, ...read };
}

/** One list of several files, sorted by name and slice. @throws ActionError when two files contain the same metric */
export function collectMetrics(files: readonly MetricsFile[]): readonly Metric[] {
  const metrics = files.flatMap((file) => file.metrics);
  assertValidMetrics(metrics, files.map((file) => file.path).join(", "));
  return metrics.map(({ name, slice, value }) => ({ name, slice, value })).sort(compareMetricIds);
}

function readJsonFile(text: string, path: string, reader: string): Pick<MetricsFile, "metrics" | "record"> {
  const document = readJson(text, path, "metrics");
  if (!isRecordOf(trainingRecord, document.value)) return { metrics: readJsonMetrics(document), record: undefined };
  const { record } = readRecordDocument(trainingRecord, document, { file: path, reader });
  const metrics = record.metrics.map((metric, index) => ({
    ...metric,
    place: () => document.placeOf(["metrics", index]),
  }));
  return { metrics, record };
}
