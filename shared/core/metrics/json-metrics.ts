/** Metrics in JSON: flat, nested, with slices, or a scikit-learn classification report. */
import { userError } from "../../problem/problem.ts";
import { type Document, type DocumentPath, formatPath, quoteText } from "../../text/document/document.ts";
import type { ParsedMetric } from "./parsed-metric.ts";

type Json = Readonly<Record<string, unknown>>;

/** Keys at the root that tools write next to metrics: dvclive's `step`, and what W&B starts with `_`. */
const NON_METRIC_KEY = /^(?:step$|_)/;

/**
 * `{"mae": 1, "eval": {"auc": 0.9}, "slices": {"poor-health": {"mae": 2}}}`: a nested name is joined with dots, as DVC
 * does; what is under `slices.<name>` at the root belongs to that slice.
 *
 * @throws ActionError `metrics-not-an-object`, `metrics-not-a-number`
 */
export function readJsonMetrics(document: Document): readonly ParsedMetric[] {
  const { value } = document;
  if (!isObject(value)) {
    throw userError({
      code: "metrics-not-an-object",
      message: `it contains ${describeValue(value)} instead of an object of numbers`,
      place: document.placeOf([]),
      fix: 'Write for example {"mae": 0.71}',
    });
  }
  if (isClassificationReport(value)) return readClassificationReport(value, document);
  return Object.entries(value).flatMap(([key, part]) => {
    if (NON_METRIC_KEY.test(key)) return [];
    return key === "slices" ? readSlices(part, document) : flattenMetrics(part, [key], 0, null, document);
  });
}

function readSlices(slices: unknown, document: Document): readonly ParsedMetric[] {
  if (!isObject(slices)) throw notANumber(slices, ["slices"], document, "an object with one entry for each slice");
  return Object.entries(slices).flatMap(([slice, part]) => {
    const path = ["slices", slice];
    if (!isObject(part)) throw notANumber(part, path, document, "an object of numbers");
    return flattenMetrics(part, path, 2, slice, document);
  });
}

/** The classes of a report are slices; its averages and its accuracy are about everything. */
function readClassificationReport(report: Json, document: Document): readonly ParsedMetric[] {
  return Object.entries(report).flatMap(([key, part]) => {
    const isClass = isObject(part) && !key.endsWith(" avg");
    return flattenMetrics(part, [key], isClass ? 1 : 0, isClass ? key : null, document);
  });
}

/** What `sklearn.metrics.classification_report(output_dict=True)` always has, and nothing else has by chance. */
const isClassificationReport = (value: Json): boolean =>
  ["macro avg", "weighted avg"].every((key) => {
    const average = value[key];
    return isObject(average) && "f1-score" in average && "support" in average;
  });

/** Every number below `value`; its name is the path from `from` on. */
function flattenMetrics(
  value: unknown,
  path: DocumentPath,
  from: number,
  slice: string | null,
  document: Document,
): readonly ParsedMetric[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, part]) => flattenMetrics(part, [...path, key], from, slice, document));
  }
  if (typeof value !== "number" || !Number.isFinite(value)) throw notANumber(value, path, document, "a number");
  return [{ name: path.slice(from).join("."), slice, value, place: () => document.placeOf(path) }];
}

function notANumber(value: unknown, path: DocumentPath, document: Document, expected: string): Error {
  return userError({
    code: "metrics-not-a-number",
    message: `${formatPath(path)} is ${describeValue(value)}, not ${expected}`,
    place: document.placeOf(path),
    fix: "Write finite numbers only, and find out why this is not one; keep labels in another file",
  });
}

function describeValue(value: unknown): string {
  if (typeof value === "string") return `the text ${quoteText(value)}`;
  if (Array.isArray(value)) return "a list";
  return isObject(value) ? "an object" : String(value);
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
