/** Whether a run gets secrets and variables, and whether its token may write: depends on what started it. */
import type { Account } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";

export interface RunPrivileges {
  /** The token is read-only whatever `permissions:` sets. */
  readonly readOnlyToken: boolean;
  /** The run gets the secrets and variables of the repository and its environments. */
  readonly secrets: boolean;
  /** `github.secret_source`. */
  readonly secretSource: "Actions" | "Dependabot" | "None";
}

const FULL: RunPrivileges = { readOnlyToken: false, secrets: true, secretSource: "Actions" };

/**
 * Events whose run executes code of the pull request's head. GitHub docs: events that trigger workflows, "forked
 * repositories".
 */
const HEAD_CODE = ["pull_request", "pull_request_review", "pull_request_review_comment"];

/** GitHub docs: Dependabot on Actions. */
const DEPENDABOT_EVENTS = [...HEAD_CODE, "push", "create", "deployment", "deployment_status"];

export function privilegesOf(run: {
  readonly event: string;
  readonly repository: Repository;
  readonly headRepository: Repository | undefined;
  readonly actor: Account;
}): RunPrivileges {
  if (HEAD_CODE.includes(run.event) && run.headRepository !== run.repository) {
    return { readOnlyToken: true, secrets: false, secretSource: "None" };
  }
  if (DEPENDABOT_EVENTS.includes(run.event) && run.actor.login === "dependabot[bot]") {
    return { readOnlyToken: true, secrets: false, secretSource: "Dependabot" };
  }
  return FULL;
}
