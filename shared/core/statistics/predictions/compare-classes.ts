/** F1, precision and recall of both sides: resampled by counts, or by influences where cases have weights or clusters. */
import { bootstrapCells } from "../bootstrap/resample-cells.ts";
import { estimateIdentical } from "../mean/identical.ts";
import type { Random } from "../random/random.ts";
import { type ClassCell, type CountStatistic, computeClassMetric, deriveByCell } from "./class-counts.ts";
import { compareInfluences, isPlain, type SideBySide, type UsablePair, weightsOf } from "./side-by-side.ts";

export function compareClasses(
  statistic: CountStatistic,
  positive: string,
  usable: readonly UsablePair<string>[],
  random: Random,
): SideBySide {
  const { cells, cellOf, counts } = countCells(usable);
  const compute = (drawn: ArrayLike<number>, side: "candidate" | "baseline"): number =>
    computeClassMetric(statistic, positive, cells, drawn, side);
  const difference = (drawn: ArrayLike<number>): number => compute(drawn, "candidate") - compute(drawn, "baseline");
  const values = { candidate: compute(counts, "candidate"), baseline: compute(counts, "baseline") };
  const relevant = usable.filter(({ pair, candidate }) => pair.label === positive || candidate === positive).length;
  if (usable.every(({ candidate, baseline }) => candidate === baseline)) {
    // One more case that differs moves F1 by at most twice its share of the cases that count.
    const n = statistic === "macro-f1" ? usable.length : Math.max(1, relevant);
    return { ...values, result: estimateIdentical(n, statistic === "precision" || statistic === "recall" ? 1 : 2) };
  }
  if (isPlain(usable)) return { ...values, result: bootstrapCells(counts, difference, random) };
  const derivatives = deriveByCell(difference, counts);
  const weights = weightsOf(usable);
  const influences = weights.map((weight, at) => weight * (derivatives[cellOf[at] as number] as number));
  return { ...values, result: compareInfluences(values.candidate - values.baseline, influences, usable) };
}

/** The combinations that occur, how often (or with how much weight), and which each case is in. */
function countCells(usable: readonly UsablePair<string>[]) {
  const known = new Map<string, number>();
  const cells: ClassCell[] = [];
  const totals: number[] = [];
  const cellOf = usable.map(({ pair: { label = "", weight = 1 }, candidate, baseline }) => {
    const key = JSON.stringify([label, candidate, baseline]);
    const at = known.get(key) ?? cells.length;
    if (at === cells.length) {
      known.set(key, at);
      cells.push({ label, candidate, baseline });
      totals.push(0);
    }
    totals[at] = (totals[at] as number) + weight;
    return at;
  });
  return { cells, cellOf, counts: Float64Array.from(totals) };
}
