/** A completed promotion, for the job summary. */
import { tagOf } from "../core/promotion/entry-rules.ts";
import type { LedgerEntry, LedgerState } from "../core/promotion/ledger.ts";
import { listEvents } from "../core/promotion/ledger-answers.ts";
import type { Approval } from "../records/promotion-record.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { historyTable } from "./ledger-history.ts";
import { inlineName, joinMarkdown, type Markdown, md, shortHash } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

/** @param ledger after it */
export function renderPromotion(entry: LedgerEntry, ledger: LedgerState): string {
  const { plan, planDigest, approvals, record } = entry;
  const { kind, model, target, to, replaces, reason, requestedBy } = plan;
  const what =
    kind === "promote"
      ? md`Promoted ${inlineName(model)} ${inlineName(target.version)} to ${inlineName(to)}`
      : md`Rolled back ${inlineName(model)} to ${inlineName(target.version)} in ${inlineName(to)}`;
  const facts: readonly (readonly [string, Markdown])[] = [
    ["Model digest", inlineName(target.modelDigest)],
    ["Commit", shortHash(target.commit)],
    [
      "In place of",
      replaces === null ? md`nothing` : md`${inlineName(replaces.version)}, model ${shortHash(replaces.modelDigest)}`,
    ],
    ["When", md`${record.at}, by attempt ${record.origin.attempt} of run ${record.origin.run}`],
    ["Requested by", md`${requestedBy.login}`],
    [
      "Approved by",
      approvals.length === 0 ? md`no approval required` : joinMarkdown(approvals.map(describeApproval), "; "),
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

/** Who, in which environment or at which commit of a pull request, when GitHub says so, and with which words. */
function describeApproval({ login, environment, commit, at, comment }: Approval): Markdown {
  const where = environment === undefined ? md`` : md` in ${inlineName(environment)}`;
  const review = commit === undefined ? md`` : md` by a review of ${shortHash(commit)}`;
  const when = at === undefined ? md`` : md` at ${at}`;
  return md`${login}${where}${review}${when}${comment.trim() === "" ? md`` : md`: ${comment}`}`;
}
