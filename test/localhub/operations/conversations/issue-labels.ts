/** The labels of an issue or pull request. */

import { ApiError } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Issue, Label } from "../../world/issues.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { addLabel, assertLabel } from "./labels.ts";

/** Adds labels to the issue; those the repository does not have yet are created. */
export function addLabels(
  world: World,
  repository: Repository,
  issue: Issue,
  names: readonly string[],
  caller: Caller,
): void {
  for (const name of names) assertLabel(repository, { name }, repository.labels.get(name.toLowerCase()));
  for (const name of names) {
    const label = repository.labels.get(name.toLowerCase()) ?? addLabel(world, repository, { name });
    if (issue.labels.has(label)) continue;
    issue.labels.add(label);
    publishLabelEvent(world, repository, issue, "labeled", label, caller);
  }
}

/** Replaces all labels of the issue. */
export function setLabels(
  world: World,
  repository: Repository,
  issue: Issue,
  names: readonly string[],
  caller: Caller,
): void {
  const keys = new Set(names.map((name) => name.toLowerCase()));
  for (const label of [...issue.labels]) {
    if (!keys.has(label.name.toLowerCase())) removeLabel(world, repository, issue, label.name, caller);
  }
  addLabels(world, repository, issue, names, caller);
}

/** @throws ApiError 404 `Label does not exist` when the issue does not have it. */
export function removeLabel(world: World, repository: Repository, issue: Issue, name: string, caller: Caller): void {
  const label = repository.labels.get(name.toLowerCase());
  if (label === undefined || !issue.labels.delete(label)) throw new ApiError(404, "Label does not exist");
  publishLabelEvent(world, repository, issue, "unlabeled", label, caller);
}

function publishLabelEvent(
  world: World,
  repository: Repository,
  issue: Issue,
  action: "labeled" | "unlabeled",
  label: Label,
  caller: Caller,
): void {
  issue.updatedAt = world.clock.now();
  const origin = { repository, actor: caller.actor, cause: caller.token };
  const pull = repository.pulls.get(issue.number);
  if (pull === undefined) world.publish({ event: "issues", action, issue, label, ...origin });
  else world.publish({ event: "pull_request", action, pull, label, ...origin });
}
