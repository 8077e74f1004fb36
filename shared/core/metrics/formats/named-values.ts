/** Lists of results with names, such as `[{"name": "BLEU", "score": 27.3}]`. */
import { isObject } from "./format.ts";

export const NAMES = ["metric", "name", "key", "metric_name", "type", ".metric", "metricname", "tag", "term"] as const;
export const VALUES = ["value", "score", "metric_value", ".estimate", "metricvalue", "estimate"] as const;

export interface NamedValue {
  readonly name: string;
  readonly slice: string | null;
  readonly value: unknown;
  /** From the list on. */
  readonly path: readonly [number, string];
}

/** @returns `undefined` unless every entry has a name and a value */
export function namedValues(list: readonly unknown[]): readonly NamedValue[] | undefined {
  const found = list.map((entry, at): NamedValue | undefined => {
    if (!isObject(entry)) return undefined;
    const name = NAMES.map((key) => entry[key]).find((text) => typeof text === "string" && text !== "");
    const key = VALUES.find((one) => Object.hasOwn(entry, one));
    if (typeof name !== "string" || key === undefined || isObject(entry[key])) return undefined;
    const slice = entry["slice"];
    return {
      name,
      slice: typeof slice === "string" && slice !== "" ? slice : null,
      value: entry[key],
      path: [at, key],
    };
  });
  return found.length > 0 && found.every((one) => one !== undefined) ? found : undefined;
}
