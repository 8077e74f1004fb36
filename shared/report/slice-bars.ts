/** The slices of one metric as bars from zero, both values one above the other: text, so that it is the same for every reader. */
import type { Verdict } from "../records/verdict.ts";
import { buildDiffRows, type DiffRow } from "./diff-rows.ts";
import { describeDirection } from "./format-change.ts";
import { formatPair } from "./format-number.ts";
import { type Block, RANK } from "./report-tree.ts";

/** One is read as quickly in the table. */
const MIN_SLICES = 2;
const MAX_SLICES = 40;
const WIDTH = 24;
const MAX_LABEL = 20;

/** The metric whose rule is broken, if it was measured in several slices; otherwise the one with rules for slices. */
export function sliceBars(
  verdict: Pick<Verdict, "metrics" | "rulings">,
): { readonly metric: string; readonly block: Block } | undefined {
  const rows = buildDiffRows(verdict).filter(({ about, candidate }) => about === undefined && candidate !== null);
  const judged = [
    ...rows.filter(({ state }) => state === "failing"),
    ...rows.filter(({ slice, rulings }) => slice !== null && rulings.length > 0),
  ];
  for (const { metric } of judged) {
    const all = rows.filter((row) => row.metric === metric);
    const slices = all.filter(({ slice }) => slice !== null).toSorted((a, b) => compareNames(a.slice, b.slice));
    if (slices.length < MIN_SLICES) continue;
    const whole = all.filter(({ slice }) => slice === null);
    return {
      metric,
      block: { kind: "chart", rank: RANK.extra, language: "text", text: drawBars([...whole, ...slices]) },
    };
  }
  return undefined;
}

const compareNames = (a: string | null, b: string | null): number => ((a ?? "") < (b ?? "") ? -1 : 1);

/** Every line is indented: none can be mistaken for anything but a bar. */
function drawBars(rows: readonly DiffRow[]): string {
  const shown = rows.slice(0, MAX_SLICES);
  const values = shown.flatMap(({ baseline, candidate }) => [baseline, candidate]).filter((value) => value !== null);
  const largest = Math.max(...values.map(Math.abs));
  const pairs = shown.map(({ baseline, candidate }) => formatPair(baseline, candidate));
  const labels = shown.map(({ slice }) => toLabel(slice ?? "all"));
  const labelWidth = Math.max(...labels.map((label) => label.length));
  const valueWidth = Math.max(...pairs.flat().map((text) => text?.length ?? 0));
  const line = (label: string, text: string | undefined, value: number | null, sign: string, word: string): string =>
    `  ${label.padEnd(labelWidth)}  ${(text ?? "–").padStart(valueWidth)} ${sign.repeat(lengthOf(value, largest))}${word}`.trimEnd();
  const lines = shown.flatMap(({ baseline, candidate, better }, at) => {
    const [before, now] = pairs[at] ?? [];
    const changed = baseline !== null && candidate !== null && baseline !== candidate;
    const word = changed ? ` ${describeDirection(better, baseline, candidate)}` : "";
    return [line(labels[at] ?? "", before, baseline, "░", ""), line("", now, candidate, "█", word)];
  });
  const more = rows.length > shown.length ? [`  and ${rows.length - shown.length} more slices, in the table`] : [];
  return ["  ░ before  █ now", "", ...lines, ...more].join("\n");
}

/** A value that is not zero has a bar. */
const lengthOf = (value: number | null, largest: number): number =>
  value === null || largest === 0 ? 0 : Math.max(value === 0 ? 0 : 1, Math.round((Math.abs(value) / largest) * WIDTH));

/** Within a fence, all but the fence itself is text. */
function toLabel(name: string): string {
  const plain = name
    .toWellFormed()
    .replaceAll(/[`\p{Cc}\p{Cf}\p{Co}\p{Cn}\s]+/gu, " ")
    .trim();
  return plain.length <= MAX_LABEL ? plain : `${plain.slice(0, MAX_LABEL - 1).toWellFormed()}…`;
}
