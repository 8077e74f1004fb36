/** Which examples got another answer, by id, and which classes are taken for which: where a reviewer looks for the cause. */
import type { Verdict } from "../records/verdict.ts";
import { formatCount, groupDigits, inlineName, joinMarkdown, type Markdown, md } from "./markdown.ts";
import { type Block, RANK, type TableColumn } from "./report-tree.ts";

/** Enough to look some up; the record has a thousand. */
const MAX_IDS = 20;
/** A wider table is not read. */
const MAX_TABLE_CLASSES = 8;
const MAX_CONFUSIONS = 10;

/** @returns `undefined` where there are no per-example results, or all answers are the same */
export function caseChanges({ flips = [], confusion }: Pick<Verdict, "flips" | "confusion">): Block | undefined {
  const [flip] = flips;
  if (flip === undefined || flip.brokenCount + flip.fixedCount === 0) return undefined;
  const { broken, fixed, brokenCount, fixedCount } = flip;
  const was = (count: number): string => (count === 1 ? "was" : "were");
  const lists = [
    ...idLine(md`🔻 **${groupDigits(brokenCount)}** ${was(brokenCount)} right before`, broken, brokenCount),
    ...idLine(md`✅ **${groupDigits(fixedCount)}** ${was(fixedCount)} wrong before`, fixed, fixedCount),
  ];
  return {
    kind: "section",
    title: md`Examples: ${groupDigits(brokenCount)} newly wrong, ${groupDigits(fixedCount)} newly right`,
    open: false,
    blocks: [
      { kind: "list", itemNoun: "line", items: lists.map((text) => ({ rank: RANK.extra, text })) },
      ...(confusion?.baseline ? [confusionDiff(confusion.labels, confusion.baseline, confusion.candidate)] : []),
    ],
  };
}

function idLine(what: Markdown, ids: readonly string[], count: number): readonly Markdown[] {
  if (count === 0) return [];
  const shown = ids.slice(0, MAX_IDS).map(inlineName);
  const more = count > shown.length ? md`, and ${formatCount(count - shown.length, "more", "more")}` : md``;
  return [md`${what}: ${joinMarkdown(shown, ", ")}${more}`];
}

type Matrix = readonly (readonly number[])[];

/** All counts of a few classes, each with its change; of many the confusions that changed most. */
function confusionDiff(labels: readonly string[], before: Matrix, now: Matrix): Block {
  const cells = labels.flatMap((actual, row) =>
    labels.map((predicted, at) => ({
      ...{ actual, predicted, isRight: row === at },
      ...{ before: before[row]?.[at] ?? 0, now: now[row]?.[at] ?? 0 },
    })),
  );
  const left = (title: string): TableColumn => ({ title, align: "left" });
  const right = (title: string): TableColumn => ({ title, align: "right" });
  if (labels.length <= MAX_TABLE_CLASSES) {
    return {
      kind: "table",
      itemNoun: "class",
      columns: [left("Actual ↓ predicted → (change)"), ...labels.map((label) => right(inlineName(label).markdown))],
      rows: labels.map((label, row) => ({
        rank: RANK.extra,
        cells: [inlineName(label), ...cells.slice(row * labels.length, (row + 1) * labels.length).map(formatCell)],
      })),
    };
  }
  const moved = cells
    .filter((cell) => !cell.isRight && cell.before !== cell.now)
    .toSorted((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before));
  return {
    kind: "table",
    itemNoun: "confusion",
    columns: [left("Actual"), left("Predicted"), right("Before"), right("Now")],
    rows: moved.slice(0, MAX_CONFUSIONS).map((cell) => ({
      rank: RANK.extra,
      cells: [
        ...[inlineName(cell.actual), inlineName(cell.predicted)],
        ...[md`${groupDigits(cell.before)}`, md`${groupDigits(cell.now)}`],
      ],
    })),
  };
}

interface Cell {
  readonly isRight: boolean;
  readonly before: number;
  readonly now: number;
}

/** `480 (−3)`; what is right is bold. */
function formatCell({ isRight, before, now }: Cell): Markdown {
  const count = isRight ? md`**${groupDigits(now)}**` : md`${groupDigits(now)}`;
  if (now === before) return count;
  const size = groupDigits(Math.abs(now - before));
  return now > before ? md`${count} (+${size})` : md`${count} (−${size})`;
}
