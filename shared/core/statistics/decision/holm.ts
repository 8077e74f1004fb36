/** Several tests at once: levels that keep the share of false alarms of all together. */

/**
 * Holm, "A simple sequentially rejective multiple test procedure", 1979: the p-values to compare with the level of all
 * together.
 *
 * @param all at least 0; one above 1 counts as 1
 */
export function adjustByHolm(all: readonly number[]): readonly number[] {
  const order = all.map((_, at) => at).sort((a, b) => (all[a] as number) - (all[b] as number));
  const adjusted = Array.from<number>(all);
  let largest = 0;
  order.forEach((at, before) => {
    largest = Math.max(largest, Math.min(1, (all.length - before) * (all[at] as number)));
    adjusted[at] = largest;
  });
  return adjusted;
}
