/** What of the values found in files is a metric, and what is left out and why. */
import type { Place } from "../../problem/problem.ts";
import type { Metric } from "../../records/fields.ts";
import { metricKey } from "../../records/metric-key.ts";
import { quoteText } from "../../text/document/document.ts";
import { type FoundValue, isList, isObject } from "./formats/format.ts";

/** A value that is no metric. A rule about its name finds it missing. */
export interface SkippedValue {
  readonly name: string;
  readonly slice: string | null;
  /** Whether it could have been meant as one: a number that is not finite, or that appears twice. */
  readonly isSuspicious: boolean;
  /** Of the problem that it is where the file has nothing else. */
  readonly code: "metrics-not-finite" | "metrics-not-a-number" | "metrics-duplicate" | "metrics-odd-name";
  /** To complete "`mae` …", for example "is NaN". */
  readonly why: string;
  readonly place: () => Place;
}

export interface ParsedMetric extends Metric {
  /** Called only when something is wrong: finding a place means parsing the text again. */
  readonly place: () => Place;
}

export interface SortedValues {
  readonly metrics: readonly ParsedMetric[];
  readonly skipped: readonly SkippedValue[];
}

export function sortOut(values: readonly FoundValue[]): SortedValues {
  const groups = Map.groupBy(values, ({ name, slice = null }) => metricKey({ name, slice }));
  const sorted = [...groups.values()].map(sortGroup);
  const skipped = sorted.flatMap((one) => one.skipped);
  return leaveOutSlices(
    sorted.flatMap(({ metrics }) => metrics),
    skipped,
  );
}

/**
 * A rule about the worst of the slices judges those that are there: where one is no number, none of the metric's slices is
 * left to it, and it fails. The metric over everything stays.
 */
function leaveOutSlices(metrics: readonly ParsedMetric[], skipped: readonly SkippedValue[]): SortedValues {
  const odd = new Map(skipped.flatMap((one) => (one.slice === null ? [] : [[one.name, one] as const])));
  const isLeftOut = ({ name, slice }: ParsedMetric): boolean => slice !== null && odd.has(name);
  const others = metrics.filter(isLeftOut).map((metric) => {
    const { slice, code, why } = odd.get(metric.name) ?? {};
    const because = `is left out, as the slice ${quoteText(slice ?? "")} ${why}`;
    return skip(metric, code ?? "metrics-not-a-number", because, true);
  });
  return { metrics: metrics.filter((metric) => !isLeftOut(metric)), skipped: [...skipped, ...others] };
}

/** As the policy's names: on one line, and short enough for a table. */
const VALID_NAME = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** All values of one name and slice. */
function sortGroup(group: readonly FoundValue[]): SortedValues {
  const finite = group.filter((one): one is FoundValue & { readonly value: number } => isMetricValue(one.value));
  const [first] = group;
  if (first === undefined) return { metrics: [], skipped: [] };
  if (![first.name, first.slice ?? "-"].every((name) => VALID_NAME.test(name))) {
    return {
      metrics: [],
      skipped: [
        skip(first, "metrics-odd-name", "has a name that is empty, over 200 characters or not on one line", true),
      ],
    };
  }
  if (finite.length < group.length) {
    const odd = group.find(({ value }) => !isMetricValue(value)) ?? first;
    const code = typeof odd.value === "number" ? "metrics-not-finite" : "metrics-not-a-number";
    const isSuspicious = typeof odd.value === "number" || isNotANumber(odd.value);
    return { metrics: [], skipped: [skip(odd, code, `is ${describeValue(odd.value)}`, isSuspicious)] };
  }
  const [metric, ...others] = finite;
  if (metric === undefined) return { metrics: [], skipped: [] };
  if (others.length === 0) return { metrics: [{ ...metric, slice: metric.slice ?? null }], skipped: [] };
  const seeds = new Set(finite.map(({ seed }) => seed));
  if (!seeds.has(undefined) && seeds.size === finite.length) return { metrics: [meanOf(metric, finite)], skipped: [] };
  const places = finite.map(({ place }) => formatPlace(place()));
  return {
    metrics: [],
    skipped: [skip(metric, "metrics-duplicate", `is in ${places.slice(0, 3).join(" and ")}`, true)],
  };
}

/** Of the same measurement with several seeds. */
function meanOf(metric: FoundValue, repeats: readonly (FoundValue & { readonly value: number })[]): ParsedMetric {
  const { seed: _, ...rest } = metric;
  const value = repeats.reduce((sum, one) => sum + one.value / repeats.length, 0);
  const kept = repeats.map(({ value: measured, seed, n }) => ({
    value: measured,
    ...(seed !== undefined && { seed }),
    ...(n !== undefined && { n }),
  }));
  return { ...rest, slice: metric.slice ?? null, value, repeats: kept };
}

const isMetricValue = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

const skip = (
  { name, slice = null, place }: FoundValue,
  code: SkippedValue["code"],
  why: string,
  isSuspicious: boolean,
): SkippedValue => ({ ...{ name, slice, code, why, isSuspicious, place } });

/** As programs write it where a number belongs. */
const isNotANumber = (value: unknown): boolean =>
  value === null || (typeof value === "string" && /^(?:|[-+]?(?:nan|inf|infinity)|n\/?a|null|none)$/i.test(value));

function describeValue(value: unknown): string {
  if (typeof value === "bigint" || (typeof value === "string" && /^[-+]?\d{16,}$/.test(value))) {
    return `${value}, which is too large to be exact`;
  }
  if (typeof value === "string") return value === "" ? "empty" : `the text ${quoteText(value)}`;
  if (isList(value)) return "a list";
  return isObject(value) ? "an object" : String(value);
}

const formatPlace = ({ file, line, column }: Place): string =>
  [file, line, column].filter((part) => part !== undefined).join(":");

/** `"mae" (metrics.json:2:9) is NaN` */
export const formatSkipped = (skipped: SkippedValue): string =>
  `${formatMetricName(skipped)} (${formatPlace(skipped.place())}) ${skipped.why}`;

/** `mae`, or `mae of the slice "poor-health"`. */
export const formatMetricName = ({ name, slice }: Pick<Metric, "name" | "slice">): string =>
  slice === null ? quoteText(name) : `${quoteText(name)} of the slice ${quoteText(slice)}`;
