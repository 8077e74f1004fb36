/** A report as one HTML file that asks for nothing: no script, and pictures only as data inside it. */
import MarkdownIt from "markdown-it";
import { escapeHtml, type Html, html } from "../html.ts";
import type { Markdown } from "../markdown.ts";
import { STYLE } from "./style.ts";

export interface Page {
  /** Text of the browser's tab. */
  readonly title: string;
  /** As `md` makes it. */
  readonly markdown: string;
  /** What the lines of `figureLine` stand for, by their number. */
  readonly figures: readonly Html[];
}

/** Stands for a figure, in a line or alone. No text can become it: of that every `<` is encoded. */
export const figureLine = (at: number): Markdown => ({ markdown: `<figure-${at}>` });

export function renderPage({ title, markdown, figures }: Page): string {
  const renderer = new MarkdownIt({ html: true, breaks: true, linkify: false });
  const showTags = (text: string): string => keepOwnTags(text, figures);
  renderer.renderer.rules["html_inline"] = (tokens, at) => showTags(tokens[at]?.content ?? "");
  renderer.renderer.rules["html_block"] = (tokens, at) => showTags(tokens[at]?.content ?? "");
  const body = { html: renderer.render(markdown) };
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
<main>
${body}</main>
</html>
`.html;
}

/** Even if text became markup, the browser would run, fetch and send nothing. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const OWN_TAGS: ReadonlySet<string> = new Set(
  ["details", "summary", "sub", "strong", "em", "del", "code"].flatMap((tag) => [`<${tag}>`, `</${tag}>`]),
);

/** The tags that our reports have, and figures; any other is shown as text. */
const keepOwnTags = (text: string, figures: readonly Html[]): string =>
  text
    .split(/(<[^<>]*>)/)
    .map((piece) => {
      const [, figure] = /^<figure-(\d+)>$/.exec(piece) ?? [];
      if (figure !== undefined) return figures[Number(figure)]?.html ?? "";
      if (OWN_TAGS.has(piece) || piece === "<br>" || piece === "<details open>") return piece;
      return piece.includes("<") || piece.includes(">") ? escapeHtml(piece) : piece;
    })
    .join("");
