/** What prevented a decision, for the reviewer of a pull request: the cause first, and what to do. */
import type { Section } from "../core/comment/section.ts";
import type { Problem } from "../problem/problem.ts";
import { fitReport, SECTION_LIMIT, SUMMARY_LIMIT } from "./fit-report.ts";
import { formatHeadline, titled } from "./headline.ts";
import { inlineName, joinMarkdown, link, type Markdown, md } from "./markdown.ts";
import { type Block, type ListItem, RANK } from "./report-tree.ts";

interface ProblemContext {
  /** The commit that should have been judged. */
  readonly head?: string | undefined;
  readonly runUrl?: string | undefined;
  /** As in `ReportContext`. */
  readonly isMerged?: boolean;
  /** The log of the step that failed. */
  readonly logUrl?: string | undefined;
  /** What the author calls the result: plain text. */
  readonly title?: string | undefined;
}

/** @param problems at least one */
export function renderProblemSection(
  problems: readonly Problem[],
  context: ProblemContext,
): Pick<Section, "title" | "state" | "summary" | "text"> {
  const fullReport = link(md`the job summary`, context.runUrl);
  const text = fitReport({ blocks: buildBlocks(problems, context), fullReport }, SECTION_LIMIT);
  const title = context.title ? { title: context.title } : {};
  return { ...title, state: "blocked", summary: summarise(problems).markdown, text: text.trim() };
}

export function renderProblems(problems: readonly Problem[], context: ProblemContext): string {
  const headline: Block = {
    kind: "lines",
    lines: [formatHeadline("blocked", titled(context.title, summarise(problems)), context.head, context.isMerged)],
  };
  return fitReport({ blocks: [headline, ...buildBlocks(problems, context)], fullReport: undefined }, SUMMARY_LIMIT);
}

/** `report.md: there is no such file` */
export const describeProblem = (problem: Problem): Markdown => md`${placeOf(problem)}${problem.message}`;

export const problemItem = (problem: Problem): ListItem => ({
  rank: RANK.failing,
  text: md`❌ ${describeProblem(problem)}. ${problem.fix}.`,
});

const summarise = ([first]: readonly Problem[]): Markdown =>
  first === undefined ? md`nothing could be judged` : describeProblem(first);

function buildBlocks([first, ...others]: readonly Problem[], { runUrl, logUrl }: ProblemContext): readonly Block[] {
  const items = others.map(problemItem);
  const parts = [
    ...(first === undefined ? [] : [md`code ${inlineName(first.code)}`]),
    ...(logUrl === undefined ? [] : [link(md`its log`, logUrl)]),
    ...(runUrl === undefined ? [] : [link(md`job summary`, runUrl)]),
  ];
  return [
    { kind: "lines", lines: first === undefined ? [] : [md`**Next:** ${first.fix}.`] },
    { kind: "list", itemNoun: "problem", items },
    { kind: "lines", lines: parts.length === 0 ? [] : [joinMarkdown(parts, " · ")] },
  ];
}

function placeOf({ place }: Problem): Markdown {
  if (place === undefined) return md``;
  const position = [place.file, place.line, place.line === undefined ? undefined : place.column];
  return md`${inlineName(position.filter((part) => part !== undefined).join(":"))}: `;
}
