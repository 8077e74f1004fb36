/** The difference as a table: one row for each metric. It fits beside other text: values are short, and rules are signs. */
import type { Ruling, Verdict } from "../records/verdict.ts";
import { type DiffRow, isBlocking } from "./diff-rows.ts";
import { formatChange } from "./format-change.ts";
import { formatPair } from "./format-number.ts";
import { EMPTY_MARKDOWN, inlineName, joinMarkdown, type Markdown, md } from "./markdown.ts";
import { type Block, RANK, type Rank, type TableColumn, type TableRow } from "./report-tree.ts";
import { formatRule } from "./rulings.ts";

const RANKS: Readonly<Record<DiffRow["state"], Rank>> = {
  failing: RANK.failing,
  open: RANK.failing,
  worse: RANK.judged,
  judged: RANK.judged,
  changed: RANK.changed,
  same: RANK.same,
};

/**
 * Only the columns that say something: without a baseline nothing has changed, and where nothing differs, one value is enough.
 *
 * @param rows of one table
 */
export function diffTable(rows: readonly DiffRow[], { baseline }: Pick<Verdict, "baseline">): Block {
  const shown: ReadonlySet<ColumnNeed> = new Set<ColumnNeed>([
    ...(baseline === null || rows.every(({ state }) => state === "same") ? [] : (["change"] as const)),
    ...(rows.some(({ rulings }) => rulings.length > 0) ? (["rules"] as const) : []),
    ...(rows.some(({ state }) => MARK[state] !== "") ? (["mark"] as const) : []),
  ]);
  const columns = COLUMNS.filter(({ needs }) => needs === undefined || shown.has(needs));
  return {
    kind: "table",
    itemNoun: "metric",
    columns: columns.map(({ title, align }) => ({ title, align })),
    rows: rows.map((row): TableRow => ({ rank: RANKS[row.state], cells: columns.map(({ cell }) => cell(row)) })),
  };
}

type ColumnNeed = "change" | "rules" | "mark";

interface DiffColumn extends TableColumn {
  readonly needs?: ColumnNeed;
  readonly cell: (row: DiffRow) => Markdown;
}

const COLUMNS: readonly DiffColumn[] = [
  { title: "", align: "left", needs: "mark", cell: ({ state }) => md`${MARK[state]}` },
  { title: "Metric", align: "left", cell: nameOf },
  { title: "Before", align: "right", needs: "change", cell: (row) => formatSide(row, 0, "–") },
  { title: "Now", align: "right", cell: (row) => formatSide(row, 1, "missing") },
  {
    title: "Change",
    align: "left",
    needs: "change",
    cell: ({ better, baseline, candidate, about }) =>
      about === "gap" ? EMPTY_MARKDOWN : formatChange(better, baseline, candidate),
  },
  { title: "Rule", align: "left", needs: "rules", cell: ({ rulings }) => formatRules(rulings) },
];

const MARK: Readonly<Record<DiffRow["state"], string>> = {
  failing: "❌",
  open: "⚠️",
  worse: "🔻",
  judged: "✅",
  changed: "",
  same: "",
};

/** `mae`, `mae` in `poor-health`, `recall`, gap */
function nameOf({ metric, slice, about }: Pick<DiffRow, "metric" | "slice" | "about">): Markdown {
  if (about !== undefined) return md`${inlineName(metric)}, ${about}`;
  return slice === null ? inlineName(metric) : md`${inlineName(metric)} in ${inlineName(slice)}`;
}

function formatSide({ baseline, candidate, unit }: DiffRow, side: 0 | 1, absent: string): Markdown {
  const shown = formatPair(baseline, candidate)[side];
  if (shown === undefined) return md`${absent}`;
  return unit === undefined ? { markdown: shown } : md`${{ markdown: shown }} ${unit}`;
}

/** All rules of a metric; each with its own mark where they differ. */
function formatRules(rulings: readonly Ruling[]): Markdown {
  const marks = rulings.map(markOf);
  const differ = new Set(marks).size > 1;
  return joinMarkdown(
    rulings.map((ruling, at) => (differ ? md`${marks[at] ?? ""} ${formatRule(ruling)}` : formatRule(ruling))),
    ", ",
  );
}

const markOf = (ruling: Ruling): string => {
  if (ruling.outcome === "pass") return "✅";
  return isBlocking(ruling) ? "❌" : "⚠️";
};
