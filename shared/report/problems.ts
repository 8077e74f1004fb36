/** What prevented a decision, for the reviewer of a pull request: the cause first, and what to do. */
import type { Section } from "../core/comment/section.ts";
import type { Problem } from "../problem/problem.ts";
import { fitReport, SECTION_LIMIT, SUMMARY_LIMIT } from "./fit-report.ts";
import { formatHeadline } from "./headline.ts";
import { inlineName, joinMarkdown, link, type Markdown, md } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

interface ProblemContext {
  /** The commit that should have been judged. */
  readonly head?: string | undefined;
  readonly runUrl?: string | undefined;
}

/** @param problems at least one */
export function renderProblemSection(
  problems: readonly Problem[],
  context: ProblemContext,
): Pick<Section, "state" | "summary" | "text"> {
  const fullReport = link(md`the job summary`, context.runUrl);
  const text = fitReport({ blocks: buildBlocks(problems, context), fullReport }, SECTION_LIMIT);
  return { state: "blocked", summary: summarise(problems).markdown, text: text.trim() };
}

export function renderProblems(problems: readonly Problem[], context: ProblemContext): string {
  const headline: Block = { kind: "lines", lines: [formatHeadline("blocked", summarise(problems), context.head)] };
  return fitReport({ blocks: [headline, ...buildBlocks(problems, context)], fullReport: undefined }, SUMMARY_LIMIT);
}

const summarise = ([first]: readonly Problem[]): Markdown =>
  first === undefined ? md`nothing could be judged` : md`${placeOf(first)}${first.message}`;

function buildBlocks([first, ...others]: readonly Problem[], { runUrl }: ProblemContext): readonly Block[] {
  const items = others.map((problem) => ({
    rank: RANK.failing,
    text: md`❌ ${placeOf(problem)}${problem.message}. ${problem.fix}.`,
  }));
  const parts = [
    ...(first === undefined ? [] : [md`code ${inlineName(first.code)}`]),
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
