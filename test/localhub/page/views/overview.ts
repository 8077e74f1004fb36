/** The front page of the local GitHub and of a repository. */
import type { Repository, WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { type Html, html } from "../html.ts";
import { pullList } from "./pull-list.ts";
import { runList } from "./run-list.ts";

export function hubOverview(world: World): Html {
  const repositories = [...world.repositories.values()];
  if (repositories.length === 0) return html`<p class="empty">No repository yet.</p>`;
  return html`<h1>Repositories</h1>
<ul class="rows">${repositories.map(
    (repository) => html`<li><a href="/${repository.fullName}">${repository.fullName}</a>
  <span class="muted">${repository.private ? "private" : "public"}${repository.forkOf && html`, fork of ${repository.forkOf.fullName}`}</span></li>`,
  )}</ul>`;
}

export function repositoryOverview(repository: Repository): Html {
  const runs = [...repository.actions.runs.values()].sort(newestFirst);
  const waiting = runs.filter((run) => run.attempts.at(-1)?.status === "waiting");
  return html`${
    waiting.length > 0 && html`<section><h2>Waiting for approval</h2>${runList(repository, waiting)}</section>`
  }
<section><h2>Open pull requests</h2>${pullList(repository, "open")}</section>
<section><h2>Latest runs</h2>${runList(repository, runs.slice(0, 10))}</section>`;
}

export const newestFirst = (a: WorkflowRun, b: WorkflowRun): number => b.id - a.id;
