/** The gate's verdict as a comment on the pull request and as a job summary. */
import type { DataReport } from "../records/data-report.ts";
import type { Verdict } from "../records/verdict.ts";
import { dataHeadline, dataProvenance, findingItems, findingsTable } from "./data-findings.ts";
import { COMMENT_LIMIT, fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import {
  EMPTY_MARKDOWN,
  formatCount,
  inlineName,
  joinMarkdown,
  link,
  type Markdown,
  md,
  shortHash,
} from "./markdown.ts";
import { hasChanged, metricsTable, unjudgedMetrics } from "./metrics-table.ts";
import { type Block, type ListItem, RANK, type ReportTree } from "./report-tree.ts";
import { blockingItems, describeNextStep, rulesTable } from "./rulings.ts";
import { sliceChart } from "./slice-chart.ts";

/** What the report is about. Where there is no verdict, there is nothing that would allow a merge. */
export interface ReportRecords {
  readonly verdict?: Verdict | undefined;
  readonly data?: DataReport | undefined;
}

export interface ReportContext {
  /** The commit that was to be judged, where there is no verdict to say so. */
  readonly head?: string | undefined;
  /** The page of the run that judged: its job summaries hold the whole report. From the runner, not from a record. */
  readonly runUrl?: string | undefined;
  /** The page of the repository, for links to its commits. From the runner, not from a record. */
  readonly repositoryUrl?: string | undefined;
  /** Something that the reader must know and that no record says. */
  readonly warnings?: readonly string[];
}

/** A reader sees at most twelve lines before the first fold: these reasons and notes, and seven lines around them. */
const MAX_SHOWN_LINES = 5;
const MAX_SHOWN_NOTES = 2;
/** A table of more rules than this stands behind a fold that is closed. */
const MAX_OPEN_RULES = 8;

/** Within the limits of a comment, whatever the verdict holds. @param marker the last line */
export function renderComment(judgement: ReportRecords, surroundings: ReportContext, marker: string): string {
  const whole = link(md`the job summary`, surroundings.runUrl);
  return fitReport({ ...buildReport(judgement, surroundings), fullReport: whole, lastLine: marker }, COMMENT_LIMIT);
}

/** Within the limits of a job summary. */
export function renderVerdict(judgement: ReportRecords, surroundings: ReportContext = {}): string {
  return fitReport({ ...buildReport(judgement, surroundings), fullReport: md`the record` }, SUMMARY_LIMIT);
}

function buildReport(judgement: ReportRecords, surroundings: ReportContext): Pick<ReportTree, "blocks"> {
  const { verdict, data } = judgement;
  const broken = data?.outcome === "fail" ? data : undefined;
  const notes = [...(surroundings.warnings ?? []), ...(verdict?.notes ?? []), ...(data?.notes ?? [])].map(noteItem);
  const shownNotes = atMost(notes, MAX_SHOWN_NOTES, "more note");
  const reasons = [...(broken ? findingItems(broken) : []), ...(verdict ? blockingItems(verdict.rulings) : [])];
  const step = nextStepLine(judgement);
  return {
    blocks: [
      { kind: "lines", lines: [headline(judgement, surroundings)] },
      {
        kind: "list",
        itemNoun: "line",
        items: [...atMost(reasons, MAX_SHOWN_LINES - shownNotes.length, "more reason"), ...shownNotes],
      },
      { kind: "lines", lines: step ? [step] : [] },
      { kind: "lines", lines: [provenance(judgement, surroundings)] },
      ...(broken ? [fold(md`Findings in the data`, false, [findingsTable(broken)])] : []),
      ...(verdict ? verdictFolds(verdict) : []),
      ...(notes.length > MAX_SHOWN_NOTES
        ? [fold(md`${formatCount(notes.length, "note")}`, false, [list("note", notes)])]
        : []),
      ...(data && !broken ? [fold(dataHeadline(data), false, [lines(dataProvenance(data))])] : []),
    ],
  };
}

/** Line 1 answers the reader's question: may this be merged? And about which commit: the next push may be under way. */
function headline(judgement: ReportRecords, { head }: ReportContext): Markdown {
  const commit = judgement.verdict?.head ?? head;
  return md`### ${mergeReadiness(judgement)}${commit === undefined ? EMPTY_MARKDOWN : md` (${inlineName(commit.slice(0, 7))})`}`;
}

function mergeReadiness({ verdict, data }: ReportRecords): Markdown {
  if (data?.outcome === "fail") return md`❌ Not ready to merge: the data breaks its contract`;
  if (verdict === undefined) return md`❌ Not ready to merge: there is no verdict`;
  const { rulings } = verdict;
  const not = (outcome: string): number => rulings.filter((ruling) => ruling.outcome === outcome).length;
  switch (verdict.outcome) {
    case "pass":
      return md`✅ Ready to merge: ${rulings.length === 1 ? "the rule holds" : `all ${formatCount(rulings.length, "rule")} hold`}`;
    case "fail":
      if (rulings.length === 0) return md`❌ Not ready to merge: there is no rule to judge by`;
      return md`❌ Not ready to merge: ${formatCount(not("fail"), "rule is", "rules are")} broken, of ${rulings.length}`;
    case "inconclusive":
      return md`⚠️ Not decided: ${formatCount(not("inconclusive"), "rule")} of ${rulings.length} could not be judged`;
    case "error":
      return md`❌ Not ready to merge: the gate could not judge`;
  }
}

function nextStepLine({ verdict, data }: ReportRecords): Markdown | undefined {
  if (data?.outcome === "fail") return md`**Next:** mend the data, then push.`;
  return verdict
    ? describeNextStep(verdict)
    : md`**Next:** see in the run which job failed before the gate could judge.`;
}

const noteItem = (text: string): ListItem => ({ rank: RANK.judged, text: md`ℹ️ ${text}` });

/** As many lines; where there are more, the last one counts them. */
function atMost(items: readonly ListItem[], lines: number, more: string): readonly ListItem[] {
  if (items.length <= lines) return items;
  const text = md`${formatCount(items.length - lines + 1, more)} below`;
  return [...items.slice(0, lines - 1), { rank: RANK.failing, text }];
}

function verdictFolds(verdict: Verdict): readonly Block[] {
  const { rulings } = verdict;
  const others = unjudgedMetrics(verdict);
  const changed = others.filter(hasChanged).length;
  const chart = sliceChart(verdict);
  return [
    fold(md`${formatCount(rulings.length, "rule")}`, rulings.length <= MAX_OPEN_RULES, [rulesTable(verdict)]),
    ...(chart ? [fold(md`Slice by slice`, false, [chart])] : []),
    ...(others.length > 0
      ? [
          fold(md`${formatCount(others.length, "other metric")}, ${changed} changed`, false, [
            metricsTable(others, rulings),
          ]),
        ]
      : []),
  ];
}

/** What exactly was judged, by what, against what. */
function provenance(
  { verdict, data }: ReportRecords,
  { runUrl: run, repositoryUrl: repository, head }: ReportContext,
): Markdown {
  const commit = (sha: string): Markdown =>
    link(shortHash(sha), repository === undefined ? undefined : `${repository}/commit/${sha}`);
  const what = verdict ? [judged(verdict, commit)] : head === undefined ? [] : [md`About ${commit(head)}`];
  const parts = [
    ...what,
    ...(verdict === undefined && data ? [dataProvenance(data)] : []),
    ...(run === undefined ? [] : [link(md`job summary`, run)]),
  ];
  return md`<sub>${joinMarkdown(parts, " · ")}</sub>`;
}

function judged({ head, judged, policy, baseline }: Verdict, commit: (sha: string) => Markdown): Markdown {
  const what = head === judged ? commit(head) : md`${commit(head)} (merged: ${commit(judged)})`;
  const against =
    baseline === null ? md`without a baseline` : md`against ${commit(baseline.commit)} from ${baseline.source}`;
  return md`Judged ${what} by ${inlineName(policy.path)} at ${commit(policy.ref)}, ${against}`;
}

const lines = (...text: readonly Markdown[]): Block => ({ kind: "lines", lines: text });
const list = (of: string, items: readonly ListItem[]): Block => ({ kind: "list", itemNoun: of, items });
const fold = (title: Markdown, open: boolean, blocks: readonly Block[]): Block => ({
  kind: "fold",
  title,
  open,
  blocks,
});
