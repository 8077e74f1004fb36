/** Whose code a run would bring onto a machine. Training runs whatever the checked-out commit says. */
import { refused } from "../../problem/problem.ts";
import type { TriggerEvent } from "../policy/trigger-event.ts";

/** Events that only people (and Apps) with write access can cause. Any other event is a stranger's until shown otherwise. */
const WRITE_ACCESS_EVENTS: ReadonlySet<string> = new Set([
  ...["push", "schedule", "workflow_dispatch", "repository_dispatch", "merge_group", "release", "create", "delete"],
  ...["deployment", "deployment_status", "milestone", "registry_package", "branch_protection_rule"],
]);
const PULL_REQUEST_EVENTS: ReadonlySet<string> = new Set([
  ...["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"],
]);
const COMMENT_EVENTS: ReadonlySet<string> = new Set(["issue_comment", "discussion_comment", "commit_comment"]);
/** GitHub's `author_association` of those who could push anyway. A contributor has only had something merged once. */
const TRUSTED_ASSOCIATIONS: ReadonlySet<unknown> = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

/** Why this occasion is a stranger's, in words that fit "this run is …"; `undefined` when it is not. */
function describeUntrustedOrigin({ name, payload }: TriggerEvent["event"]): string | undefined {
  if (WRITE_ACCESS_EVENTS.has(name)) return undefined;
  const home = at(payload, "repository", "id");
  if (PULL_REQUEST_EVENTS.has(name)) {
    return isHome(home, at(payload, "pull_request", "head", "repo", "id")) ? undefined : "for a fork's pull request";
  }
  if (name === "workflow_run") {
    return isHome(home, at(payload, "workflow_run", "head_repository", "id")) ? undefined : "for a fork's workflow run";
  }
  if (COMMENT_EVENTS.has(name)) {
    const insider = TRUSTED_ASSOCIATIONS.has(at(payload, "comment", "author_association"));
    return insider ? undefined : "caused by a comment of somebody without write access";
  }
  return `caused by "${name}", which anybody can do`;
}

/**
 * A stranger's code on a machine that outlives the job could read what other jobs leave there, and stay.
 *
 * @param machine `RUNNER_ENVIRONMENT`: anything but `github-hosted` counts as a machine of our own
 * @throws ActionError, a refusal: `fork-on-own-machine`
 */
export function assertTrainingAllowed(occasion: TriggerEvent["event"], machine: string, allowForks: boolean): void {
  const stranger = describeUntrustedOrigin(occasion);
  if (stranger === undefined || machine === "github-hosted" || allowForks) return;
  throw refused({
    code: "fork-on-own-machine",
    message: `this run is ${stranger}, and the runner is self-hosted: whatever the change contains would run on it`,
    fix: 'Use a GitHub-hosted runner for it ("runs-on: ubuntu-latest"), or, for a machine that is thrown away after one job, set "allow-forks: true"',
  });
}

/**
 * The same, where the machine is another workflow's: what it runs on is not known here.
 *
 * @throws ActionError, a refusal: `fork-dispatch`
 */
export function assertDispatchAllowed(occasion: TriggerEvent["event"], allowForks: boolean): void {
  const stranger = describeUntrustedOrigin(occasion);
  if (stranger === undefined || allowForks) return;
  throw refused({
    code: "fork-dispatch",
    message: `this run is ${stranger}, and the workflow it would start may run on a machine of yours`,
    fix: 'Train it with train-model in a job of its own on "ubuntu-latest", or set "allow-forks: true"',
  });
}

/** An unknown or deleted repository is nobody's home. */
const isHome = (home: unknown, other: unknown): boolean => typeof home === "number" && home === other;

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === "object" && found !== null ? (found as Readonly<Record<string, unknown>>)[key] : undefined,
    value,
  );
}
