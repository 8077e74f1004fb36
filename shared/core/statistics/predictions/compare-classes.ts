/** F1, precision and recall of both sides: resampled by counts, or by influences where cases have weights or clusters. */
import { bootstrapCells } from "../bootstrap/resample-cells.ts";
import { isInconclusive } from "../inconclusive.ts";
import { estimateConstant } from "../mean/identical.ts";
import { permuteCells } from "../permutation/permute-cells.ts";
import type { Random } from "../random/random.ts";
import { type ClassCell, type CountStatistic, computeClassMetric, deriveByCell } from "./class-counts.ts";
import {
  compareInfluences,
  countIndependent,
  isPlain,
  type SideBySide,
  type UsablePair,
  weightsOf,
} from "./side-by-side.ts";

export function compareClasses(
  statistic: CountStatistic,
  positive: string,
  usable: readonly UsablePair<string>[],
  random: Random,
): SideBySide {
  const { cells, cellOf, counts, mirror } = countCells(usable);
  const compute = (drawn: ArrayLike<number>, side: "candidate" | "baseline"): number =>
    computeClassMetric(statistic, positive, cells, drawn, side);
  const difference = (drawn: ArrayLike<number>): number => compute(drawn, "candidate") - compute(drawn, "baseline");
  const values = { candidate: compute(counts, "candidate"), baseline: compute(counts, "baseline") };
  const change = values.candidate - values.baseline;
  // Only these move the metric, and one more that differs moves F1 by at most twice its share of them.
  const relevant = usable.filter(
    ({ pair, candidate }) => statistic === "macro-f1" || pair.label === positive || candidate === positive,
  );
  const independent = Math.max(1, countIndependent(relevant));
  const range = statistic === "precision" || statistic === "recall" ? 1 : 2;
  if (usable.every(({ candidate, baseline }) => candidate === baseline)) {
    return { ...values, result: estimateConstant(independent, change, range) };
  }
  if (isPlain(usable)) {
    const result = bootstrapCells(counts, difference, random);
    if (!isInconclusive(result)) {
      const tails = permuteCells(counts, mirror, difference, random);
      return { ...values, result: { ...result, ...tails, method: "paired permutation test" } };
    }
    return {
      ...values,
      result: result.inconclusive === "no-variance" ? estimateConstant(independent, change, range) : result,
    };
  }
  const derivatives = deriveByCell(difference, counts);
  const weights = weightsOf(usable);
  const influences = weights.map((weight, at) => weight * (derivatives[cellOf[at] as number] as number));
  return { ...values, result: compareInfluences(change, influences, usable, range) };
}

/** The combinations that occur, and those with both sides swapped; their counts (or weights); the cell of each case. */
function countCells(usable: readonly UsablePair<string>[]) {
  const known = new Map<string, number>();
  const cells: ClassCell[] = [];
  const find = (cell: ClassCell): number => {
    const key = JSON.stringify([cell.label, cell.candidate, cell.baseline]);
    const at = known.get(key) ?? cells.length;
    if (at === cells.length) {
      known.set(key, at);
      cells.push(cell);
    }
    return at;
  };
  const cellOf = usable.map(({ pair: { label = "" }, candidate, baseline }) => find({ label, candidate, baseline }));
  const mirror = [...cells].map(({ label, candidate, baseline }) =>
    find({ label, candidate: baseline, baseline: candidate }),
  );
  // A mirror that no case is in is behind all others, in the order of the cells that it mirrors.
  for (let at = mirror.length; at < cells.length; at += 1) mirror.push(mirror.indexOf(at));
  const counts = new Float64Array(cells.length);
  usable.forEach(({ pair: { weight = 1 } }, at) => {
    const cell = cellOf[at] as number;
    counts[cell] = (counts[cell] as number) + weight;
  });
  return { cells, cellOf, counts, mirror };
}
