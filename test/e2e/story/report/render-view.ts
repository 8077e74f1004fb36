/** What could be seen after a step, as HTML. */
import { type Html, html, type ReferenceUrls, renderMarkdown, statusIcon } from "@mlops-actions/localhub/markdown";
import type { LedgerRow, StoryView } from "../story-step.ts";

/** The page is self-contained: there is nothing to link to. */
const NO_REFERENCES: ReferenceUrls = { account: () => undefined, issue: () => undefined, commit: () => undefined };

export function renderView(view: StoryView): Html {
  switch (view.kind) {
    case "pull":
      return html`<h3>${view.title} <span class="muted">#${view.number} by ${view.author}</span>
<span class="pill ${view.state}">${view.state}</span></h3>`;
    case "checks":
      return html`<p class="checks">${view.checks.map(
        ({ name, state }) => html`<span class="check">${statusIcon(state)} ${name}</span>`,
      )}</p>`;
    case "comment":
      return html`<article class="comment"><header><strong>${view.author}</strong> commented</header>
<div class="markdown-body">${renderMarkdown(view.body, { kind: "comment", references: NO_REFERENCES })}</div></article>`;
    case "summary":
      return html`<details class="summary"><summary>Job summary of <strong>${view.job}</strong></summary>
<div class="markdown-body">${renderMarkdown(view.markdown, { kind: "summary", references: NO_REFERENCES })}</div></details>`;
    case "ledger":
      return html`<div class="scroll"><table class="ledger"><thead><tr><th>Version</th><th>Environment</th><th>Requested by</th>
<th>Approved by</th><th>Tag</th></tr></thead><tbody>${view.rows.map(renderLedgerRow)}</tbody></table></div>`;
  }
}

const renderLedgerRow = (row: LedgerRow): Html =>
  html`<tr><td><strong>${row.version}</strong>${row.kind === "roll-back" && " (roll back)"}</td><td>${row.environment}</td>
<td>${row.requestedBy}</td><td>${row.approvedBy || html`<span class="muted">not required</span>`}</td><td><code>${row.tag}</code></td></tr>`;
