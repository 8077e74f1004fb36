/** Reads a metrics file of any kind that is known, by its content. */
import { parse as parseToml, TomlError } from "smol-toml";
import { ActionError, userError } from "../../problem/problem.ts";
import type { Metric } from "../../records/fields.ts";
import { compareMetricIds } from "../../records/metric-key.ts";
import { readRecordDocument } from "../../records/read-record.ts";
import { isRecordOf } from "../../records/record-format.ts";
import { type TrainingRecord, trainingRecord } from "../../records/training-record.ts";
import { readJson } from "../../text/json/read-json.ts";
import { readForeignYaml } from "../../text/yaml/parse-foreign-yaml.ts";
import { assertFewParts, assertMetrics } from "./assert-metrics.ts";
import { readAlignedTable } from "./formats/aligned-table.ts";
import { type FoundValue, isList, isObject, type MetricSource } from "./formats/format.ts";
import { readMarkdownTable } from "./formats/markdown-table.ts";
import { isGoBenchmark, readGoBenchmark } from "./formats/microbenchmarks.ts";
import { readNamedLines } from "./formats/named-lines.ts";
import { explainNoResult } from "./formats/no-results.ts";
import { readPythonObjects } from "./formats/python-objects.ts";
import { readTable } from "./formats/table.ts";
import { FORMATS, TEXT_KINDS } from "./formats/table-of-formats.ts";
import {
  isMlflowFile,
  isPrometheus,
  readJUnit,
  readMlflowFile,
  readModelIndex,
  readPrometheus,
} from "./formats/text-kinds.ts";
import { type ParsedMetric, type SkippedValue, sortOut } from "./sort-out.ts";

export interface MetricsFile {
  readonly path: string;
  readonly metrics: readonly ParsedMetric[];
  /** What the file has under a name that is no metric: text, lists, numbers that are not finite, names that appear twice. */
  readonly skipped: readonly SkippedValue[];
  /** The record, when the file is one: it says which commit and data its numbers are about. */
  readonly record: TrainingRecord | undefined;
}

/**
 * Reads one file; its extension and its content tell its kind.
 *
 * @param reader the action that reads it
 * @throws ActionError with file, line and, in JSON, column; `metrics-too-many` before it is read; codes start with `metrics-`, for a broken record `record-`
 */
export function readMetrics(text: string, path: string, reader: string): MetricsFile {
  assertFewParts(text, path);
  const { values, record } = readValues(text, path, reader);
  const { metrics, skipped } = sortOut(values);
  // What our own actions write has nothing to be left out.
  if (record !== undefined && skipped.length > 0) assertMetrics([], path, skipped);
  // A failed training may have measured nothing; its record gives a clearer message.
  if (record === undefined || metrics.length > 0) assertMetrics(metrics, path, skipped);
  return { path, metrics, skipped, record };
}

/**
 * One list of several files, sorted by name and slice. A metric that several files have is in none: nothing says which is meant.
 *
 * @throws ActionError `metrics-empty`, `metrics-too-many`
 */
export function collectMetrics(files: readonly MetricsFile[]): readonly Metric[] {
  const { metrics, skipped } = sortOut(files.flatMap((file) => file.metrics));
  assertMetrics(metrics, files.map((file) => file.path).join(", "), skipped);
  return metrics.map(({ place: _, ...metric }) => metric).sort(compareMetricIds);
}

/** What was left out of all files, also because several have it. */
export const collectSkipped = (files: readonly MetricsFile[]): readonly SkippedValue[] => [
  ...files.flatMap((file) => file.skipped),
  ...sortOut(files.flatMap((file) => file.metrics)).skipped,
];

interface Values {
  readonly values: readonly FoundValue[];
  readonly record?: TrainingRecord;
}

/** What is no kind that programs read may be one that people read, unless its name says what it should be. */
function readValues(text: string, path: string, reader: string): Values {
  if (READ_BY_PROGRAMS.test(path)) return readKnown(text, path, reader);
  try {
    const known = readKnown(text, path, reader);
    const hasNumbers = known.record !== undefined || known.values.some(({ value }) => typeof value === "number");
    return hasNumbers ? known : { values: readPrinted(text, path) ?? known.values };
  } catch (error) {
    const values = error instanceof ActionError ? readPrinted(text, path) : undefined;
    if (values === undefined) throw error;
    return { values };
  }
}

const READ_BY_PROGRAMS = /\.(?:json|jsonl|ndjson|ya?ml|toml|csv|tsv|xml|md|prom)$/i;

