/** The repair of a ledger, for the people who must approve it, and afterwards for the job summary. */
import type { RepairPlan } from "../records/promotion-plan.ts";
import type { Checkpoint } from "../records/promotion-record.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { formatCount, inlineName, joinMarkdown, type Markdown, md, shortHash } from "./markdown.ts";
import { type AskedFile, approvalInstruction, describeApprovals, requestBlocks, warningBlocks } from "./plan-parts.ts";
import { type Block, RANK } from "./report-tree.ts";

/** @param digest of the plan's canonical JSON: an approval is bound to it, so it is shown in full */
export function renderRepairPlan(plan: RepairPlan, digest: string, asked?: AskedFile): string {
  const { model, to, reason, requestedBy, policy, repair, expiresAt } = plan;
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### Repair the ledger of ${inlineName(model)} for ${inlineName(to)}`] },
    ...warningBlocks(plan.warnings),
    factTable("What is approved", [
      ["What is broken", md`${repair.problem}`],
      ["Has no effect", refusedLines(repair)],
      ...stateFacts(repair),
      ["Reason", md`${reason}`],
      ["Requested by", md`${requestedBy.login} (account ${requestedBy.id})`],
      ["Approvals", describeApprovals(plan, digest)],
      ["Policy", md`${shortHash(policy.digest)} at ${shortHash(policy.ref)}`],
      ["Expires", md`${expiresAt}`],
      ["Plan digest", inlineName(digest)],
    ]),
    ...(asked ? requestBlocks(asked, plan) : []),
    ...(plan.challenge && plan.approvals > 0 ? [{ kind: "lines" as const, lines: [approvalInstruction(digest)] }] : []),
    {
      kind: "lines",
      lines: [
        md`Compare it with what ${inlineName(to)} really runs: nothing else will. Other environments need a repair of their own. If anything in this plan changes, a new approval is needed.`,
      ],
    },
  ];
  return fitReport({ blocks, fullReport: md`the plan` }, SUMMARY_LIMIT);
}

export function renderRepair({ plan, planDigest, approvals, seq }: Checkpoint): string {
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### Repaired the ledger of ${inlineName(plan.model)} for ${inlineName(plan.to)}`] },
    factTable("What was done", [
      ["What was broken", md`${plan.repair.problem}`],
      ["Has no effect", refusedLines(plan.repair)],
      ...stateFacts(plan.repair),
      [
        "Approved by",
        approvals.length === 0 ? md`no approval required` : md`${approvals.map(({ login }) => login).join(", ")}`,
      ],
      ["Reason", md`${plan.reason}`],
      ["Plan", inlineName(planDigest)],
      ["Ledger", md`entry ${seq}`],
    ]),
  ];
  return fitReport({ blocks, fullReport: md`the ledger` }, SUMMARY_LIMIT);
}

const refusedLines = ({ lastValid, refusedLines: count }: RepairPlan["repair"]): Markdown =>
  count === 0
    ? md`nothing: all ${formatCount(lastValid.seq, "entry", "entries")} stay valid`
    : md`${formatCount(count, "line", "lines")} after entry ${lastValid.seq}`;

function stateFacts({ state }: RepairPlan["repair"]): readonly Fact[] {
  const versions = state.deployed.map(({ version }) => version);
  const current = versions.at(-1);
  const earlier = versions.slice(0, -1).map(({ version }) => inlineName(version));
  return [
    [
      "Current version",
      current === undefined
        ? md`nothing is deployed`
        : md`${inlineName(current.version)}, commit ${shortHash(current.commit)}, model ${inlineName(current.modelDigest)}`,
    ],
    ["Earlier versions", earlier.length === 0 ? md`none` : joinMarkdown(earlier, ", ")],
    ["Assignment tags", state.tags.length === 0 ? md`none` : joinMarkdown(state.tags.map(describeTag), ", ")],
    ["Next assignment", md`${state.lastAssignment + 1}`],
  ];
}

const describeTag = ({ name, object }: { readonly name: string; readonly object: string }): Markdown =>
  md`${inlineName(name)} (${shortHash(object)})`;

type Fact = readonly [label: string, value: Markdown];

const factTable = (title: string, facts: readonly Fact[]): Block => ({
  kind: "table",
  itemNoun: "fact",
  columns: [
    { title: "", align: "left" },
    { title, align: "left" },
  ],
  rows: facts.map(([label, value]) => ({ rank: RANK.failing, cells: [md`**${label}**`, value] })),
});
