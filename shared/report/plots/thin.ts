/** Fewer points of a curve, chosen so that nothing that matters is lost. */

/**
 * At most `max` positions, ascending: the first, the last, the lowest and highest of every series, and others between them in
 * even steps.
 * @param series of the same length; @param max at least two more than twice the number of series
 */
export function thin(series: readonly (readonly number[])[], max: number): readonly number[] {
  const length = series[0]?.length ?? 0;
  if (length <= max) return Array.from({ length }, (_, at) => at);
  const chosen = new Set([0, length - 1]);
  for (const ys of series) {
    chosen.add(positionOf(ys, (a, b) => a < b));
    chosen.add(positionOf(ys, (a, b) => a > b));
  }
  const others = max - chosen.size;
  for (let at = 1; at <= others; at += 1) chosen.add(Math.round((at * (length - 1)) / (others + 1)));
  return [...chosen].sort((a, b) => a - b);
}

/** Of the first value that no other one is better than. */
export function positionOf(values: readonly number[], isBetter: (a: number, b: number) => boolean): number {
  let best = 0;
  for (const [at, value] of values.entries()) if (isBetter(value, values[best] ?? value)) best = at;
  return best;
}
