/** What a promotion did, for the job summary. */
import type { PromotionRecord } from "../records/promotion-record.ts";
import { fit, SUMMARY } from "./fit.ts";
import { type Md, md, name, short } from "./markdown.ts";
import { type Block, RANK } from "./tree.ts";

export function renderPromotion({ plan, planDigest, approvals, tag, seq }: PromotionRecord): string {
  const { kind, model, target, to, replaces, reason } = plan;
  const what =
    kind === "promote"
      ? md`Promoted ${name(model)} ${name(target.version)} to ${name(to)}`
      : md`Rolled back ${name(model)} to ${name(target.version)} in ${name(to)}`;
  const facts: readonly (readonly [string, Md])[] = [
    ["Model digest", name(target.modelDigest)],
    ["Commit", short(target.commit)],
    ["Replaced", replaces === null ? md`nothing` : name(replaces.version)],
    ["Approved by", approvals.length === 0 ? md`nobody had to` : md`${approvals.map(({ login }) => login).join(", ")}`],
    ["Reason", md`${reason === "" ? "–" : reason}`],
    ["Plan", name(planDigest)],
    ["Ledger", md`entry ${seq}`],
    ["Tag", name(tag?.name ?? "–")],
  ];
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### ${what}`] },
    {
      kind: "table",
      of: "fact",
      columns: [
        { title: "", align: "left" },
        { title: "What was done", align: "left" },
      ],
      rows: facts.map(([label, value]) => ({ rank: RANK.judged, cells: [md`**${label}**`, value] })),
    },
  ];
  return fit({ blocks, whole: md`the ledger` }, SUMMARY);
}
