/** Whose code a run would bring onto a machine. Training runs whatever the checked-out commit says. */
import { refusal } from "../../action/problem.ts";

/** What a runner says about why it runs; all of it comes from GitHub. */
export interface Occasion {
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Events that only people (and Apps) with write access can cause. Any other event is a stranger's until shown otherwise. */
const BY_WRITERS: ReadonlySet<string> = new Set([
  ...["push", "schedule", "workflow_dispatch", "repository_dispatch", "merge_group", "release", "create", "delete"],
  ...["deployment", "deployment_status", "milestone", "registry_package", "branch_protection_rule"],
]);
const ABOUT_A_PULL_REQUEST: ReadonlySet<string> = new Set([
  ...["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"],
]);
const BY_COMMENT: ReadonlySet<string> = new Set(["issue_comment", "discussion_comment", "commit_comment"]);
/** GitHub's `author_association` of those who could push anyway. A contributor has only had something merged once. */
const INSIDERS: ReadonlySet<unknown> = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

/** Why this occasion is a stranger's, in words that fit "this run is …"; `undefined` when it is not. */
function strangerBehind({ name, payload }: Occasion): string | undefined {
  if (BY_WRITERS.has(name)) return undefined;
  const home = at(payload, "repository", "id");
  if (ABOUT_A_PULL_REQUEST.has(name)) {
    return isHome(home, at(payload, "pull_request", "head", "repo", "id")) ? undefined : "for a fork's pull request";
  }
  if (name === "workflow_run") {
    return isHome(home, at(payload, "workflow_run", "head_repository", "id")) ? undefined : "for a fork's workflow run";
  }
  if (BY_COMMENT.has(name)) {
    const insider = INSIDERS.has(at(payload, "comment", "author_association"));
    return insider ? undefined : "caused by a comment of somebody without write access";
  }
  return `caused by "${name}", which anybody can do`;
}

/**
 * A stranger's code on a machine that outlives the job could read what other jobs leave there, and stay.
 *
 * @param machine `RUNNER_ENVIRONMENT`: anything but `github-hosted` counts as a machine of our own
 * @throws ActionFailure, a refusal: `fork-on-own-machine`
 */
export function assertMayTrainHere(occasion: Occasion, machine: string, allowForks: boolean): void {
  const stranger = strangerBehind(occasion);
  if (stranger === undefined || machine === "github-hosted" || allowForks) return;
  throw refusal({
    code: "fork-on-own-machine",
    message: `this run is ${stranger}, and the runner is self-hosted: whatever the change contains would run on it`,
    fix: 'Use a GitHub-hosted runner for it ("runs-on: ubuntu-latest"), or, for a machine that is thrown away after one job, set "allow-forks: true"',
  });
}

/**
 * The same, where the machine is another workflow's: what it runs on is not known here.
 *
 * @throws ActionFailure, a refusal: `fork-dispatch`
 */
export function assertMayDispatch(occasion: Occasion, allowForks: boolean): void {
  const stranger = strangerBehind(occasion);
  if (stranger === undefined || allowForks) return;
  throw refusal({
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
