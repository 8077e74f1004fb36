/** Numbers in nested objects, as most programs write them: names are joined with dots, as DVC does. */
import type { DocumentPath } from "../../../text/document/document.ts";
import {
  type FoundValue,
  found,
  isList,
  isObject,
  type JsonObject,
  type MetricFormat,
  type MetricSource,
  valueAt,
} from "./format.ts";
import { labelRows, MAX_LABELS } from "./labels.ts";
import { namedValues } from "./named-values.ts";
import { lastOfSeries } from "./series.ts";

/** Keys that count or date the measurement. */
const BOOKKEEPING =
  /^(?:_(?:step|runtime)|(?:train(?:er)?\/)?(?:step|epoch|global_step)|iter|batch|iteration|training_iteration|date|wall[_ ]time|random_state|seed|random_seed|\w*timestamp(?:_ms)?|created|created_at|started_at|start_time|end_time|version|schema_version)$/i;
/** As in JSON; TOML's tables can be nested a hundred thousand deep. */
const MAX_DEPTH = 64;
/** Of the objects of one list together: looking at all of them in each takes too long. */
const MAX_KEYS = 500;
/** W&B begins its own keys so. */
const isInternal = (key: string, depth: number): boolean => depth === 0 && key.startsWith("_");

export const isBookkeeping = (key: string): boolean => BOOKKEEPING.test(key);

/** `{"mae": 1, "eval": {"auc": 0.9}, "slices": {"poor-health": {"mae": 2}}}`: what is under `slices.<name>` belongs to that slice. */
export const nested: MetricFormat = {
  name: "nested numbers (DVC, W&B summary, HF all_results)",
  recognises: isObject,
  read(source) {
    if (!isObject(source.value)) return [];
    const [name, value] = [source.value["metric"], source.value["value"]];
    // One metric, with what belongs to its measurement beside it.
    const isNamed = typeof name === "string" && name !== "" && typeof value === "number";
    const parts = Object.entries(source.value).filter(([key]) => !isNamed || (key !== "metric" && key !== "value"));
    const one = isNamed ? [found(source, ["value"], name, value)] : [];
    return one.concat(
      parts.flatMap(([key, part]) =>
        key === "slices" && isObject(part)
          ? Object.entries(part).flatMap(([slice, values]) =>
              isObject(values)
                ? flatten(source, values, ["slices", slice], 2, slice)
                : [found(source, ["slices", slice], `slices.${slice}`, "no object of numbers")],
            )
          : flatten(source, part, [key], 0),
      ),
    );
  },
};

/** Every value below `value`; its name is the path from `from` on. */
export function flatten(
  source: MetricSource,
  value: unknown,
  path: DocumentPath,
  from = 0,
  slice: string | null = null,
): readonly FoundValue[] {
  const key = String(path.at(-1) ?? "");
  const depth = path.length - 1 - from;
  // `{"_type": "table-file"}` is how W&B refers to media.
  if (
    (isBookkeeping(key) && !isObject(value)) ||
    isInternal(key, depth) ||
    (isObject(value) && Object.hasOwn(value, "_type"))
  )
    return [];
  if (path.length > MAX_DEPTH)
    return [found(source, path.slice(0, from + 1), path.slice(from, from + 3).join("."), "nested too deep")];
  const name = path.slice(from).join(".");
  const last = lastOfSeries(value);
  if (last !== undefined) {
    const { value: measured, path: below, ...more } = last;
    return [found(source, [...path, ...below], name, measured, { slice, ...more })];
  }
  if (isObject(value)) {
    return Object.entries(value).flatMap(([part, inner]) => flatten(source, inner, [...path, part], from, slice));
  }
  if (isList(value)) {
    const named = namedValues(value) ?? [];
    if (named.length > 0) {
      return named.map((one) =>
        found(source, [...path, ...one.path], `${name}.${one.name}`, one.value, { slice: one.slice ?? slice }),
      );
    }
    const labelled = labelEntries(value);
    if (labelled !== undefined) {
      return labelled.flatMap(({ label, rest }, at) =>
        flatten(
          { ...source, placeOf: (inner) => source.placeOf(replaceAt(inner, path.length, at)) },
          rest,
          [...path, label],
          from,
          slice,
        ),
      );
    }
    // A list of one result, as MTEB writes, or of one number, as R does: it adds nothing to the name.
    const [only] = value;
    if (value.length === 1 && (isObject(only) || typeof only === "number")) {
      return flatten(
        { ...source, placeOf: (at) => source.placeOf(insertIndex(at, path.length)) },
        only,
        path,
        from,
        slice,
      );
    }
  }
  return [found(source, path, name, value, { slice })];
}

/** `[{"dataset": "news", "wer": 2.8}, …]` is read as `{"news": {"wer": 2.8}, …}`. */
function labelEntries(list: readonly unknown[]): readonly { label: string; rest: JsonObject }[] | undefined {
  if (list.length < 2 || list.length > MAX_LABELS || !list.every(isObject)) return undefined;
  const keys = [...new Set(list.flatMap((entry) => Object.keys(entry)))];
  if (keys.length > MAX_KEYS) return undefined;
  const textOf = (row: number, column: number): string | undefined => {
    const value = valueAt(list[row], keys[column] ?? "");
    return typeof value === "string" ? value : undefined;
  };
  const subjects = labelRows(keys, list.length, textOf);
  if (subjects === undefined) return undefined;
  const isRest = (key: string): boolean => !subjects.columns.has(keys.indexOf(key));
  return list.map((entry, at) => ({
    label: subjects.labels[at] ?? "",
    rest: Object.fromEntries(Object.entries(entry).filter(([key]) => isRest(key))),
  }));
}

const replaceAt = (path: DocumentPath, at: number, index: number): DocumentPath => [
  ...path.slice(0, at),
  index,
  ...path.slice(at + 1),
];

const insertIndex = (path: DocumentPath, at: number): DocumentPath => [...path.slice(0, at), 0, ...path.slice(at)];
