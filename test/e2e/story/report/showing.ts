/** What there was to see in an act, as HTML. */
import { type Html, html } from "../../../localhub/page/html.ts";
import { renderMarkdown } from "../../../localhub/page/markdown.ts";
import type { References } from "../../../localhub/page/references.ts";
import { stateMark } from "../../../localhub/page/state-mark.ts";
import type { LedgerRow, Show } from "../act.ts";

/** The page stands alone: there is nothing to link to. */
const NOWHERE: References = { account: () => undefined, issue: () => undefined, commit: () => undefined };

export function showing(show: Show): Html {
  switch (show.kind) {
    case "pull":
      return html`<h3>${show.title} <span class="muted">#${show.number} by ${show.author}</span>
<span class="pill ${show.state}">${show.state}</span></h3>`;
    case "checks":
      return html`<p class="checks">${show.checks.map(
        ({ name, state }) => html`<span class="check">${stateMark(state)} ${name}</span>`,
      )}</p>`;
    case "comment":
      return html`<article class="comment"><header><strong>${show.author}</strong> commented</header>
<div class="markdown-body">${renderMarkdown(show.body, { kind: "comment", references: NOWHERE })}</div></article>`;
    case "summary":
      return html`<details class="summary"><summary>Job summary of <strong>${show.job}</strong></summary>
<div class="markdown-body">${renderMarkdown(show.markdown, { kind: "summary", references: NOWHERE })}</div></details>`;
    case "ledger":
      return html`<div class="scroll"><table class="ledger"><thead><tr><th>Version</th><th>Environment</th><th>Asked for by</th>
<th>Approved by</th><th>Tag</th></tr></thead><tbody>${show.rows.map(ledgerRow)}</tbody></table></div>`;
  }
}

const ledgerRow = (row: LedgerRow): Html =>
  html`<tr><td><strong>${row.version}</strong>${row.kind === "roll-back" && " (roll back)"}</td><td>${row.environment}</td>
<td>${row.requestedBy}</td><td>${row.approvedBy || html`<span class="muted">nobody needed</span>`}</td><td><code>${row.tag}</code></td></tr>`;
