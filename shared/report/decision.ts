/** What a report says first: whether this can be merged, and why in a few words. */
import type { SectionState } from "../core/comment/section.ts";
import type { ReportRecords } from "../core/gate/assert-consistent.ts";
import type { AdvisoryReason } from "../core/policy/trust-levels.ts";
import type { Problem } from "../problem/problem.ts";
import type { Verdict } from "../records/verdict.ts";
import { buildDiffRows, type DiffRow, isBlocking } from "./diff-rows.ts";
import { isWorse } from "./format-change.ts";
import { EMPTY_MARKDOWN, formatCount, groupDigits, inlineName, joinMarkdown, type Markdown, md } from "./markdown.ts";
import { describeProblem } from "./problems.ts";
import type { Block } from "./report-tree.ts";

export interface ReportContext {
  /** The commit that should have been judged, if there is no verdict. */
  readonly head?: string | undefined;
  /** The page of the judging run: its job summaries contain the full report. From the runner, not from a record. */
  readonly runUrl?: string | undefined;
  /** The page of the repository, for links to its commits. From the runner, not from a record. */
  readonly repositoryUrl?: string | undefined;
  /** Whether this run itself found that the trusted commit has no policy. A record that says so may be a fork's. */
  readonly hasNoPolicy?: boolean;
  /** Whose run measured the numbers, where that run may not write: the rules then hold for what it reported, and no more. */
  readonly reportedBy?: "fork" | "pull-request" | undefined;
  /** How the judging run ended, unless it succeeded or has not ended. */
  readonly failedRun?: string | undefined;
  /** Why the change could edit its own judgement, where that is known. */
  readonly advisory?: AdvisoryReason | undefined;
  /** What the reader must know but no record contains. */
  readonly warnings?: readonly string[];
  /** What the author calls the result: plain text. */
  readonly title?: string | undefined;
  /** Whether this is about a commit that no pull request is to merge any more. */
  readonly isMerged?: boolean;
  /** Whether the workflow may have other results: one with a name of its own, or a leg of a matrix. */
  readonly isOneOfSeveral?: boolean;
  /** What the author shows below it. */
  readonly addition?: readonly Block[];
  /** What was asked for and could not be shown: the step fails by it, and so nothing is ready. */
  readonly problems?: readonly Problem[];
}

/** Whether this can be merged, and why in a few words. */
export function decide(records: ReportRecords, context: ReportContext): Decision {
  const judged = decideByRecords(records, context);
  const [problem] = context.problems ?? [];
  if (problem === undefined || judged.state === "blocked") return judged;
  return { state: "blocked", summary: describeProblem(problem), problem };
}

interface Decision {
  readonly state: SectionState;
  readonly summary: Markdown;
  /** What the summary tells, where that is no ruling. */
  readonly problem?: Problem;
}

