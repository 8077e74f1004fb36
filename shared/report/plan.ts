/** The plan of a promotion, for the people who must approve it. */
import { describeLocation } from "../core/registry/bytes/describe-location.ts";
import type { PromotionPlan } from "../records/promotion-plan.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { formatPair } from "./format-number.ts";
import { inlineName, joinMarkdown, type Markdown, md, shortHash } from "./markdown.ts";
import { type AskedFile, approvalInstruction, describeApprovals, requestBlocks, warningBlocks } from "./plan-parts.ts";
import { type Block, type ListItem, RANK } from "./report-tree.ts";

/** @param digest of the plan's canonical JSON: an approval is bound to it, so it is shown in full */
export function renderPlan(plan: PromotionPlan, digest: string, asked?: AskedFile): string {
  const { kind, model, target, needs, to, replaces, evidence, policy, reason, requestedBy } = plan;
  const what =
    kind === "promote"
      ? md`Promote ${inlineName(model)} ${inlineName(target.version)} to ${inlineName(to)}`
      : md`Roll back ${inlineName(model)} to ${inlineName(target.version)} in ${inlineName(to)}`;
  const current = replaces === null ? md`nothing is deployed there yet` : md`replaces ${inlineName(replaces.version)}`;
  const facts: readonly (readonly [string, Markdown])[] = [
    ["Model", inlineName(model)],
    ["Version", md`${inlineName(target.version)}, commit ${shortHash(target.commit)}${behind(plan)}`],
    ["Model digest", inlineName(target.modelDigest)],
    ["Bytes", describeBytes(plan)],
    ...provenFacts(plan),
    [
      "Environment",
      md`${inlineName(to)}${needs.length === 0 ? md`` : md`, after ${joinMarkdown(needs.map(inlineName), ", ")}`}`,
    ],
    [
      "Replaces",
      replaces === null ? md`nothing` : md`${inlineName(replaces.version)}, model ${shortHash(replaces.modelDigest)}`,
    ],
    ["Reason", md`${reason === "" ? "none given" : reason}`],
    ["Requested by", md`${requestedBy.login} (account ${requestedBy.id})`],
    ["Planned", md`${plan.createdAt}, by attempt ${plan.origin.attempt} of run ${plan.origin.run}`],
    ["Approvals", describeApprovals(plan, digest)],
    ["Policy", md`${shortHash(policy.digest)} at ${shortHash(policy.ref)}`],
    ["Expires", md`${plan.expiresAt}`],
    ["Plan digest", inlineName(digest)],
  ];
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### ${what}: ${current}`] },
    ...(plan.challenge && plan.approvals > 0 ? [{ kind: "lines" as const, lines: [approvalInstruction(digest)] }] : []),
    ...warningBlocks(plan.warnings),
    {
      kind: "table",
      itemNoun: "fact",
      columns: [
        { title: "", align: "left" },
        { title: "What is approved", align: "left" },
      ],
      rows: facts.map(([label, value]) => ({ rank: RANK.failing, cells: [md`**${label}**`, value] })),
    },
    ...(asked ? requestBlocks(asked, plan) : []),
    ...(plan.metrics.length > 0 ? [comparisonTable(plan)] : []),
    { kind: "list", itemNoun: "evidence record", items: evidence.map(evidenceItem) },
    {
      kind: "lines",
      lines: [md`An approval is for exactly this plan. If anything in it changes, a new approval is needed.`],
    },
  ];
  return fitReport({ blocks, fullReport: md`the plan` }, SUMMARY_LIMIT);
}

/** What GitHub shows about the version, beside what its tag says. */
function provenFacts({ branch, guarantee, governance, today }: PromotionPlan): [string, Markdown][] {
  const level = EVIDENCE_LEVELS[guarantee?.evidence ?? "claimed"];
  const fields = Object.entries(governance ?? {}).map(([name, value]) => md`${name}: ${value}`);
  const failed =
    today?.rulings.filter(({ outcome }) => outcome === "fail").map(({ metric }) => inlineName(metric)) ?? [];
  return [
    ...(branch === undefined ? [] : [["Commit is on", inlineName(branch)] as [string, Markdown]]),
    ...(guarantee === undefined ? [] : [["Evidence", md`${level}`] as [string, Markdown]]),
    ...(fields.length === 0 ? [] : [["Governance", joinMarkdown(fields, "; ")] as [string, Markdown]]),
    ...(today === undefined
      ? []
      : [
          [
            "By today's policy",
            failed.length === 0 ? md`${today.outcome}` : md`${today.outcome}: ${joinMarkdown(failed, ", ")}`,
          ] as [string, Markdown],
        ]),
  ];
}

/** Where they are fetched from, and how far that can be relied on. */
function describeBytes({ locations = [], guarantee }: PromotionPlan): Markdown {
  if (locations.length === 0) return md`the version does not say where they are`;
  const places = joinMarkdown(
    locations.map((location) => md`${describeLocation(location)}`),
    "; ",
  );
  return md`${places} (${BYTES_LEVELS[guarantee?.bytes ?? "unknown"]})`;
}

const BYTES_LEVELS: Readonly<Record<NonNullable<NonNullable<PromotionPlan["guarantee"]>["bytes"]>, string>> = {
  immutable: "a place there names its content",
  verified: "GitHub has the digest of every file, and they are those",
  listed: "the place is there; what is in it is compared before it is deployed",
  unknown: "no place has them any more",
};

const EVIDENCE_LEVELS: Readonly<Record<NonNullable<NonNullable<PromotionPlan["guarantee"]>["evidence"]>, string>> = {
  attested: "attested: a signature of its workflow was verified",
  proven: "proven: GitHub shows that a run of a trusted branch uploaded exactly these records",
  recorded: "recorded: it was proven at registration, and GitHub does not have the run or its artifacts any more",
  claimed: "claimed: only the version's tag says so",
};

const behind = ({ line }: PromotionPlan): Markdown =>
  line?.behind === undefined ? md`` : md`; behind ${inlineName(line.behind)}`;

/** The metrics of this version beside those of the version that it replaces. */
function comparisonTable({ metrics, today }: PromotionPlan): Block {
  const ruled = (name: string, slice: string | null): Markdown => {
    const found = (today?.rulings ?? []).filter((ruling) => ruling.metric === name && ruling.slice === slice);
    return found.length === 0 ? md`–` : md`${found.map(({ rule, outcome }) => `${rule} ${outcome}`).join(", ")}`;
  };
  return {
    kind: "table",
    itemNoun: "metric",
    columns: [
      { title: "Metric", align: "left" },
      { title: "Slice", align: "left" },
      { title: "Deployed", align: "right" },
      { title: "This version", align: "right" },
      ...(today === undefined ? [] : [{ title: "By today's policy", align: "left" as const }]),
    ],
    rows: metrics.map(({ name, slice, baseline, candidate }) => {
      const [before, after] = formatPair(baseline, candidate);
      return {
        rank: baseline === candidate ? RANK.same : RANK.changed,
        cells: [
          inlineName(name),
          slice === null ? md`all` : inlineName(slice),
          md`${before ?? "–"}`,
          md`${after ?? "missing"}`,
          ...(today === undefined ? [] : [ruled(name, slice)]),
        ],
      };
    }),
  };
}

const evidenceItem = ({ kind, digest }: PromotionPlan["evidence"][number]): ListItem => ({
  rank: RANK.judged,
  text: md`Evidence: ${kind} ${shortHash(digest)}`,
});
