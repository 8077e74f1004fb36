/** From an offset in a text to its line and column: the starts of all lines are computed once, however many places are asked for. */
import type { Place } from "../../problem/problem.ts";

/** @returns offset, in UTF-16 units from 0 → place; lines end with a line feed, lines and columns count from 1 */
export function createLineIndex(text: string, file: string): (offset: number) => Place {
  let starts: readonly number[] | undefined;
  return (offset) => {
    starts ??= findLineStarts(text);
    const line = countUpTo(starts, offset);
    return { file, line, column: offset - (starts[line - 1] ?? 0) + 1 };
  };
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** How many of the sorted numbers are not above `limit`; at least one. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let [low, high] = [1, numbers.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle - 1] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
