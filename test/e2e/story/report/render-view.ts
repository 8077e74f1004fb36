/** What there was to see in an act, as HTML. */
import { type Html, html, type ReferenceUrls, renderMarkdown, statusIcon } from "@mlops-actions/localhub/markdown";
import type { LedgerRow, StoryView } from "../story-step.ts";

/** The page stands alone: there is nothing to link to. */
const NO_REFERENCES: ReferenceUrls = { account: () => undefined, issue: () => undefined, commit: () => undefined };

export function renderView(show: StoryView): Html {
  switch (show.kind) {
    case "pull":
      return html`<h3>${show.title} <span class="muted">#${show.number} by ${show.author}</span>
<span class="pill ${show.state}">${show.state}</span></h3>`;
    case "checks":
      return html`<p class="checks">${show.checks.map(
        ({ name, state }) => html`<span class="check">${statusIcon(state)} ${name}</span>`,
      )}</p>`;
    case "comment":
      return html`<article class="comment"><header><strong>${show.author}</strong> commented</header>
<div class="markdown-body">${renderMarkdown(show.body, { kind: "comment", references: NO_REFERENCES })}</div></article>`;
    case "summary":
      return html`<details class="summary"><summary>Job summary of <strong>${show.job}</strong></summary>
<div class="markdown-body">${renderMarkdown(show.markdown, { kind: "summary", references: NO_REFERENCES })}</div></details>`;
    case "ledger":
      return html`<div class="scroll"><table class="ledger"><thead><tr><th>Version</th><th>Environment</th><th>Asked for by</th>
<th>Approved by</th><th>Tag</th></tr></thead><tbody>${show.rows.map(renderLedgerRow)}</tbody></table></div>`;
  }
}

const renderLedgerRow = (row: LedgerRow): Html =>
  html`<tr><td><strong>${row.version}</strong>${row.kind === "roll-back" && " (roll back)"}</td><td>${row.environment}</td>
<td>${row.requestedBy}</td><td>${row.approvedBy || html`<span class="muted">nobody needed</span>`}</td><td><code>${row.tag}</code></td></tr>`;