function readPrinted(text: string, path: string): readonly FoundValue[] | undefined {
  const objects = readPythonObjects(text);
  if (objects === undefined && /^\s*(?:[{<]|\[\s*[{["\]])/.test(text)) return undefined;
  if (objects === undefined) return readAlignedTable(text, path) ?? readNamedLines(text, path);
  return readValue({ path, value: objects, placeOf: () => ({ file: path }) });
}

function readKnown(text: string, path: string, reader: string): Values {
  const start = text.replace(/^\uFEFF/, "").trimStart();
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  const isOf = (...extensions: readonly string[]): boolean => extensions.includes(extension);
  if (isOf("jsonl", "ndjson")) return { values: readJsonLines(text, path) };
  if (isOf("toml")) return { values: readToml(text, path) };
  if (isOf("yaml", "yml")) return { values: readYamlText(text, path) };
  // How github-action-benchmark keeps its history for a page.
  const script = /^window\.BENCHMARK_DATA\s*=\s*/.exec(start)?.[0];
  if (script !== undefined) return readJsonText(start.slice(script.length).replace(/;?\s*$/, ""), path, reader);
  if (isOf("json") || /^(?:\{|\[\s*[{"\]])/.test(start)) return readJsonText(text, path, reader);
  if (isOf("csv", "tsv")) return { values: readTable(text, path) };
  if (isOf("xml") || start.startsWith("<")) return { values: readJUnit(text, path) };
  const table = isOf("md") || start.startsWith("|") ? readMarkdownTable(text, path) : undefined;
  if (table !== undefined && !MODEL_INDEX.test(start)) return { values: table };
  if (isOf("md") || MODEL_INDEX.test(start)) return { values: readModelIndex(text, path) };
  if (isMlflowFile(text, path)) return { values: readMlflowFile(text, path) };
  if (isGoBenchmark(text)) return { values: readGoBenchmark(text, path) };
  if (isPrometheus(text)) return { values: readPrometheus(text, path) };
  // Without an extension that says more. Prose has none of these beginnings.
  if (/^[\w."-]+[ \t]*=/.test(start) || /^\[[\w."-]+\]\s*(?:[\r\n#]|$)/.test(start))
    return { values: readToml(text, path) };
  if (/^(?:---|[\w."/ -]+:(?:[ \t]|\r?\n))/.test(start)) return { values: readYamlText(text, path) };
  if (/^[^\n]*[,;\t]/.test(start) && /\n./.test(start)) return { values: readTable(text, path) };
  throw userError({
    code: "metrics-unknown-kind",
    message: start === "" ? "the file is empty" : "nothing says what kind of file it is",
    place: { file: path },
    fix: `Write ${TEXT_KINDS.join(", ")}; or give the file the extension of its kind`,
  });
}

const MODEL_INDEX = /^---\r?\n[\s\S]*\r?\nmodel-index:/;

function readJsonText(text: string, path: string, reader: string): Values {
  if (areJsonLines(text)) return { values: readJsonLines(text, path) };
  const document = readJson(text, path, "metrics", { nonFinite: "keep" });
  if (!isRecordOf(trainingRecord, document.value)) return { values: readValue({ path, ...pick(document) }) };
  const { record } = readRecordDocument(trainingRecord, readJson(text, path, "metrics"), { file: path, reader });
  const values = record.metrics.map((metric, at) => ({ ...metric, place: () => document.placeOf(["metrics", at]) }));
  return { values, record };
}

const pick = ({ value, placeOf }: Pick<MetricSource, "value" | "placeOf">) => ({ value, placeOf });

/** Several lines, the first of which is an object that ends on it. */
function areJsonLines(text: string): boolean {
  const [first = "", second = ""] = text.trim().split(/\r?\n/, 2);
  return first.startsWith("{") && first.trimEnd().endsWith("}") && second.trimStart().startsWith("{");
}

/** A last line that was cut off is told: it may be the result. */
function readJsonLines(text: string, path: string): readonly FoundValue[] {
  const lines = text.split("\n").map((line, at) => ({ line, at: at + 1 }));
  const documents = lines
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, at }) => readJson(line, path, "metrics", { nonFinite: "keep", line: at }));
  return readValue({
    path,
    value: documents.map(({ value }) => value),
    placeOf: ([at, ...rest]) => documents[Number(at)]?.placeOf(rest) ?? { file: path },
  });
}

function readToml(text: string, path: string): readonly FoundValue[] {
  try {
    return readValue({
      path,
      value: parseToml(text, { integersAsBigInt: "asNeeded" }),
      placeOf: () => ({ file: path }),
    });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const place = { file: path, line: error.line, column: error.column };
    throw userError({ code: "metrics-not-toml", message: "it is not TOML", place, fix: "Correct it here" });
  }
}

const MAX_YAML = 1024 * 1024;

function readYamlText(text: string, path: string): readonly FoundValue[] {
  const read = readForeignYaml(text, MAX_YAML);
  if (isObject(read.value) || isList(read.value)) {
    return readValue({ path, value: read.value, placeOf: () => ({ file: path }) });
  }
  const [message, line] =
    "problem" in read ? [`it is not YAML: ${read.problem}`, read.line] : ["it is YAML, but without names", undefined];
  throw userError({
    code: "metrics-not-yaml",
    message,
    place: { file: path, ...(line !== undefined && { line }) },
    fix: "Write for example mae: 0.71",
  });
}

/** @throws ActionError `metrics-not-an-object`, `metrics-unknown-kind` */
function readValue(source: MetricSource): readonly FoundValue[] {
  const noResult = explainNoResult(source.value);
  if (noResult !== undefined) {
    const { what, fix } = noResult;
    throw userError({ code: "metrics-unknown-kind", message: `it is ${what}`, place: { file: source.path }, fix });
  }
  const format = FORMATS.find(({ recognises }) => recognises(source.value));
  if (format !== undefined) return format.read(source);
  throw userError({
    code: "metrics-not-an-object",
    message: "it contains neither an object of numbers nor a list of results",
    place: source.placeOf([]),
    fix: `Write for example {"mae": 0.71}. Kinds that are known: ${FORMATS.map(({ name }) => name).join("; ")}`,
  });
}
