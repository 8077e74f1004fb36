/** The plan of a promotion, for the people who are asked to approve it. */
import { challengeOf } from "../core/promotion/approvals.ts";
import type { PromotionPlan } from "../records/promotion-record.ts";
import { fit, SUMMARY } from "./fit.ts";
import { count, type Md, md, name, short } from "./markdown.ts";
import { showTogether } from "./number.ts";
import { type Block, type Item, RANK } from "./tree.ts";

/** @param digest of the plan's canonical JSON: what an approval is bound to, so that it is shown in full */
export function renderPlan(plan: PromotionPlan, digest: string): string {
  const { kind, model, target, from, to, replaces, evidence, policy, reason, requestedBy } = plan;
  const what =
    kind === "promote"
      ? md`Promote ${name(model)} ${name(target.version)} to ${name(to)}`
      : md`Roll back ${name(model)} to ${name(target.version)} in ${name(to)}`;
  const standing = replaces === null ? md`nothing stands there now` : md`replaces ${name(replaces.version)}`;
  const facts: readonly (readonly [string, Md])[] = [
    ["Model", name(model)],
    ["Version", md`${name(target.version)}, commit ${short(target.commit)}`],
    ["Model digest", name(target.modelDigest)],
    ["Environment", md`${name(to)}${from === null ? md`` : md`, after ${name(from)}`}`],
    ["Replaces", replaces === null ? md`nothing` : md`${name(replaces.version)}, model ${short(replaces.modelDigest)}`],
    ["Reason", md`${reason === "" ? "–" : reason}`],
    ["Requested by", md`${requestedBy.login} (account ${requestedBy.id})`],
    ["Approvals", approvals(plan, digest)],
    ["Policy", md`${short(policy.digest)} at ${short(policy.ref)}`],
    ["Expires", md`${plan.expiresAt}`],
    ["Plan digest", name(digest)],
  ];
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### ${what}: ${standing}`] },
    {
      kind: "table",
      of: "fact",
      columns: [
        { title: "", align: "left" },
        { title: "What is approved", align: "left" },
      ],
      rows: facts.map(([label, value]) => ({ rank: RANK.failing, cells: [md`**${label}**`, value] })),
    },
    ...(plan.challenge && plan.approvals > 0 ? [{ kind: "lines" as const, lines: [ask(digest)] }] : []),
    ...(plan.metrics.length > 0 ? [metricsTable(plan)] : []),
    { kind: "list", of: "piece of evidence", items: evidence.map(evidenceItem) },
    {
      kind: "lines",
      lines: [md`An approval is for exactly this plan. If anything in it changes, it must be asked for again.`],
    },
  ];
  return fit({ blocks, whole: md`the plan` }, SUMMARY);
}

function approvals({ approvals, challenge, requestedBy }: PromotionPlan, digest: string): Md {
  const who = md`${count(approvals, "person", "people")} other than ${requestedBy.login}`;
  return challenge && approvals > 0 ? md`${who}, each with ${digits(digest)} in the comment` : who;
}

const ask = (digest: string): Md =>
  md`**To approve, put ${digits(digest)} into the comment of your review.** An approval without it does not count.`;

/** As a code span: to copy. */
const digits = (digest: string): Md => name(challengeOf(digest));

/** What the version measured beside what it would replace. */
function metricsTable({ metrics }: PromotionPlan): Block {
  return {
    kind: "table",
    of: "metric",
    columns: [
      { title: "Metric", align: "left" },
      { title: "Slice", align: "left" },
      { title: "Stands there", align: "right" },
      { title: "This version", align: "right" },
    ],
    rows: metrics.map(({ name: metric, slice, baseline, candidate }) => {
      const [was, is] = showTogether([baseline, candidate]);
      return {
        rank: baseline === candidate ? RANK.same : RANK.changed,
        cells: [name(metric), slice === null ? md`all` : name(slice), md`${was ?? "–"}`, md`${is ?? "missing"}`],
      };
    }),
  };
}

const evidenceItem = ({ kind, digest }: PromotionPlan["evidence"][number]): Item => ({
  rank: RANK.judged,
  text: md`Evidence: ${kind} ${short(digest)}`,
});
