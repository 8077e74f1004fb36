/** The gate's verdict as a comment on the pull request and as a job summary. */

import type { Section, SectionState } from "../core/comment/section.ts";
import type { ReportRecords } from "../core/gate/assert-consistent.ts";
import { guessDirection } from "../core/metrics/metric-direction.ts";
import { POLICY_PATH } from "../core/policy/policy.ts";
import { suggestPolicy } from "../core/policy/suggest-policy.ts";
import type { Problem } from "../problem/problem.ts";
import type { Verdict } from "../records/verdict.ts";
import { dataHeadline, dataProvenance, findingItems, findingsTable } from "./data-findings.ts";
import { fitReport, SECTION_LIMIT, SUMMARY_LIMIT } from "./fit-report.ts";
import { formatHeadline, titled } from "./headline.ts";
import { formatCount, groupDigits, inlineName, joinMarkdown, link, type Markdown, md, shortHash } from "./markdown.ts";
import { hasChanged, metricsTable, unjudgedMetrics } from "./metrics-table.ts";
import { describeProblem, problemItem } from "./problems.ts";
import { type Block, type ListItem, RANK } from "./report-tree.ts";
import { blockingItems, describeNextStep, rulesTable } from "./rulings.ts";
import { sliceChart } from "./slice-chart.ts";

export interface ReportContext {
  /** The commit that should have been judged, if there is no verdict. */
  readonly head?: string | undefined;
  /** The page of the judging run: its job summaries contain the full report. From the runner, not from a record. */
  readonly runUrl?: string | undefined;
  /** The page of the repository, for links to its commits. From the runner, not from a record. */
  readonly repositoryUrl?: string | undefined;
  /** Whether this run itself found that the trusted commit has no policy. A record that says so may be a fork's. */
  readonly hasNoPolicy?: boolean;
  /** Whether training and judging share a job, which the change itself can edit. */
  readonly isAdvisory?: boolean;
  /** What the reader must know but no record contains. */
  readonly warnings?: readonly string[];
  /** What the author calls the result: plain text. */
  readonly title?: string | undefined;
  /** What the author shows below it. */
  readonly addition?: readonly Block[];
  /** What was asked for and could not be shown: the step fails by it, and so nothing is ready. */
  readonly problems?: readonly Problem[];
}

/** At most twelve lines are visible before the first section: these reasons and notes, and seven lines around them. */
const MAX_SHOWN_LINES = 5;
const MAX_SHOWN_NOTES = 2;
/** A table of more rules than this is in a collapsed section. */
const MAX_OPEN_RULES = 8;

/** The part of a comment that shows these records, whatever they contain. */
export function renderSection(
  records: ReportRecords,
  context: ReportContext,
): Pick<Section, "title" | "state" | "summary" | "text"> {
  const { state, summary } = decide(records, context);
  const fullReport = link(md`the job summary`, context.runUrl);
  const text = fitReport({ blocks: buildBlocks(records, context), fullReport }, SECTION_LIMIT);
  return { ...(context.title && { title: context.title }), state, summary: summary.markdown, text: text.trim() };
}

/** Within the limits of a job summary. */
export function renderVerdict(records: ReportRecords, context: ReportContext = {}): string {
  return fitReport({ blocks: verdictBlocks(records, context), fullReport: md`the record` }, SUMMARY_LIMIT);
}

/** The whole report, to be made to fit its target. */
export const verdictBlocks = (records: ReportRecords, context: ReportContext): readonly Block[] => [
  lines(headline(records, context)),
  ...buildBlocks(records, context),
];

