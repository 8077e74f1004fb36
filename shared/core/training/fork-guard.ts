/** The fork guard: whose code a run would execute on a machine. A training runs whatever the checked-out commit contains. */
import { refused } from "../../problem/problem.ts";
import type { TriggerEvent } from "../policy/trigger-event.ts";

/** Events that only users (and Apps) with write access can trigger. Any other event is untrusted unless proven otherwise. */
const WRITE_ACCESS_EVENTS: ReadonlySet<string> = new Set([
  ...["push", "schedule", "workflow_dispatch", "repository_dispatch", "merge_group", "release", "create", "delete"],
  ...["deployment", "deployment_status", "milestone", "registry_package", "branch_protection_rule"],
]);
const PULL_REQUEST_EVENTS: ReadonlySet<string> = new Set([
  ...["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"],
]);
const COMMENT_EVENTS: ReadonlySet<string> = new Set(["issue_comment", "discussion_comment", "commit_comment"]);
/** GitHub's `author_association` of users with write access. A `CONTRIBUTOR` only had something merged once. */
const TRUSTED_ASSOCIATIONS: ReadonlySet<unknown> = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

/** Why this event is untrusted, to complete "this run is …"; `undefined` when it is trusted. */
function describeUntrustedOrigin({ name, payload }: TriggerEvent["event"]): string | undefined {
  if (WRITE_ACCESS_EVENTS.has(name)) return undefined;
  const repository = getIn(payload, "repository", "id");
  if (PULL_REQUEST_EVENTS.has(name)) {
    return isSameRepositoryId(repository, getIn(payload, "pull_request", "head", "repo", "id"))
      ? undefined
      : "for a fork's pull request";
  }
  if (name === "workflow_run") {
    return isSameRepositoryId(repository, getIn(payload, "workflow_run", "head_repository", "id"))
      ? undefined
      : "for a fork's workflow run";
  }
  if (COMMENT_EVENTS.has(name)) {
    const isTrusted = TRUSTED_ASSOCIATIONS.has(getIn(payload, "comment", "author_association"));
    return isTrusted ? undefined : "triggered by a comment of a user without write access";
  }
  return `triggered by "${name}", which anybody can cause`;
}

/**
 * Untrusted code on a machine that outlives the job could read what other jobs leave behind, and keep running.
 *
 * @param runnerEnvironment `RUNNER_ENVIRONMENT`: anything but `github-hosted` counts as self-hosted
 * @throws ActionError, a refusal: `fork-on-own-machine`
 */
export function assertTrainingAllowed(
  event: TriggerEvent["event"],
  runnerEnvironment: string,
  allowForks: boolean,
): void {
  const untrusted = describeUntrustedOrigin(event);
  if (untrusted === undefined || runnerEnvironment === "github-hosted" || allowForks) return;
  throw refused({
    code: "fork-on-own-machine",
    message: `this run is ${untrusted}, and the runner is self-hosted: whatever the change contains would run on it`,
    fix: 'Use a GitHub-hosted runner for it ("runs-on: ubuntu-latest"), or, for a machine that is deleted after one job, set "allow-forks: true"',
  });
}

/**
 * The same for a target workflow, whose runner is not known here.
 *
 * @throws ActionError, a refusal: `fork-dispatch`
 */
export function assertDispatchAllowed(event: TriggerEvent["event"], allowForks: boolean): void {
  const untrusted = describeUntrustedOrigin(event);
  if (untrusted === undefined || allowForks) return;
  throw refused({
    code: "fork-dispatch",
    message: `this run is ${untrusted}, and the workflow it would start may use a self-hosted runner`,
    fix: 'Train it with train-model in a separate job on "ubuntu-latest", or set "allow-forks: true"',
  });
}

/** An unknown or deleted repository is never the same. */
const isSameRepositoryId = (id: unknown, other: unknown): boolean => typeof id === "number" && id === other;

function getIn(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === "object" && found !== null ? (found as Readonly<Record<string, unknown>>)[key] : undefined,
    value,
  );
}
