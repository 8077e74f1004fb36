/** The plan of a promotion, for the people who are asked to approve it. */
import { challengeOf } from "../core/promotion/count-approvals.ts";
import type { PromotionPlan } from "../records/promotion-record.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { formatComparable } from "./format-number.ts";
import { formatCount, inlineName, type Markdown, md, shortHash } from "./markdown.ts";
import { type Block, type ListItem, RANK } from "./report-tree.ts";

/** @param digest of the plan's canonical JSON: what an approval is bound to, so that it is shown in full */
export function renderPlan(plan: PromotionPlan, digest: string): string {
  const { kind, model, target, from, to, replaces, evidence, policy, reason, requestedBy } = plan;
  const what =
    kind === "promote"
      ? md`Promote ${inlineName(model)} ${inlineName(target.version)} to ${inlineName(to)}`
      : md`Roll back ${inlineName(model)} to ${inlineName(target.version)} in ${inlineName(to)}`;
  const standing = replaces === null ? md`nothing stands there now` : md`replaces ${inlineName(replaces.version)}`;
  const facts: readonly (readonly [string, Markdown])[] = [
    ["Model", inlineName(model)],
    ["Version", md`${inlineName(target.version)}, commit ${shortHash(target.commit)}`],
    ["Model digest", inlineName(target.modelDigest)],
    ["Environment", md`${inlineName(to)}${from === null ? md`` : md`, after ${inlineName(from)}`}`],
    [
      "Replaces",
      replaces === null ? md`nothing` : md`${inlineName(replaces.version)}, model ${shortHash(replaces.modelDigest)}`,
    ],
    ["Reason", md`${reason === "" ? "–" : reason}`],
    ["Requested by", md`${requestedBy.login} (account ${requestedBy.id})`],
    ["Approvals", approvals(plan, digest)],
    ["Policy", md`${shortHash(policy.digest)} at ${shortHash(policy.ref)}`],
    ["Expires", md`${plan.expiresAt}`],
    ["Plan digest", inlineName(digest)],
  ];
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### ${what}: ${standing}`] },
    {
      kind: "table",
      itemNoun: "fact",
      columns: [
        { title: "", align: "left" },
        { title: "What is approved", align: "left" },
      ],
      rows: facts.map(([label, value]) => ({ rank: RANK.failing, cells: [md`**${label}**`, value] })),
    },
    ...(plan.challenge && plan.approvals > 0 ? [{ kind: "lines" as const, lines: [ask(digest)] }] : []),
    ...(plan.metrics.length > 0 ? [comparisonTable(plan)] : []),
    { kind: "list", itemNoun: "piece of evidence", items: evidence.map(evidenceItem) },
    {
      kind: "lines",
      lines: [md`An approval is for exactly this plan. If anything in it changes, it must be asked for again.`],
    },
  ];
  return fitReport({ blocks, fullReport: md`the plan` }, SUMMARY_LIMIT);
}

function approvals({ approvals, challenge, requestedBy }: PromotionPlan, digest: string): Markdown {
  const who = md`${formatCount(approvals, "person", "people")} other than ${requestedBy.login}`;
  return challenge && approvals > 0 ? md`${who}, each with ${digits(digest)} in the comment` : who;
}

const ask = (digest: string): Markdown =>
  md`**To approve, put ${digits(digest)} into the comment of your review.** An approval without it does not count.`;

/** As a code span: to copy. */
const digits = (digest: string): Markdown => inlineName(challengeOf(digest));

/** What the version measured beside what it would replace. */
function comparisonTable({ metrics }: PromotionPlan): Block {
  return {
    kind: "table",
    itemNoun: "metric",
    columns: [
      { title: "Metric", align: "left" },
      { title: "Slice", align: "left" },
      { title: "Stands there", align: "right" },
      { title: "This version", align: "right" },
    ],
    rows: metrics.map(({ name: metric, slice, baseline, candidate }) => {
      const [was, is] = formatComparable([baseline, candidate]);
      return {
        rank: baseline === candidate ? RANK.same : RANK.changed,
        cells: [
          inlineName(metric),
          slice === null ? md`all` : inlineName(slice),
          md`${was ?? "–"}`,
          md`${is ?? "missing"}`,
        ],
      };
    }),
  };
}

const evidenceItem = ({ kind, digest }: PromotionPlan["evidence"][number]): ListItem => ({
  rank: RANK.judged,
  text: md`Evidence: ${kind} ${shortHash(digest)}`,
});
