/** What could be seen after a step, as HTML. */
import {
  type Html,
  html,
  type ReferenceUrls,
  rawHtml,
  renderMarkdown,
  statusIcon,
} from "@mlops-actions/localhub/markdown";
import type { LedgerRow, StoryView } from "../story-step.ts";

/** The page is self-contained: there is nothing to link to. */
const NO_REFERENCES: ReferenceUrls = { account: () => undefined, issue: () => undefined, commit: () => undefined };

/** How the story ended, for a page that is read when the local GitHub is gone. */
export interface StoryEnding {
  /** Of the local GitHub, under whatever name of this machine: links to it lead nowhere any more. */
  readonly port: string;
  /** By number: what became of each pull request. */
  readonly pulls: ReadonlyMap<number, string>;
}

export function renderView(view: StoryView, { port, pulls }: StoryEnding): Html {
  const render = (text: string, kind: "comment" | "summary"): Html =>
    unlink(renderMarkdown(text, { kind, references: NO_REFERENCES }), port);
  switch (view.kind) {
    case "pull": {
      const end = pulls.get(view.number) ?? view.state;
      const later =
        end === view.state ? "" : html` <span class="muted">then</span> <span class="pill ${end}">${end}</span>`;
      return html`<h3>${view.title} <span class="muted">#${view.number} by ${view.author}</span>
<span class="pill ${view.state}">${view.state}</span>${later}</h3>`;
    }
    case "checks":
      return html`<p class="checks">${view.checks.map(
        ({ name, state }) => html`<span class="check">${statusIcon(state)} ${name}</span>`,
      )}</p>`;
    case "comment":
      return html`<article class="comment"><header><strong>${view.author}</strong> commented</header>
<div class="markdown-body">${render(view.body, "comment")}</div></article>`;
    case "summary":
      return html`<details class="summary"><summary>Job summary of <strong>${view.job}</strong></summary>
<div class="markdown-body">${render(view.markdown, "summary")}</div></details>`;
    case "ledger":
      return html`<div class="scroll"><table class="ledger"><thead><tr><th>Version</th><th>Environment</th><th>Requested by</th>
<th>Approved by</th><th>Tag</th></tr></thead><tbody>${view.rows.map(renderLedgerRow)}</tbody></table></div>`;
  }
}

/** Links to the local GitHub become their text. The HTML is the renderer's own, which writes no quote unescaped. */
const unlink = ({ html: text }: Html, port: string): Html =>
  rawHtml(
    text.replaceAll(/<a\b[^>]*?\shref="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g, (link, to: string, content: string) =>
      URL.parse(to)?.port === port ? content : link,
    ),
  );

const renderLedgerRow = (row: LedgerRow): Html =>
  html`<tr><td><strong>${row.version}</strong>${row.kind === "roll-back" && " (roll back)"}</td><td>${row.environment}</td>
<td>${row.requestedBy}</td><td>${row.approvedBy || html`<span class="muted">not required</span>`}</td><td><code>${row.tag}</code></td></tr>`;
