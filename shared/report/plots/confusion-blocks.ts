/** A confusion matrix in a report: how well each class is recognised as a chart, and the counts as a table. */
import type { ConfusionMatrix } from "../../core/plots/plot.ts";
import { formatNumber } from "../format-number.ts";
import { formatCount, groupDigits, inlineName, type Markdown, md } from "../markdown.ts";
import { type Block, RANK } from "../report-tree.ts";
import { isSafeLabel, xyChart } from "./mermaid.ts";

/** A wider table is not read; a chart of more bars has no room for their names. */
const MAX_TABLE_CLASSES = 10;
const MAX_CHART_CLASSES = 16;
const MAX_CONFUSIONS = 10;

export function confusionLegend({ title, file, labels, counts }: ConfusionMatrix): Markdown {
  const [right, all] = [sum(counts.map((row, at) => row[at] ?? 0)), sum(counts.flat())];
  const share = all === 0 ? md`` : md`, ${formatNumber((100 * right) / all, 4)} %`;
  const of = md`${groupDigits(right)} of ${groupDigits(all)} right${share}`;
  return md`**${title}**, ${formatCount(labels.length, "class", "classes")}, from ${inlineName(file)}: ${of}`;
}

/** Bars: of each actual class, the percentage that was recognised; 0 for one without examples. */
export function confusionChart({ labels, counts }: ConfusionMatrix): Block | undefined {
  if (labels.length > MAX_CHART_CLASSES) return undefined;
  const names = labels.map((label, at) => (isSafeLabel(label) ? label : `class ${at + 1}`));
  const recalls = counts.map((row, at) => (sum(row) === 0 ? 0 : (100 * (row[at] ?? 0)) / sum(row)));
  const mermaid = xyChart({ kind: "bar", labels: names, series: [recalls], range: [0, 100] });
  return mermaid === undefined ? undefined : { kind: "chart", rank: RANK.extra, language: "mermaid", text: mermaid };
}

/** All counts, or of many classes the most frequent confusions. */
export function confusionTable({ labels, counts }: ConfusionMatrix): Block {
  if (labels.length > MAX_TABLE_CLASSES) return confusions({ labels, counts });
  return {
    kind: "table",
    itemNoun: "class",
    columns: [{ title: "Actual ↓ predicted →", align: "left" }, ...labels.map((label) => column(inlineName(label)))],
    rows: counts.map((row, at) => ({
      rank: RANK.extra,
      cells: [
        inlineName(labels[at] ?? ""),
        ...row.map((count, as) => (as === at ? md`**${groupDigits(count)}**` : md`${groupDigits(count)}`)),
      ],
    })),
  };
}

const column = (title: Markdown) => ({ title: title.markdown, align: "right" }) as const;

function confusions({ labels, counts }: Pick<ConfusionMatrix, "labels" | "counts">): Block {
  const wrong = counts.flatMap((row, of) =>
    row.flatMap((count, as) =>
      as === of || count === 0 ? [] : [{ count, of: labels[of] ?? "", as: labels[as] ?? "" }],
    ),
  );
  const worst = wrong.sort((a, b) => b.count - a.count).slice(0, MAX_CONFUSIONS);
  return {
    kind: "table",
    itemNoun: "confusion",
    columns: [{ title: "Actual", align: "left" }, { title: "Predicted", align: "left" }, column(md`Count`)],
    rows: worst.map(({ count, of, as }) => ({
      rank: RANK.extra,
      cells: [inlineName(of), inlineName(as), md`${groupDigits(count)}`],
    })),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);