/** Without the headline. */
function buildBlocks(records: ReportRecords, context: ReportContext): readonly Block[] {
  const { verdict, data } = records;
  const failedData = data === undefined || data.outcome === "pass" ? undefined : data;
  const notes = [...(context.warnings ?? []), ...(verdict?.notes ?? []), ...(data?.notes ?? [])].map(noteItem);
  const shownNotes = atMost(notes, MAX_SHOWN_NOTES, "more note");
  const reasons = [
    ...(context.problems ?? []).map(problemItem),
    ...(failedData ? findingItems(failedData) : []),
    ...(verdict ? blockingItems(verdict.rulings) : []),
  ];
  const step = nextStepLine(records);
  return [
    {
      kind: "list",
      itemNoun: "line",
      items: [...atMost(reasons, MAX_SHOWN_LINES - shownNotes.length, "more reason"), ...shownNotes],
    },
    { kind: "lines", lines: step ? [step] : [] },
    { kind: "lines", lines: [provenance(records, context)] },
    ...(failedData ? [section(md`Findings in the data`, false, [findingsTable(failedData)])] : []),
    ...(verdict ? verdictSections(verdict, context.hasNoPolicy) : []),
    ...(notes.length > MAX_SHOWN_NOTES
      ? [section(md`${formatCount(notes.length, "note")}`, false, [list("note", notes)])]
      : []),
    ...(data && !failedData ? [section(dataHeadline(data), false, [lines(dataProvenance(data))])] : []),
    ...(context.addition ?? []),
  ];
}

/** Line 1 answers the reader's question: can this be merged? It names the commit, because a newer push may exist already. */
function headline(records: ReportRecords, context: ReportContext): Markdown {
  const { state, summary } = decide(records, context);
  return formatHeadline(state, titled(context.title, summary), records.verdict?.head ?? context.head);
}

/** Whether this can be merged, and why in a few words. */
function decide(records: ReportRecords, context: ReportContext) {
  const judged = judge(records, context);
  const [problem] = context.problems ?? [];
  if (problem === undefined || judged.state === "blocked") return judged;
  return { state: "blocked", summary: describeProblem(problem) } as const;
}

function judge(
  { verdict, data }: ReportRecords,
  { hasNoPolicy = false }: ReportContext,
): { readonly state: SectionState; readonly summary: Markdown } {
  const blocked = (summary: Markdown) => ({ state: "blocked", summary }) as const;
  if (data?.outcome === "fail") return blocked(md`the data violates its contract`);
  if (data?.outcome === "error") return blocked(md`the data could not be judged`);
  if (verdict === undefined) return blocked(md`there is no verdict`);
  const { rulings } = verdict;
  const countOf = (outcome: string): number => rulings.filter((ruling) => ruling.outcome === outcome).length;
  switch (verdict.outcome) {
    case "pass":
      return {
        state: "ready",
        summary: md`${rulings.length === 1 ? "the rule passes" : `all ${formatCount(rulings.length, "rule")} pass`}`,
      };
    case "fail":
      if (rulings.length === 0) return blocked(md`there is no rule to judge by`);
      return blocked(
        md`${formatShare(countOf("fail"), rulings.length)} ${countOf("fail") === 1 ? "is" : "are"} broken`,
      );
    case "inconclusive":
      if (verdict.policy === null && hasNoPolicy) return { state: "ungated", summary: md`nothing was gated` };
      if (verdict.policy === null) return { state: "undecided", summary: md`there is no policy to judge by` };
      return {
        state: "undecided",
        summary: md`${formatShare(countOf("inconclusive"), rulings.length)} could not be judged`,
      };
    case "error":
      return blocked(md`the gate could not judge`);
  }
}

/** `1 of 4 rules`. */
const formatShare = (part: number, whole: number): string =>
  whole === 1 ? "the rule" : `${groupDigits(part)} of ${formatCount(whole, "rule")}`;

function nextStepLine({ verdict, data }: ReportRecords): Markdown | undefined {
  if (data !== undefined && data.outcome !== "pass") return md`**Next:** fix the data, then push.`;
  if (verdict?.proposedPolicy !== undefined) return describeProposal(verdict.proposedPolicy);
  return verdict
    ? describeNextStep(verdict)
    : md`**Next:** see in the run which job failed before the gate could judge.`;
}

/** Of a change that adds the first policy. */
function describeProposal({ outcome, problems }: NonNullable<Verdict["proposedPolicy"]>): Markdown {
  const [first] = problems;
  const why = first === undefined ? md`` : md`: ${first.message}`;
  const says = {
    pass: md`its rules hold for this very change`,
    inconclusive: md`its rules need a baseline, which the first merge makes`,
    fail: md`its rules would stop this very change${why}`,
    error: md`it cannot be used${why}`,
  } as const;
  return md`**The policy that this change adds** applies after the merge; ${says[outcome]}.`;
}

