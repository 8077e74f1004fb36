import type { Repository, WorkflowRun } from "../../world/repository.ts";
import { type Html, html } from "../html.ts";
import { timeElement, titleText } from "../layout.ts";
import { statusIcon } from "../status-icon.ts";

/** Workflow runs in the order given. */
export function runList(repository: Repository, runs: readonly WorkflowRun[]): Html {
  if (runs.length === 0) return html`<p class="empty">None.</p>`;
  return html`<ul class="rows">${runs.map((run) => {
    const attempt = run.attempts.at(-1);
    return html`<li>${statusIcon(attempt?.status ?? "queued", attempt?.conclusion)}
  <a href="/${repository.fullName}/actions/runs/${run.id}">${titleText(run.displayTitle)}</a>
  <span class="muted">${run.workflow.name} #${run.runNumber}: ${run.event} by ${run.actor.login}, ${timeElement(run.createdAt)}</span></li>`;
  })}</ul>`;
}
