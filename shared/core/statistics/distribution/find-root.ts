/** Where a monotone function crosses zero, by bisection: slow, and never lost. */

/**
 * @param rising negative at `low` and not negative at `high`; both finite
 * @returns the crossing, to the last digits of a double or to `relative`
 */
export function findRoot(rising: (x: number) => number, low: number, high: number, relative = 0): number {
  let below = low;
  let above = high;
  for (;;) {
    const middle = below + (above - below) / 2;
    if (middle <= below || middle >= above || above - below <= relative * Math.abs(middle)) return middle;
    if (rising(middle) < 0) below = middle;
    else above = middle;
  }
}
