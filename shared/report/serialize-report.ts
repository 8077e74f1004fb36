/** From a report to Markdown, complete or without some of the parts that may be omitted. */
import { encodeCodeLines, fenceFor } from "./body/encode-code.ts";
import { formatCount, type Markdown } from "./markdown.ts";
import type { Block, ListItem, ReportTree, TableRow } from "./report-tree.ts";

/** What may be omitted. */
export type ReportPart = TableRow | ListItem | Extract<Block, { kind: "chart" }>;

/** The parts in the order of the report. */
export function* listParts(blocks: readonly Block[]): Generator<ReportPart> {
  for (const block of blocks) {
    if (block.kind === "list" || block.kind === "prose") yield* block.items;
    else if (block.kind === "table") yield* block.rows;
    else if (block.kind === "section") yield* listParts(block.blocks);
    else if (block.kind === "chart") yield block;
  }
}

/** @param isKept whether a part is shown; a note counts the omitted ones */
export function serializeReport(report: ReportTree, isKept: (part: ReportPart) => boolean): string {
  const text = paragraphs(report.blocks, { isKept, fullReport: report.fullReport });
  return `${[...text, ...(report.lastLine === undefined ? [] : [report.lastLine])].join("\n\n")}\n`;
}

interface SerializeOptions {
  readonly isKept: (part: ReportPart) => boolean;
  readonly fullReport: Markdown | undefined;
}

function paragraphs(blocks: readonly Block[], options: SerializeOptions): readonly string[] {
  return blocks.map((block) => paragraph(block, options)).filter((text) => text !== "");
}

function paragraph(block: Block, options: SerializeOptions): string {
  switch (block.kind) {
    case "lines":
      return block.lines.map(({ markdown }) => markdown).join("\n");
    case "code": {
      const lines = encodeCodeLines(block.text);
      return `${fenceFor(lines)}${block.language}\n${lines}\n${fenceFor(lines)}`;
    }
    case "chart":
      return options.isKept(block) ? `\`\`\`${block.language}\n${block.text}\n\`\`\`` : "";
    case "section": {
      const inner = paragraphs(block.blocks, options);
      const head = `<details${block.open ? " open" : ""}><summary>${toHtml(block.title)}</summary>`;
      return inner.length === 0 ? "" : [head, ...inner, "</details>"].join("\n\n");
    }
    case "list": {
      const items = block.items.filter(options.isKept);
      const rest = omittedNote(block.items.length - items.length, block.itemNoun, items.length > 0, options);
      return [...items.map(({ text }) => `- ${text.markdown}`), ...rest.map((line) => `- ${line}`)].join("\n");
    }
    case "prose": {
      const items = block.items.filter(options.isKept);
      const rest = omittedNote(block.items.length - items.length, block.itemNoun, items.length > 0, options);
      return [...items.map(({ text }) => text.markdown), ...rest].join("\n\n");
    }
    case "table": {
      const rows = block.rows.filter(options.isKept);
      const rest = omittedNote(block.rows.length - rows.length, block.itemNoun, rows.length > 0, options);
      if (rows.length === 0) return rest.join("\n");
      const lines = [
        row(block.columns.map(({ title }) => title)),
        row(block.columns.map(({ align }) => (align === "right" ? "--:" : "---"))),
        ...rows.map(({ cells }) => row(cells.map(({ markdown }) => markdown))),
      ];
      return [lines.join("\n"), ...rest].join("\n\n");
    }
  }
}

/** In the title of a section GitHub reads no Markdown, only HTML. */
const toHtml = ({ markdown }: Markdown): string =>
  markdown.replaceAll(/`([^`]*)`/g, (_, code: string) => {
    const text = code.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    return `<code>${text}</code>`;
  });

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function omittedNote(
  missing: number,
  itemNoun: string,
  some: boolean,
  { fullReport }: SerializeOptions,
): readonly string[] {
  if (missing === 0) return [];
  const what = `${formatCount(missing, `${some ? "more " : ""}${itemNoun}`)} ${missing === 1 ? "is" : "are"} not shown here`;
  return [fullReport === undefined ? `${what}.` : `${what}; see ${fullReport.markdown}.`];
}
