/** A sample's mean and how much it varies. */

export interface Sample {
  readonly n: number;
  readonly mean: number;
  /** Standard error of the mean, from the sum of squares over n - 1; NaN never: 0 when n < 2. */
  readonly stderr: number;
}

/** In two passes, so that a large mean costs the variance no digits. */
export function describeSample(values: ArrayLike<number>): Sample {
  const n = values.length;
  let sum = 0;
  for (let at = 0; at < n; at += 1) sum += values[at] as number;
  const mean = n > 0 ? sum / n : 0;
  let squares = 0;
  for (let at = 0; at < n; at += 1) squares += ((values[at] as number) - mean) ** 2;
  return { n, mean, stderr: n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n) };
}
