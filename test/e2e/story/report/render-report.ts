/** The whole story as one self-contained page. */
import { type Html, html, rawHtml, statusIcon } from "@mlops-actions/localhub/markdown";
import type { StoryLine, StoryStep } from "../story-step.ts";
import { renderView, type StoryEnding } from "./render-view.ts";

export interface ReportInput {
  readonly steps: readonly StoryStep[];
  readonly ending: StoryEnding;
  readonly seconds: number;
  /** The styles and the script that the page contains. */
  readonly styles: readonly string[];
  readonly mermaid: string;
}

export function renderReport({ steps, ending, seconds, styles, mermaid }: ReportInput): string {
  const body = html`<header class="title">
  <h1>mlops-actions: a demo with one model</h1>
  <p>Run in ${seconds.toFixed(1)} seconds in a local GitHub, on real data, with the workflow templates and the built
  actions. Comments and summaries look as GitHub would render them.</p>
</header>
<nav class="story-steps"><ol>${steps.map((step, index) => html`<li><a href="#step-${index + 1}">${step.title}</a></li>`)}</ol></nav>
${steps.map((step, index) => renderStep(step, index, ending))}`;
  const diagrams = body.html.includes('class="mermaid"') ? script(mermaid) : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mlops-actions: a demo with one model</title>
<link rel="icon" href="data:,">
<style>${styles.join("\n")}</style>
</head>
<body><main>${body.html}</main>${diagrams}</body>
</html>
`;
}

function renderStep(step: StoryStep, index: number, ending: StoryEnding): Html {
  return html`<section class="story-step" id="step-${index + 1}">
<h2><span class="number">${index + 1}</span> ${step.title}</h2>
<ul class="story-lines">${step.lines.map(renderStoryLine)}</ul>
${step.views.map((view) => renderView(view, ending))}
</section>`;
}

const MARKS = { done: "success", stopped: "failure", waits: "waiting", note: "neutral" } as const;

const renderStoryLine = ({ mark, text }: StoryLine): Html =>
  html`<li>${mark === "note" ? rawHtml('<span class="mark quiet">·</span>') : statusIcon(MARKS[mark])} <span>${text}</span></li>`;

/** A script in a page ends at the first closing tag, also inside a string. */
const script = (source: string): string => `<script>${source.replaceAll("</script", "<\\/script")}</script>
<script>
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
mermaid.initialize({ startOnLoad: true, securityLevel: "strict", theme: dark ? "dark" : "default" });
</script>`;
