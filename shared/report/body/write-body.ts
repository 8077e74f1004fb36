/**
 * The author's Markdown, written again from its tree: headings, paragraphs, quotes, lists, tables and code, and nothing that
 * could act. No link, image, mention, reference, HTML or hidden line of theirs is left; what those said is text.
 */
import { withoutStateMarks } from "../headline.ts";
import type { Markdown } from "../markdown.ts";
import { encodeCodeLines, fenceFor } from "./encode-code.ts";
import type { BodyNode } from "./parse-body.ts";
import { type BodyOptions, writeInline } from "./write-inline.ts";

/** Its blocks, each of one or more lines, to be shown with blank lines between them. */
export const writeBody = (nodes: readonly BodyNode[], options: BodyOptions): readonly Markdown[] =>
  writeBlocks(nodes, options).map((markdown) => ({ markdown }));

const writeBlocks = (nodes: readonly BodyNode[], options: BodyOptions): readonly string[] =>
  nodes.map((node) => writeBlock(node, options)).filter((block) => block !== "");

function writeBlock(node: BodyNode, options: BodyOptions): string {
  switch (node.type) {
    case "heading":
      return writeHeading(node, options);
    case "hr":
      return "***";
    case "blockquote": {
      const text = writeBlocks(node.children, options).join("\n\n");
      return text === "" ? "" : prefix(text, "> ", "> ");
    }
    case "bullet_list":
    case "ordered_list":
      return writeList(node, options);
    case "table":
      return writeTable(node, options);
    case "fence":
    case "code_block":
      return writeCode(node.content, node.info);
    case "html_block":
      return /^<!--(?:(?!-->)[\s\S])*-->\s*$/.test(node.content) ? "" : writeCode(node.content, "html");
    default:
      return writeInline(node.type === "inline" ? node.children : node.children.flatMap(inlineOf), options);
  }
}

const inlineOf = (node: BodyNode): readonly BodyNode[] => (node.type === "inline" ? node.children : [node]);

/** Smaller than any heading of ours, and without the marks that ours begin with. */
function writeHeading(node: BodyNode, options: BodyOptions): string {
  const text = withoutStateMarks(writeInline(node.children.flatMap(inlineOf), options));
  return text === "" ? "" : `${node.tag === "h1" ? "#####" : "######"} ${text}`;
}

function writeList(list: BodyNode, options: BodyOptions): string {
  const isTight = list.children.every(({ children }) =>
    children.every(({ type, isTight }) => type !== "paragraph" || isTight),
  );
  const first = Number(list.attributes["start"] ?? 1);
  const items = list.children.map((item, at) => {
    // The largest number that a list may begin with has nine digits.
    const marker = list.type === "bullet_list" ? "- " : `${Math.min(first + at, 999_999_999)}. `;
    return prefix(writeItem(item, isTight, options), marker, " ".repeat(marker.length));
  });
  return items.join(isTight ? "\n" : "\n\n");
}

function writeItem(item: BodyNode, isTight: boolean, options: BodyOptions): string {
  const blocks = item.children.map((node, at) => {
    const block = writeBlock(node, options);
    return at === 0 ? markTask(block) : block;
  });
  return blocks
    .filter((block) => block !== "")
    .reduce((all, block) => `${all}${isTight && MAY_FOLLOW_TEXT.test(block) ? "\n" : "\n\n"}${block}`, "")
    .trimStart();
}

/** What begins without a blank line after a paragraph: of lists, those whose first item has text and number 1. */
const MAY_FOLLOW_TEXT = /^(?:-|1\.) \S/;

/** A box that nobody can tick: GitHub would write it into the comment. The brackets are encoded at the start of a line. */
const markTask = (text: string): string =>
  text.replace(/^&#91;([ xX])&#93; /, (_, mark: string) => (mark === " " ? "☐ " : "☑ "));

function writeTable(table: BodyNode, options: BodyOptions): string {
  const rows = table.children.flatMap(({ children }) => children);
  const lines = rows.map(({ children }) =>
    row(children.map((cell) => writeInline(cell.children.flatMap(inlineOf), options))),
  );
  const columns = rows[0]?.children.map(({ attributes }) => ALIGNMENT[attributes["style"] ?? ""] ?? "---") ?? [];
  return [...lines.slice(0, 1), row(columns), ...lines.slice(1)].join("\n");
}

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const ALIGNMENT: Readonly<Record<string, string>> = {
  "text-align:left": ":--",
  "text-align:right": "--:",
  "text-align:center": ":-:",
};

function writeCode(content: string, info: string): string {
  const lines = encodeCodeLines(content);
  const [language = ""] = info.trim().toLowerCase().split(/\s/);
  const fence = fenceFor(lines);
  return `${fence}${LANGUAGES.has(language) ? language : ""}\n${lines}\n${fence}`;
}

/** Languages that are only coloured. GitHub draws others, such as `mermaid` and `geojson`: those are shown as text. */
const LANGUAGES: ReadonlySet<string> = new Set(
  "bash c console cpp css csv cuda diff docker dockerfile go html ini java javascript js json julia jsonc makefile matlab md markdown python py r rust scala sh shell sql text toml ts typescript txt xml yaml yml".split(
    " ",
  ),
);

/** @param first before the first line; @param other before each other line that is not empty */
const prefix = (text: string, first: string, other: string): string =>
  text
    .split("\n")
    .map((line, at) => (at === 0 ? first + line : (other + line).trimEnd()))
    .join("\n");
