/** How sure the comparisons with noise are: by which evidence, in which interval the change lies, and what it could have seen. */
import type { Ruling, Verdict } from "../records/verdict.ts";
import { judgedSlice } from "./diff-rows.ts";
import { formatNumber } from "./format-number.ts";
import { EMPTY_MARKDOWN, groupDigits, inlineName, type Markdown, md } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

type Statistics = NonNullable<Ruling["statistics"]>;

/** @returns `undefined` where no rule was judged by noise */
export function noiseTable({ rulings }: Pick<Verdict, "rulings">): Block | undefined {
  const judged = rulings.flatMap((ruling) =>
    ruling.statistics?.interval === undefined ? [] : [{ ruling, statistics: ruling.statistics }],
  );
  if (judged.length === 0) return undefined;
  return {
    kind: "table",
    itemNoun: "metric",
    columns: [
      { title: "Metric", align: "left" },
      { title: "The change lies between", align: "left" },
      { title: "p", align: "right" },
      { title: "By", align: "left" },
      { title: "Would see", align: "right" },
    ],
    rows: judged.map(({ ruling, statistics }) => ({
      rank: RANK.judged,
      cells: [nameOf(ruling), formatInterval(statistics), formatP(statistics), evidenceOf(statistics), seen(ruling)],
    })),
  };
}

function nameOf(ruling: Ruling): Markdown {
  const slice = judgedSlice(ruling);
  return slice === null ? inlineName(ruling.metric) : md`${inlineName(ruling.metric)} in ${inlineName(slice)}`;
}

/** `−0.041 and −0.018 (90 %)` */
function formatInterval({ interval }: Statistics): Markdown {
  if (interval === undefined) return EMPTY_MARKDOWN;
  const [low, high] = [interval.low, interval.high].map(signed);
  return md`${{ markdown: `${low} and ${high}` }} (${formatNumber(100 * interval.level, 3)} %)`;
}

function signed(value: number): string {
  const size = formatNumber(Math.abs(value), 2);
  if (value === 0) return size;
  return value > 0 ? `+${size}` : `−${size}`;
}

const formatP = ({ pAdjusted, p = pAdjusted }: Statistics): Markdown =>
  p === undefined ? EMPTY_MARKDOWN : md`${{ markdown: p < 0.0001 ? "&lt; 0.0001" : formatNumber(p, 2) }}`;

function evidenceOf({ evidence, n, runs }: Statistics): Markdown {
  const [count, noun] = runs === undefined ? [n, "examples"] : [runs, "runs"];
  const words = {
    predictions: "the same on both sides",
    history: "earlier runs",
    summaries: "their standard errors",
    none: "nothing",
  };
  const by = md`${words[evidence]}`;
  return count === undefined
    ? by
    : evidence === "history"
      ? md`${count} earlier ${noun}`
      : md`${{ markdown: groupDigits(count) }} ${noun}, ${by}`;
}

/** The smallest loss that would have been found with the power of the policy. */
function seen({ statistics, better }: Ruling): Markdown {
  const { detectable } = statistics ?? {};
  if (detectable === undefined) return EMPTY_MARKDOWN;
  const word = better === "neither" ? "either way" : "worse";
  return md`${{ markdown: formatNumber(detectable, 2) }} ${word}`;
}
