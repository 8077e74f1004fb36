/**
 * Markdown as GitHub shows it: GFM, its allow-list of HTML, Mermaid blocks, alerts, mentions and references.
 * The allow-list removes here what GitHub removes: a test of this page sees what a reviewer would see.
 */
import type { Element, Root, RootContent } from "hast";
import rehypeRaw from "rehype-raw";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { type Html, rawHtml } from "./html.ts";
import { linkReferences, type ReferenceUrls } from "./references.ts";

export interface MarkdownContext {
  /** Comments turn a line end into a line break; files and job summaries do not. */
  readonly kind: "comment" | "summary";
  readonly references: ReferenceUrls;
}

export function renderMarkdown(source: string, context: MarkdownContext): Html {
  const processor = unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkRehype, { allowDangerousHtml: true })
    .use(rehypeRaw)
    .use(rehypeSanitize, defaultSchema)
    .use(() => (tree: Root) => {
      drawDiagrams(tree);
      markAlerts(tree);
      if (context.kind === "comment") breakLines(tree);
      linkReferences(tree, context.references);
    })
    .use(rehypeStringify);
  return rawHtml(String(processor.processSync(source)));
}

/** A fenced block of the language `mermaid` becomes an element that the page's script draws. */
function drawDiagrams(tree: Root): void {
  eachElement(tree, (element) => {
    const code = element.children[0];
    if (element.tagName !== "pre" || code?.type !== "element" || code.tagName !== "code") return;
    const languages = code.properties["className"];
    if (!Array.isArray(languages) || !languages.includes("language-mermaid")) return;
    element.properties = { className: ["mermaid"] };
    element.children = code.children;
  });
}

const ALERT = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*\n?/;

/** A quote that starts with `[!NOTE]` or the like becomes a coloured box with that title. */
function markAlerts(tree: Root): void {
  eachElement(tree, (element) => {
    if (element.tagName !== "blockquote") return;
    const paragraph = element.children.find((child) => child.type === "element");
    const text = paragraph?.type === "element" ? paragraph.children[0] : undefined;
    if (paragraph?.type !== "element" || text?.type !== "text") return;
    const kind = ALERT.exec(text.value)?.[1]?.toLowerCase();
    if (kind === undefined) return;
    text.value = text.value.replace(ALERT, "");
    element.tagName = "div";
    element.properties = { className: ["markdown-alert", `markdown-alert-${kind}`] };
    element.children.unshift({
      type: "element",
      tagName: "p",
      properties: { className: ["markdown-alert-title"] },
      children: [{ type: "text", value: kind.charAt(0).toUpperCase() + kind.slice(1) }],
    });
  });
}

function breakLines(tree: Root): void {
  eachElement(tree, (element) => {
    if (element.tagName !== "p" && element.tagName !== "li") return;
    element.children = element.children.flatMap((child, index): Element["children"] => {
      if (child.type !== "text" || child.value.trim() === "") return [child];
      // The line end after an existing `<br>` is not a second break.
      const before = element.children[index - 1];
      const value =
        before?.type === "element" && before.tagName === "br" ? child.value.replace(/^\n/, "") : child.value;
      return value
        .split("\n")
        .flatMap((line, at): Element["children"] => [
          ...(at === 0 ? [] : [{ type: "element" as const, tagName: "br", properties: {}, children: [] }]),
          { type: "text", value: line },
        ]);
    });
  });
}

function eachElement(node: Root | Element, visit: (element: Element) => void): void {
  for (const child of node.children as readonly RootContent[]) {
    if (child.type !== "element") continue;
    visit(child);
    eachElement(child, visit);
  }
}
