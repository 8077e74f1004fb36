/** Who an issue or pull request is assigned to. */

import { ApiError, validationFailed } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Account } from "../../world/identity.ts";
import { roleAtLeast } from "../../world/identity.ts";
import type { Issue } from "../../world/issues.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { mayTriage } from "../people/access.ts";
import { roleOf } from "../people/repositories.ts";

/** GitHub docs: "Add assignees to an issue": up to 10. */
const ASSIGNEE_LIMIT = 10;

/** Logins that cannot be assigned are ignored, as on GitHub. @throws ApiError 403, 422 beyond ten. */
export function addAssignees(
  world: World,
  repository: Repository,
  issue: Issue,
  logins: readonly string[],
  caller: Caller,
): void {
  assertMayAssign(repository, caller);
  const accounts = logins.flatMap((login) => assignable(world, repository, login) ?? []);
  assign(world, repository, issue, new Set([...issue.assignees, ...accounts]), caller);
}

export function removeAssignees(
  world: World,
  repository: Repository,
  issue: Issue,
  logins: readonly string[],
  caller: Caller,
): void {
  assertMayAssign(repository, caller);
  const removed = new Set(logins.map((login) => login.toLowerCase()));
  const remaining = [...issue.assignees].filter(({ login }) => !removed.has(login.toLowerCase()));
  assign(world, repository, issue, new Set(remaining), caller);
}

/** Replaces all assignees. @throws ApiError 422 for a login that cannot be assigned. */
export function setAssignees(
  world: World,
  repository: Repository,
  issue: Issue,
  logins: readonly string[],
  caller: Caller,
): void {
  const accounts = logins.map((login) => {
    const account = assignable(world, repository, login);
    if (account === undefined) throw validationFailed({ resource: "Issue", code: "invalid", field: "assignees" });
    return account;
  });
  assign(world, repository, issue, new Set(accounts), caller);
}

function assign(
  world: World,
  repository: Repository,
  issue: Issue,
  assignees: ReadonlySet<Account>,
  caller: Caller,
): void {
  if (assignees.size > ASSIGNEE_LIMIT) {
    const message = `Assignees is too long (maximum is ${ASSIGNEE_LIMIT})`;
    throw validationFailed({ resource: "Issue", code: "custom", field: "assignees", message });
  }
  const removed = [...issue.assignees].filter((account) => !assignees.has(account));
  const added = [...assignees].filter((account) => !issue.assignees.has(account));
  const pull = repository.pulls.get(issue.number);
  const publish = (action: "assigned" | "unassigned", assignee: Account): void => {
    issue.updatedAt = world.clock.now();
    const origin = { action, assignee, repository, actor: caller.actor, cause: caller.token };
    if (pull === undefined) world.publish({ event: "issues", issue, ...origin });
    else world.publish({ event: "pull_request", pull, ...origin });
  };
  for (const account of removed) {
    issue.assignees.delete(account);
    publish("unassigned", account);
  }
  for (const account of added) {
    issue.assignees.add(account);
    publish("assigned", account);
  }
}

/** Only those who may write can be assigned. */
function assignable(world: World, repository: Repository, login: string): Account | undefined {
  const account = world.accounts.get(login.toLowerCase());
  if (account === undefined || account.kind !== "User") return undefined;
  return roleAtLeast(roleOf(repository, account), "write") ? account : undefined;
}

function assertMayAssign(repository: Repository, caller: Caller): void {
  if (!mayTriage(repository, caller)) throw new ApiError(403, "Must have admin rights to Repository.");
}
