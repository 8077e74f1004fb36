/** A completed promotion, for the job summary. */
import { tagOf } from "../core/promotion/entry-rules.ts";
import type { LedgerEntry, LedgerState } from "../core/promotion/ledger.ts";
import { listEvents } from "../core/promotion/ledger-answers.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { historyTable } from "./ledger-history.ts";
import { inlineName, type Markdown, md, shortHash } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

/** @param ledger after it */
export function renderPromotion(entry: LedgerEntry, ledger: LedgerState): string {
  const { plan, planDigest, approvals, record } = entry;
  const { kind, model, target, to, replaces, reason } = plan;
  const what =
    kind === "promote"
      ? md`Promoted ${inlineName(model)} ${inlineName(target.version)} to ${inlineName(to)}`
      : md`Rolled back ${inlineName(model)} to ${inlineName(target.version)} in ${inlineName(to)}`;
  const facts: readonly (readonly [string, Markdown])[] = [
    ["Model digest", inlineName(target.modelDigest)],
    ["Commit", shortHash(target.commit)],
    ["Replaced", replaces === null ? md`nothing` : inlineName(replaces.version)],
    [
      "Approved by",
      approvals.length === 0 ? md`no approval required` : md`${approvals.map(({ login }) => login).join(", ")}`,
    ],
    ["Reason", md`${reason === "" ? "–" : reason}`],
    ["Plan", inlineName(planDigest)],
    ["Ledger", md`entry ${record.seq}`],
    ["Tag", inlineName(tagOf(entry)?.name ?? "–")],
  ];
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### ${what}`] },
    {
      kind: "table",
      itemNoun: "fact",
      columns: [
        { title: "", align: "left" },
        { title: "What was done", align: "left" },
      ],
      rows: facts.map(([label, value]) => ({ rank: RANK.failing, cells: [md`**${label}**`, value] })),
    },
    historyTable(listEvents(ledger, to)),
  ];
  return fitReport({ blocks, fullReport: md`the ledger` }, SUMMARY_LIMIT);
}
