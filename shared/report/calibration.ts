/** How well scores are probabilities, before and now: a table, the same for every reader. */
import { calibrationError } from "../core/gate/describe-calibration.ts";
import type { Verdict } from "../records/verdict.ts";
import { formatPair } from "./format-number.ts";
import { groupDigits, type Markdown, md } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

export function calibrationSection({ calibration }: Pick<Verdict, "calibration">): readonly Block[] {
  const { edges, candidate, baseline } = calibration ?? {};
  if (edges === undefined || candidate === undefined || baseline === undefined) return [];
  const [before = "", now = ""] = formatPair(calibrationError(baseline), calibrationError(candidate));
  const column = (title: string) => ({ title, align: "right" }) as const;
  const rows = candidate.flatMap(({ n, observed }, at) => {
    const old = baseline[at];
    if (n === 0 && (old === undefined || old.n === 0)) return [];
    const range = md`${{ markdown: `${edges[at] ?? 0}–${edges[at + 1] ?? 1}` }}`;
    const cells = [
      range,
      toPercent(old?.observed),
      toPercent(observed),
      md`${groupDigits(old?.n ?? 0)} → ${groupDigits(n)}`,
    ];
    return [{ rank: RANK.extra, cells }];
  });
  const title = md`Calibration: error ${{ markdown: `${before} → ${now}` }}`;
  const columns = [column("Score"), column("Positive before"), column("Positive now"), column("Examples")];
  return [{ kind: "section", title, open: false, blocks: [{ kind: "table", itemNoun: "bin", columns, rows }] }];
}

const toPercent = (share: number | null | undefined): Markdown =>
  share === null || share === undefined ? md`–` : md`${{ markdown: String(Math.round(100 * share)) }} %`;
