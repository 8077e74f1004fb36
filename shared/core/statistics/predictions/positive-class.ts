/** Which of two labels is the positive class. */
import type { CasePair } from "./align-predictions.ts";

const POSITIVE = /^(?:1|1\.0|true|yes|y|positive|pos)$/i;

/** @returns `undefined` when none or several of the labels are written as positive ones are */
export function findPositive(pairs: readonly CasePair[]): string | undefined {
  const labels = new Set(pairs.flatMap(({ label }) => (label === undefined ? [] : [label])));
  const found = [...labels].filter((label) => POSITIVE.test(label));
  return labels.size <= 2 && found.length === 1 ? found[0] : undefined;
}
