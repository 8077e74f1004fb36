/** How metrics whose noise is learned went until now: text, so that it is the same for every reader. */
import type { Verdict } from "../records/verdict.ts";
import { formatPair } from "./format-number.ts";
import { inlineName, md } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

const BARS = [..."▁▂▃▄▅▆▇█"];
/** More would not fit beside the numbers. */
const MAX_SHOWN = 24;

/** @returns `undefined` where nothing has three values: two are in the table already */
export function historyTable({ history = [] }: Pick<Verdict, "history">): Block | undefined {
  const shown = history.filter(({ values }) => values.length > 2);
  if (shown.length === 0) return undefined;
  return {
    kind: "table",
    itemNoun: "metric",
    columns: [
      { title: "Metric", align: "left" },
      { title: "Values until now", align: "left" },
      { title: "Runs", align: "right" },
      { title: "Lowest", align: "right" },
      { title: "Highest", align: "right" },
    ],
    rows: shown.map(({ name, slice, values }) => {
      const numbers = values.map(({ value }) => value);
      const [low, high] = formatPair(Math.min(...numbers), Math.max(...numbers));
      return {
        rank: RANK.judged,
        cells: [
          slice === null ? inlineName(name) : md`${inlineName(name)} in ${inlineName(slice)}`,
          md`${sparkline(numbers.slice(-MAX_SHOWN))}`,
          md`${String(numbers.length)}`,
          { markdown: low ?? "" },
          { markdown: high ?? "" },
        ],
      };
    }),
  };
}

/** Each value as a bar between the lowest and the highest of them; all the same height where nothing varies. */
export function sparkline(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // Halved first: the difference of two finite numbers need not be finite.
  const range = high / 2 - low / 2;
  return values
    .map((value) => (range === 0 ? 0.5 : (value / 2 - low / 2) / range))
    .map((share) => BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))])
    .join("");
}
