/** A result as a page: what the comment says, and what no comment can have. */
import type { ReportRecords } from "../../core/gate/assert-consistent.ts";
import type { ReportContext } from "../decision.ts";
import { fitReport } from "../fit-report.ts";
import type { Html } from "../html.ts";
import { md } from "../markdown.ts";
import type { Block } from "../report-tree.ts";
import { verdictBlocks } from "../verdict.ts";
import { type Addition, additionInPage } from "./addition.ts";
import { figureLine, renderPage } from "./render-page.ts";

/** The next run downloads it together with the record. In bytes; so are the others. */
const MAX_PAGE_BYTES = 1_000_000;
/** What pictures may have of it, as `data:` addresses. */
export const MAX_PICTURE_BYTES = 600_000;
/** Of the Markdown: tried one after the other, until the page is small enough. */
const TEXT_LIMITS = [300_000, 150_000, 80_000] as const;

/** @param name for the browser's tab */
export function renderResultPage(
  records: ReportRecords,
  context: ReportContext,
  addition: Addition,
  name: string,
): string {
  const figures: Html[] = [];
  const added = additionInPage(addition, (drawing) => figureLine(figures.push(drawing) - 1));
  const blocks = withoutCharts(verdictBlocks(records, { ...context, addition: added }));
  for (const bytes of TEXT_LIMITS) {
    const markdown = fitReport({ blocks, fullReport: md`the record` }, { bytes });
    const page = renderPage({ title: name, markdown, figures });
    if (new TextEncoder().encode(page).length <= MAX_PAGE_BYTES) return page;
  }
  throw new Error("a report does not fit with the least of its parts");
}

/** Only GitHub draws those; their numbers are in the tables. */
const withoutCharts = (blocks: readonly Block[]): readonly Block[] =>
  blocks
    .filter((block) => block.kind !== "chart" || block.language === "text")
    .map((block) => (block.kind === "section" ? { ...block, blocks: withoutCharts(block.blocks) } : block));
