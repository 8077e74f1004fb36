/** What is compared, one row for each metric with all its rules: what a reviewer must see first comes first. */
import { guessDirection } from "../core/metrics/metric-direction.ts";
import { metricKey } from "../records/metric-key.ts";
import type { Ruling, Verdict } from "../records/verdict.ts";
import { isWorse, type MetricDirection, relativeChange } from "./format-change.ts";

export interface DiffRow {
  readonly metric: string;
  readonly slice: string | null;
  /** About all slices of the metric together. */
  readonly about: "worst slice" | "gap" | undefined;
  readonly baseline: number | null;
  readonly candidate: number | null;
  readonly better: MetricDirection;
  readonly unit: string | undefined;
  /** Empty: nobody judged it. */
  readonly rulings: readonly Ruling[];
  readonly state: RowState;
}

/** In the order of the table. */
const ROW_STATES = ["failing", "open", "worse", "judged", "changed", "same"] as const;
/**
 * `open`: inconclusive, or broken without closing the gate. `worse`: it got worse, and no rule says whether that is allowed.
 */
export type RowState = (typeof ROW_STATES)[number];

export function buildDiffRows({ metrics, rulings }: Pick<Verdict, "metrics" | "rulings">): readonly DiffRow[] {
  const rows = new Map<string, Omit<DiffRow, "state"> & { rulings: Ruling[] }>();
  for (const { name, slice, baseline, candidate, better, unit } of metrics) {
    const direction = better ?? guessDirection(name);
    const values = { baseline, candidate, better: direction, unit };
    rows.set(metricKey({ name, slice }), { metric: name, slice, about: undefined, ...values, rulings: [] });
  }
  for (const ruling of rulings) {
    const { metric, slice, candidate, baseline, better, measure } = ruling;
    const about = aboutOf(ruling);
    const key = about === undefined ? metricKey({ name: metric, slice }) : `${about} ${metric}`;
    const known = rows.get(key);
    if (known !== undefined) {
      known.rulings.push(ruling);
      // Its rule says which direction is better, and in which unit.
      rows.set(key, {
        ...known,
        better,
        unit: measure ?? known.unit,
        ...(measure && { candidate, baseline: baseline ?? known.baseline }),
      });
    } else {
      const values = { baseline, candidate, better, unit: measure };
      rows.set(key, {
        metric,
        slice: about === "worst slice" ? (ruling.between?.[0] ?? null) : slice,
        about,
        ...values,
        rulings: [ruling],
      });
    }
  }
  return [...rows.values()]
    .map((row): DiffRow => ({ ...row, state: stateOf(row) }))
    .map((row, at) => ({ row, at, weight: relativeChange(row.baseline, row.candidate) }))
    .sort((a, b) => rankOf(a.row) - rankOf(b.row) || compareWithin(a, b))
    .map(({ row }) => row);
}

const aboutOf = ({ rule }: Ruling): DiffRow["about"] =>
  rule === "worst-slice" ? "worst slice" : rule === "max-gap" ? "gap" : undefined;

/** Whether a ruling keeps the gate closed. */
export const isBlocking = ({ outcome, severity, waiver }: Ruling): boolean =>
  outcome === "fail" && severity !== "warn" && waiver === undefined;

function stateOf({ rulings, better, baseline, candidate }: Omit<DiffRow, "state">): RowState {
  if (rulings.some(isBlocking)) return "failing";
  if (rulings.some(({ outcome }) => outcome !== "pass")) return "open";
  if (rulings.length > 0) return "judged";
  if (isWorse(better, baseline, candidate)) return "worse";
  return baseline === candidate ? "same" : "changed";
}

const rankOf = ({ state }: DiffRow): number => ROW_STATES.indexOf(state);

interface Weighted {
  readonly row: DiffRow;
  readonly at: number;
  readonly weight: number;
}

/** Judged ones in the policy's order, others by how much they changed. */
const compareWithin = (a: Weighted, b: Weighted): number =>
  a.row.rulings.length > 0 || a.weight === b.weight ? a.at - b.at : b.weight - a.weight;
