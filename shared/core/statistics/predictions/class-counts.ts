/** Metrics of classes that depend on counts alone: F1, precision, recall, by cells of label and both predictions. */

export type CountStatistic = "f1" | "precision" | "recall" | "macro-f1";

export interface ClassCell {
  readonly label: string;
  readonly candidate: string;
  readonly baseline: string;
}

type Side = "candidate" | "baseline";

/** As scikit-learn computes them with `zero_division=0`; weights count as so many cases. */
export function computeClassMetric(
  statistic: CountStatistic,
  positive: string,
  cells: readonly ClassCell[],
  counts: ArrayLike<number>,
  side: Side,
): number {
  if (statistic !== "macro-f1") {
    const { right, predicted, actual } = countClass(positive, cells, counts, side);
    if (statistic === "precision") return divide(right, predicted);
    return statistic === "recall" ? divide(right, actual) : divide(2 * right, predicted + actual);
  }
  let [sum, classes] = [0, 0];
  for (const name of new Set(cells.flatMap((cell) => [cell.label, cell[side]]))) {
    const { right, predicted, actual } = countClass(name, cells, counts, side);
    if (predicted + actual === 0) continue;
    sum += (2 * right) / (predicted + actual);
    classes += 1;
  }
  return divide(sum, classes);
}

function countClass(name: string, cells: readonly ClassCell[], counts: ArrayLike<number>, side: Side) {
  let [right, predicted, actual] = [0, 0, 0];
  for (let at = 0; at < cells.length; at += 1) {
    const cell = cells[at] as ClassCell;
    const count = counts[at] as number;
    if (cell.label === name) actual += count;
    if (cell[side] !== name) continue;
    predicted += count;
    if (cell.label === name) right += count;
  }
  return { right, predicted, actual };
}

const divide = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** How much one more case in a cell changes the difference of both sides, as its derivative. */
export function deriveByCell(difference: (counts: ArrayLike<number>) => number, counts: Float64Array): Float64Array {
  return counts.map((count, cell) => {
    const step = 1e-4 * count;
    if (step === 0) return 0;
    const [more, less] = [counts.with(cell, count + step), counts.with(cell, count - step)];
    return (difference(more) - difference(less)) / (2 * step);
  });
}
