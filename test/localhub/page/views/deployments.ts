/** The deployments page: waiting runs, environments with their rules, and every deployment, newest first. */
import type { Deployment, Environment } from "../../world/deployments.ts";
import type { Repository } from "../../world/repository.ts";
import { type Html, html } from "../html.ts";
import { timeElement } from "../layout.ts";
import { statusIcon } from "../status-icon.ts";
import { newestFirst } from "./overview.ts";
import { runList } from "./run-list.ts";

export function renderDeploymentsPage(repository: Repository): Html {
  const waiting = [...repository.actions.runs.values()]
    .filter((run) => run.attempts.at(-1)?.status === "waiting")
    .sort(newestFirst);
  const deployments = [...repository.deployments.values()].sort((a, b) => b.id - a.id);
  return html`${waiting.length > 0 && html`<section><h2>Waiting</h2>${runList(repository, waiting)}</section>`}
<section><h2>Environments</h2><ul class="rows">${[...repository.environments.values()].map(environmentRow)}</ul></section>
<section><h2>History</h2>${
    deployments.length === 0
      ? html`<p class="empty">None.</p>`
      : html`<ul class="rows">${deployments.map(deploymentRow)}</ul>`
  }</section>`;
}

function environmentRow(environment: Environment): Html {
  const reviewers = environment.reviewers.map((reviewer) => ("login" in reviewer ? reviewer.login : reviewer.slug));
  const rules = [
    reviewers.length > 0 && `reviewed by one of ${reviewers.join(", ")}`,
    environment.preventSelfReview && "no self-review",
    environment.waitTimer > 0 && `waits ${environment.waitTimer} min`,
    environment.branchPolicy?.kind === "protected-branches" && "protected branches only",
    environment.branchPolicy?.kind === "custom" &&
      `from ${environment.branchPolicy.patterns.map((pattern) => pattern.name).join(", ")}`,
  ].filter((rule) => rule !== false);
  return html`<li><strong>${environment.name}</strong> <span class="muted">${rules.join("; ") || "no protection"}</span></li>`;
}

function deploymentRow(deployment: Deployment): Html {
  const latest = deployment.statuses.at(-1);
  return html`<li>${statusIcon(latest?.state ?? "pending")} <strong>${deployment.environment}</strong>
<code>${deployment.ref}</code> <span class="muted">${deployment.sha.slice(0, 7)} by ${deployment.creator.login}, ${timeElement(deployment.createdAt)}
${latest?.description}</span></li>`;
}