const noteItem = (text: string): ListItem => ({ rank: RANK.judged, text: md`ℹ️ ${text}` });

/** At most this many lines; if there are more items, the last line counts them. */
function atMost(items: readonly ListItem[], lines: number, more: string): readonly ListItem[] {
  if (items.length <= lines) return items;
  const text = md`${formatCount(items.length - lines + 1, more)} below`;
  return [...items.slice(0, lines - 1), { rank: RANK.failing, text }];
}

function verdictSections(verdict: Verdict, hasNoPolicy = false): readonly Block[] {
  const { rulings } = verdict;
  const others = unjudgedMetrics(verdict);
  const chart = sliceChart(verdict);
  return [
    ...(rulings.length > 0
      ? [section(md`${formatCount(rulings.length, "rule")}`, rulings.length <= MAX_OPEN_RULES, [rulesTable(verdict)])]
      : []),
    ...(chart ? [section(md`Slice by slice`, false, [chart])] : []),
    ...(others.length > 0
      ? [section(metricsTitle(verdict, others), rulings.length === 0, [metricsTable(others, verdict)])]
      : []),
    ...(verdict.policy === null && hasNoPolicy ? suggestedRules(verdict) : []),
  ];
}

/** `3 other metrics, 2 changed`; without a baseline nothing can have changed. */
function metricsTitle({ rulings, baseline }: Verdict, others: readonly Verdict["metrics"][number][]): Markdown {
  const count = formatCount(others.length, rulings.length > 0 ? "other metric" : "metric");
  return baseline === null ? md`${count}` : md`${count}, ${others.filter(hasChanged).length} changed`;
}

/** What to copy, where nothing is gated yet. */
function suggestedRules({ metrics }: Verdict): readonly Block[] {
  const text = suggestPolicy(
    metrics.map((metric) => ({ ...metric, better: metric.better ?? guessDirection(metric.name) })),
  );
  if (text === undefined) return [];
  const where = md`Copy this into ${inlineName(POLICY_PATH)} on the default branch, in a pull request of its own:`;
  return [section(md`Rules to begin with`, false, [lines(where), { kind: "code", language: "yaml", text }])];
}

/** Which commit was judged, by which policy, against which baseline. */
function provenance(
  { verdict, data }: ReportRecords,
  { runUrl, repositoryUrl, head, isAdvisory = false }: ReportContext,
): Markdown {
  const commit = (sha: string): Markdown =>
    link(shortHash(sha), repositoryUrl === undefined ? undefined : `${repositoryUrl}/commit/${sha}`);
  const what = verdict ? [describeJudgement(verdict, commit)] : head === undefined ? [] : [md`About ${commit(head)}`];
  const parts = [
    ...what,
    ...(verdict === undefined && data ? [dataProvenance(data)] : []),
    ...(isAdvisory ? [md`advisory: the change could edit its own judgement`] : []),
    ...(runUrl === undefined ? [] : [link(md`job summary`, runUrl)]),
  ];
  return md`<sub>${joinMarkdown(parts, " · ")}</sub>`;
}

function describeJudgement({ head, judged, policy, baseline }: Verdict, commit: (sha: string) => Markdown): Markdown {
  const what = head === judged ? commit(head) : md`${commit(head)} (test merge ${commit(judged)})`;
  if (policy === null) {
    return baseline === null
      ? md`Measured ${what}; there is nothing to compare with yet: the first merge makes it`
      : md`Compared ${what} with ${commit(baseline.commit)} from ${baseline.source}`;
  }
  const against =
    baseline === null ? md`without a baseline` : md`against ${commit(baseline.commit)} from ${baseline.source}`;
  return md`Judged ${what} by ${inlineName(policy.path)} at ${commit(policy.ref)}, ${against}`;
}

const lines = (...text: readonly Markdown[]): Block => ({ kind: "lines", lines: text });
const list = (itemNoun: string, items: readonly ListItem[]): Block => ({ kind: "list", itemNoun, items });
const section = (title: Markdown, open: boolean, blocks: readonly Block[]): Block => ({
  kind: "section",
  title,
  open,
  blocks,
});
