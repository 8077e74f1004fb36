/** The plan of a promotion, for the people who are asked to approve it. */
import type { PromotionPlan } from "../records/promotion-record.ts";
import { fit, SUMMARY } from "./fit.ts";
import { type Md, md, name, short } from "./markdown.ts";
import { type Block, type Item, RANK } from "./tree.ts";

/** @param digest of the plan's canonical JSON: what an approval is bound to, so that it is shown in full */
export function renderPlan(plan: PromotionPlan, digest: string): string {
  const { kind, model, target, from, to, replaces, evidence, policy, reason, requestedBy } = plan;
  const verb = kind === "promote" ? "Promote" : "Roll back";
  const standing = replaces === null ? md`nothing stands there now` : md`replaces ${name(replaces.version)}`;
  const facts: readonly (readonly [string, Md])[] = [
    ["Model", name(model)],
    ["Version", md`${name(target.version)}, commit ${short(target.commit)}`],
    ["Model digest", name(target.modelDigest)],
    ["Environment", md`${name(to)}${from === null ? md`` : md`, after ${name(from)}`}`],
    ["Replaces", replaces === null ? md`nothing` : md`${name(replaces.version)}, model ${short(replaces.modelDigest)}`],
    ["Reason", md`${reason === "" ? "–" : reason}`],
    ["Requested by", md`${requestedBy.login} (account ${requestedBy.id})`],
    ["Policy", md`${short(policy.digest)} at ${short(policy.ref)}`],
    ["Expires", md`${plan.expiresAt}`],
    ["Plan digest", name(digest)],
  ];
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### ${verb} ${name(model)} ${name(target.version)} to ${name(to)}: ${standing}`] },
    {
      kind: "table",
      of: "fact",
      columns: [
        { title: "", align: "left" },
        { title: "What is approved", align: "left" },
      ],
      rows: facts.map(([label, value]) => ({ rank: RANK.failing, cells: [md`**${label}**`, value] })),
    },
    { kind: "list", of: "piece of evidence", items: evidence.map(evidenceItem) },
    {
      kind: "lines",
      lines: [md`An approval is for exactly this plan. If anything in it changes, it must be asked for again.`],
    },
  ];
  return fit({ blocks, whole: md`the plan` }, SUMMARY);
}

const evidenceItem = ({ kind, digest }: PromotionPlan["evidence"][number]): Item => ({
  rank: RANK.judged,
  text: md`Evidence: ${kind} ${short(digest)}`,
});
