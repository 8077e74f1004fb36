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
  const rows = new Map<string, RowInWork>();
  for (const metric of metrics) {
    const { name, slice, baseline, candidate, better, unit } = metric;
    const values = { baseline, candidate, better: better ?? guessDirection(name), unit };
    const isNoise = isWithinStandardErrors(metric);
    rows.set(metricKey(metric), { metric: name, slice, about: undefined, ...values, isNoise, rulings: [] });
  }
  for (const ruling of rulings) addRuling(rows, ruling);
  const covered = listCovered(rulings);
  const places = new Map(rulings.map((ruling, at) => [ruling, at]));
  return [...rows]
    .map(([key, { isNoise, ...row }]) => ({ ...row, state: stateOf(row, isNoise || covered.has(key)) }))
    .map((row, at) => ({ row, at, weight: relativeChange(row.baseline, row.candidate) }))
    .sort((a, b) => rankOf(a.row) - rankOf(b.row) || compareWithin(a, b, places))
    .map(({ row }) => row);
}

interface RowInWork extends Omit<DiffRow, "state"> {
  readonly rulings: Ruling[];
  /** What changed may be chance, as far as its own standard errors say. */
  readonly isNoise?: boolean;
}

function addRuling(rows: Map<string, RowInWork>, ruling: Ruling): void {
  const { metric, candidate, baseline, better, measure } = ruling;
  const about = aboutOf(ruling);
  const slice = judgedSlice(ruling);
  const key = about === undefined ? metricKey({ name: metric, slice }) : `${about} ${metric}`;
  const known = rows.get(key);
  if (known === undefined) {
    rows.set(key, { metric, slice, about, baseline, candidate, better, unit: measure, rulings: [ruling] });
    return;
  }
  known.rulings.push(ruling);
  // Its rule says which direction is better, and in which unit.
  rows.set(key, {
    ...known,
    better,
    unit: measure ?? known.unit,
    ...(measure && { candidate, baseline: baseline ?? known.baseline }),
  });
}

/** The worst of the slices is the slice that it is: it has one row with its own rules. */
const aboutOf = (ruling: Ruling): DiffRow["about"] => {
  if (ruling.rule === "max-gap") return "gap";
  return ruling.rule === "worst-slice" && judgedSlice(ruling) === null ? "worst slice" : undefined;
};

/** Of a rule for the worst of the slices, the one that is. */
export const judgedSlice = ({ rule, slice, between }: Ruling): string | null =>
  rule === "worst-slice" ? (between?.[0] ?? null) : slice;

/** Slices that a rule for the worst of them has looked at: none of them is worse without a rule. */
const listCovered = (rulings: readonly Ruling[]): ReadonlySet<string> =>
  new Set(
    rulings.flatMap(({ rule, limit, metric: name, between = [] }) =>
      rule === "worst-slice" && limit === "max-regression" ? between.map((slice) => metricKey({ name, slice })) : [],
    ),
  );

/** Within the 95 % interval of a difference of two independent values. */
function isWithinStandardErrors({ candidate, baseline, stderr, stderrBaseline }: Verdict["metrics"][number]): boolean {
  if (candidate === null || baseline === null || stderr === undefined || stderrBaseline === undefined) return false;
  return Math.abs(candidate - baseline) <= 1.96 * Math.hypot(stderr, stderrBaseline);
}

/** Whether a ruling keeps the gate closed. */
export const isBlocking = ({ outcome, severity, waiver }: Ruling): boolean =>
  outcome === "fail" && severity !== "warn" && waiver === undefined;

function stateOf({ rulings, better, baseline, candidate }: Omit<DiffRow, "state">, isAllowed: boolean): RowState {
  if (rulings.some(isBlocking)) return "failing";
  if (rulings.some(({ outcome }) => outcome !== "pass")) return "open";
  if (rulings.length > 0) return "judged";
  if (isWorse(better, baseline, candidate) && !isAllowed) return "worse";
  return baseline === candidate ? "same" : "changed";
}

const rankOf = ({ state }: DiffRow): number => ROW_STATES.indexOf(state);

interface Weighted {
  readonly row: DiffRow;
  readonly at: number;
  readonly weight: number;
}

/** Judged ones in the policy's order, others by how much they changed. */
function compareWithin(a: Weighted, b: Weighted, places: ReadonlyMap<Ruling, number>): number {
  const [first, other] = [a, b].map(
    ({
      row: {
        rulings: [ruling],
      },
    }) => ruling && places.get(ruling),
  );
  if (first !== undefined && other !== undefined) return first - other;
  return b.weight - a.weight || a.at - b.at;
}
