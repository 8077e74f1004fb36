/** Which metric, over everything or over which slice. */
import type { Metric } from "./fields.ts";

type MetricId = Pick<Metric, "name" | "slice">;

/** One text for one name and slice, whatever either contains. */
export const metricKey = ({ name, slice }: MetricId): string => JSON.stringify([name, slice]);

/** By name, each followed by its slices: the order in which metrics are shown, and digests of them are taken. */
export function compareMetricIds(a: MetricId, b: MetricId): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  const [one, other] = [a.slice ?? "", b.slice ?? ""];
  return one === other ? 0 : one < other ? -1 : 1;
}
