/** From a report to Markdown, with all of it or without some of the parts that may be left out. */
import { count, type Md } from "./markdown.ts";
import type { Block, Item, Report, Row } from "./tree.ts";

/** What may be left out. */
export type Part = Row | Item | Extract<Block, { kind: "chart" }>;

/** The parts in the order in which they stand. */
export function* partsOf(blocks: readonly Block[]): Generator<Part> {
  for (const block of blocks) {
    if (block.kind === "list") yield* block.items;
    else if (block.kind === "table") yield* block.rows;
    else if (block.kind === "fold") yield* partsOf(block.blocks);
    else if (block.kind === "chart") yield block;
  }
}

/** @param kept whether a part is shown; what is left out is counted and said */
export function write(report: Report, kept: (part: Part) => boolean): string {
  const text = paragraphs(report.blocks, { kept, whole: report.whole });
  return `${[...text, ...(report.last === undefined ? [] : [report.last])].join("\n\n")}\n`;
}

interface Writing {
  readonly kept: (part: Part) => boolean;
  readonly whole: Md | undefined;
}

function paragraphs(blocks: readonly Block[], writing: Writing): readonly string[] {
  return blocks.map((block) => paragraph(block, writing)).filter((text) => text !== "");
}

function paragraph(block: Block, writing: Writing): string {
  switch (block.kind) {
    case "lines":
      return block.lines.map(({ markdown }) => markdown).join("\n");
    case "chart":
      return writing.kept(block) ? `\`\`\`mermaid\n${block.mermaid}\n\`\`\`` : "";
    case "fold": {
      const inner = paragraphs(block.blocks, writing);
      const head = `<details${block.open ? " open" : ""}><summary>${block.title.markdown}</summary>`;
      return inner.length === 0 ? "" : [head, ...inner, "</details>"].join("\n\n");
    }
    case "list": {
      const items = block.items.filter(writing.kept);
      const rest = leftOut(block.items.length - items.length, block.of, items.length > 0, writing);
      return [...items.map(({ text }) => `- ${text.markdown}`), ...rest.map((line) => `- ${line}`)].join("\n");
    }
    case "table": {
      const rows = block.rows.filter(writing.kept);
      const rest = leftOut(block.rows.length - rows.length, block.of, rows.length > 0, writing);
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

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function leftOut(missing: number, of: string, some: boolean, { whole }: Writing): readonly string[] {
  if (missing === 0) return [];
  const what = `${count(missing, `${some ? "more " : ""}${of}`)} ${missing === 1 ? "is" : "are"} not shown here`;
  return [whole === undefined ? `${what}.` : `${what}; see ${whole.markdown}.`];
}
