/** The gate's verdict as a comment on the pull request and as a job summary. */

import type { Section } from "../core/comment/section.ts";
import type { ReportRecords } from "../core/gate/assert-consistent.ts";
import { distanceFromQuality } from "../core/policy/suggest-policy.ts";
import type { Verdict } from "../records/verdict.ts";
import { calibrationSection } from "./calibration.ts";
import { caseChanges } from "./case-changes.ts";
import { dataHeadline, dataProvenance, findingItems, findingsTable } from "./data-findings.ts";
import { decide, type ReportContext } from "./decision.ts";
import { buildDiffRows, type DiffRow } from "./diff-rows.ts";
import { diffTable } from "./diff-table.ts";
import { fitReport, SECTION_LIMIT, SUMMARY_LIMIT } from "./fit-report.ts";
import { formatHeadline, titled } from "./headline.ts";
import { historyTable } from "./history-table.ts";
import { formatCount, inlineName, link, type Markdown, md } from "./markdown.ts";
import { noiseTable } from "./noise-table.ts";
import { problemItem } from "./problems.ts";
import { changedLine, provenance } from "./provenance.ts";
import { ratchetSection } from "./ratchet.ts";
import { type Block, type ListItem, RANK } from "./report-tree.ts";
import { brokenItems, describeNextStep } from "./rulings.ts";
import { sliceBars } from "./slice-bars.ts";
import { suggestedGatesFor, suggestedRules } from "./suggested-rules.ts";

/** At most twelve lines are visible before the first section: these reasons and notes, and seven lines around them. */
const MAX_SHOWN_LINES = 5;
const MAX_SHOWN_NOTES = 2;
/** So many metrics are seen at once; the others are in a collapsed section. */
const MAX_OPEN_ROWS = 10;

/** The part of a comment that shows these records, whatever they contain. */
export function renderSection(
  records: ReportRecords,
  context: ReportContext,
): Pick<Section, "title" | "state" | "summary" | "text" | "suggested"> {
  const { state, summary } = decide(records, context);
  const suggested = suggestionOf(records, context);
  const fullReport = link(md`the job summary`, context.runUrl);
  const text = fitReport({ blocks: buildBlocks(records, context), fullReport }, SECTION_LIMIT);
  return {
    ...(context.title && { title: context.title }),
    state,
    summary: summary.markdown,
    text: text.trim(),
    ...(suggested.length > 0 && { suggested }),
  };
}

const suggestionOf = ({ verdict }: ReportRecords, { hasNoPolicy = false }: ReportContext) =>
  verdict === undefined ? [] : suggestedGatesFor(verdict, hasNoPolicy);

/** Within the limits of a job summary. */
export function renderVerdict(records: ReportRecords, context: ReportContext = {}): string {
  return fitReport({ blocks: verdictBlocks(records, context), fullReport: md`the record` }, SUMMARY_LIMIT);
}

/** The whole report, to be made to fit its target. */
export const verdictBlocks = (records: ReportRecords, context: ReportContext): readonly Block[] => [
  lines(headline(records, context)),
  ...buildBlocks(records, context),
  ...suggestedRules([{ key: "", gates: suggestionOf(records, context) }], context.isOneOfSeveral),
];