function decideByRecords(
  { verdict, data }: ReportRecords,
  { hasNoPolicy = false, reportedBy, failedRun }: ReportContext,
): Decision {
  const blocked = (summary: Markdown) => ({ state: "blocked", summary }) as const;
  if (data?.outcome === "fail") return blocked(md`the data violates its contract`);
  if (data?.outcome === "error") return blocked(md`the data could not be judged`);
  if (verdict === undefined) return blocked(md`there is no verdict`);
  const { rulings, problems: [problem] = [] } = verdict;
  const countOf = (outcome: string): number => rulings.filter((ruling) => ruling.outcome === outcome).length;
  const broken = rulings.filter(isBlocking).length;
  const unjudged = describeUnjudged(verdict);
  switch (verdict.outcome) {
    case "pass": {
      if (failedRun !== undefined) return blocked(md`the run ended in ${failedRun}, although the rules hold`);
      const held = countOf("pass");
      const excused = rulings.length - held;
      if (excused > 0 && failedRun === undefined && reportedBy === undefined)
        return {
          state: "ready",
          summary: md`${formatShare(held, rulings.length)} ${held === 1 ? "passes" : "pass"}, and ${excused} ${excused === 1 ? "is" : "are"} waived or only a warning${unjudged}`,
        };
      const count = rulings.length === 1 ? "the rule" : `all ${formatCount(rulings.length, "rule")}`;
      if (reportedBy !== undefined) {
        const whose = reportedBy === "fork" ? "this fork's" : "this pull request's own";
        const hold = rulings.length === 1 ? "holds" : "hold";
        return {
          state: "reported",
          summary: md`${count} ${hold} for the numbers that ${whose} run reported${unjudged}`,
        };
      }
      return { state: "ready", summary: md`${count} ${rulings.length === 1 ? "passes" : "pass"}${unjudged}` };
    }
    case "fail":
      if (rulings.length === 0) return blocked(md`there is no rule to judge by`);
      if (problem !== undefined) return blocked(md`${problem.message}`);
      if (broken === 0) return blocked(md`the rules hold, but the gate is closed: see the notes`);
      return blocked(md`${formatShare(broken, rulings.length)} ${broken === 1 ? "is" : "are"} broken${unjudged}`);
    case "inconclusive":
      if (verdict.policy === null && hasNoPolicy)
        return { state: "ungated", summary: md`nothing was gated${describeDifference(verdict)}` };
      if (verdict.policy === null) return { state: "undecided", summary: md`there is no policy to judge by` };
      return {
        state: "undecided",
        summary: md`${formatShare(countOf("inconclusive"), rulings.length)} could not be judged`,
      };
    case "error":
      return blocked(problem === undefined ? md`the gate could not judge` : md`${problem.message}`);
  }
}

/** That a rule holds says nothing about what has no rule. */
function describeUnjudged(verdict: Verdict): Markdown {
  const worse = buildDiffRows(verdict).filter(({ state }) => state === "worse").length;
  return worse === 0 ? EMPTY_MARKDOWN : md`; ${formatCount(worse, "metric")} without a rule got worse`;
}

/** Without rules, the difference is the news: `; 2 metrics worse, 1 better`. */
function describeDifference(verdict: Verdict): Markdown {
  if (verdict.baseline === null) return EMPTY_MARKDOWN;
  const changes = buildDiffRows(verdict).flatMap((row) => changeOf(row) ?? []);
  const [only] = changes;
  if (only === undefined) return md`; no metric changed`;
  if (changes.length === 1) return md`; ${nameOfRow(only.row)} is ${only.change}`;
  const counts = CHANGES.flatMap((change) => {
    const count = changes.filter((each) => each.change === change).length;
    return count === 0 ? [] : [{ change, count }];
  });
  const parts = counts.map(({ change, count }, at) =>
    at === 0 ? md`${formatCount(count, "metric")} ${change}` : md`${groupDigits(count)} ${change}`,
  );
  return md`; ${joinMarkdown(parts, ", ")}`;
}

const CHANGES = ["missing", "worse", "better", "new", "different"] as const;

function changeOf(row: DiffRow): { readonly row: DiffRow; readonly change: (typeof CHANGES)[number] } | undefined {
  const { baseline, candidate, better } = row;
  if (baseline === candidate) return undefined;
  if (candidate === null) return { row, change: "missing" };
  if (baseline === null) return { row, change: "new" };
  if (better !== "higher" && better !== "lower") return { row, change: "different" };
  if (!isWorse(better, baseline, candidate)) return { row, change: "better" };
  // What its own standard errors explain is no news.
  return { row, change: row.state === "worse" ? "worse" : "different" };
}

const nameOfRow = ({ metric, slice }: DiffRow): Markdown =>
  slice === null ? inlineName(metric) : md`${inlineName(metric)} in ${inlineName(slice)}`;

/** `1 of 4 rules`. */
const formatShare = (part: number, whole: number): string =>
  whole === 1 ? "the rule" : `${groupDigits(part)} of ${formatCount(whole, "rule")}`;
