/** The whole story as one self-contained page. */
import { type Html, html, rawHtml, statusIcon } from "@mlops-actions/localhub/markdown";
import type { StoryLine, StoryStep } from "../story-step.ts";
import { renderView } from "./render-view.ts";

export interface ReportInput {
  readonly acts: readonly StoryStep[];
  readonly seconds: number;
  /** The styles and the script that the page carries with it. */
  readonly styles: readonly string[];
  readonly mermaid: string;
}

export function renderReport({ acts, seconds, styles, mermaid }: ReportInput): string {
  const body = html`<header class="title">
  <h1>mlops-actions: one model's life</h1>
  <p>Played in ${seconds.toFixed(1)} seconds in a local GitHub, on real data, by the workflow templates and the built
  actions. Comments and summaries are as GitHub would render them.</p>
</header>
<nav class="acts"><ol>${acts.map((act, index) => html`<li><a href="#act-${index + 1}">${act.title}</a></li>`)}</ol></nav>
${acts.map(renderStep)}`;
  const drawing = body.html.includes('class="mermaid"') ? script(mermaid) : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mlops-actions: one model's life</title>
<link rel="icon" href="data:,">
<style>${styles.join("\n")}</style>
</head>
<body><main>${body.html}</main>${drawing}</body>
</html>
`;
}

function renderStep(act: StoryStep, index: number): Html {
  return html`<section class="act" id="act-${index + 1}">
<h2><span class="number">${index + 1}</span> ${act.title}</h2>
<ul class="told">${act.lines.map(renderStoryLine)}</ul>
${act.views.map(renderView)}
</section>`;
}

const MARKS = { done: "success", stopped: "failure", waits: "waiting", note: "neutral" } as const;

const renderStoryLine = ({ mark, text }: StoryLine): Html =>
  html`<li>${mark === "note" ? rawHtml('<span class="mark quiet">·</span>') : statusIcon(MARKS[mark])} <span>${text}</span></li>`;

/** A script in a page ends at the first closing tag, wherever it stands. */
const script = (source: string): string => `<script>${source.replaceAll("</script", "<\\/script")}</script>
<script>
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
mermaid.initialize({ startOnLoad: true, securityLevel: "strict", theme: dark ? "dark" : "default" });
</script>`;