/** Without the headline. */
function buildBlocks(records: ReportRecords, context: ReportContext): readonly Block[] {
  const { verdict, data } = records;
  const failedData = data === undefined || data.outcome === "pass" ? undefined : data;
  const notes = [...(context.warnings ?? []), ...(verdict?.notes ?? []), ...(data?.notes ?? [])].map(noteItem);
  const shownNotes = atMost(notes, MAX_SHOWN_NOTES, "more note");
  const told = decide(records, context).problem;
  const reasons = [
    ...(context.problems ?? []).filter((problem) => problem !== told).map(problemItem),
    ...(failedData ? findingItems(failedData) : []),
    ...(verdict ? brokenItems(verdict.rulings) : []),
  ];
  const changed = verdict && changedLine(verdict);
  const step = told === undefined ? nextStepLine(records) : md`**Next:** ${told.fix}.`;
  return [
    {
      kind: "list",
      itemNoun: "line",
      items: [...atMost(reasons, MAX_SHOWN_LINES - shownNotes.length, "more reason"), ...shownNotes],
    },
    { kind: "lines", lines: step ? [step] : [] },
    { kind: "lines", lines: changed ? [changed] : [] },
    ...(failedData ? [section(md`Findings in the data`, false, [findingsTable(failedData)])] : []),
    ...(verdict ? verdictSections(verdict) : []),
    ...(notes.length > MAX_SHOWN_NOTES
      ? [section(md`${formatCount(notes.length, "note")}`, false, [list("note", notes)])]
      : []),
    ...(data && !failedData ? [section(dataHeadline(data), false, [lines(dataProvenance(data))])] : []),
    ...(context.addition ?? []),
    provenance(records, context),
  ];
}

/** Line 1 answers the reader's question: can this be merged? It names the commit, because a newer push may exist already. */
function headline(records: ReportRecords, context: ReportContext): Markdown {
  const { state, summary } = decide(records, context);
  return formatHeadline(state, titled(context.title, summary), records.verdict?.head ?? context.head, context.isMerged);
}

function nextStepLine({ verdict, data }: ReportRecords): Markdown | undefined {
  if (data !== undefined && data.outcome !== "pass") return md`**Next:** fix the data, then push.`;
  const [problem] = verdict?.problems ?? [];
  if (problem?.fix !== undefined) return md`**Next:** ${problem.fix}.`;
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

/** What differs is always seen; what does not, and what is more than a screen, is folded. */
function verdictSections(verdict: Verdict): readonly Block[] {
  const rows = verdict.baseline === null ? buildDiffRows(verdict).toSorted(byInterest) : buildDiffRows(verdict);
  const changed = rows.filter(({ state }) => state !== "same" || verdict.baseline === null);
  const same = rows.filter((row) => !changed.includes(row));
  const [open, more] = [changed.slice(0, MAX_OPEN_ROWS), changed.slice(MAX_OPEN_ROWS)];
  const bars = sliceBars(verdict);
  const earlier = historyTable(verdict);
  const cases = caseChanges(verdict);
  const sure = noiseTable(verdict);
  const fold = (title: string, list: readonly DiffRow[]): readonly Block[] =>
    list.length === 0 ? [] : [section(md`${title}`, false, [diffTable(list, verdict)])];
  return [
    ...(open.length > 0 ? [diffTable(open, verdict)] : []),
    ...fold(formatCount(more.length, "more metric"), more),
    ...fold(formatCount(same.length, "unchanged metric"), same),
    ...(cases === undefined ? [] : [cases]),
    ...calibrationSection(verdict),
    ...ratchetSection(verdict),
    ...(sure === undefined ? [] : [section(md`How sure this is`, false, [sure])]),
    ...(earlier === undefined ? [] : [section(md`Earlier values`, false, [earlier])]),
    ...(bars === undefined ? [] : [section(md`${inlineName(bars.metric)}, slice by slice`, false, [bars.block])]),
  ];
}

/** Where nothing can differ yet: judged metrics, then quality over everything, and what says nothing of quality last. */
const byInterest = (a: DiffRow, b: DiffRow): number =>
  Number(a.rulings.length === 0) - Number(b.rulings.length === 0) ||
  Number(a.better === undefined) - Number(b.better === undefined) ||
  Number(a.slice !== null) - Number(b.slice !== null) ||
  distanceFromQuality(a.metric) - distanceFromQuality(b.metric);

const lines = (...text: readonly Markdown[]): Block => ({ kind: "lines", lines: text });
const list = (itemNoun: string, items: readonly ListItem[]): Block => ({ kind: "list", itemNoun, items });
const section = (title: Markdown, open: boolean, blocks: readonly Block[]): Block => ({
  kind: "section",
  title,
  open,
  blocks,
});
