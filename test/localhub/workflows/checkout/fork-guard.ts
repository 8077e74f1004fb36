/** The fork guard: no code of a fork in a workflow that has the secrets of the base repository. */
import { isMapping, type Json } from "../../workflow-language/values.ts";
import type { CheckoutInputs } from "./inputs.ts";

/**
 * actions/checkout v7 (2026-06-18): under `pull_request_target` and `workflow_run` the fork's repository, the pull
 * request's refs and its known commits are rejected, unless `allow-unsafe-pr-checkout` is set.
 * @throws Error when the checkout is rejected.
 */
export function assertNoForkCode(inputs: CheckoutInputs, github: Readonly<Record<string, Json>>): void {
  if (inputs.isDefault || inputs.allowUnsafe) return;
  const event = github["event"] ?? null;
  const head = headOf(github["event_name"] ?? null, event);
  const base = at(event, "repository", "id");
  if (head === undefined || typeof base !== "number" || typeof head.id !== "number" || head.id === base) return;
  const sameRepository = typeof head.name === "string" && head.name.toLowerCase() === inputs.repository.toLowerCase();
  const pullRef = /^refs\/pull\/\d+\/(?:head|merge)$/.test(inputs.ref);
  const headCommit = inputs.commit !== "" && head.commits.includes(inputs.commit.toLowerCase());
  if (!sameRepository && !pullRef && !headCommit) return;
  throw new Error(
    `Refusing to check out fork pull request code from a '${String(github["event_name"])}' workflow: it runs with the base repository's token and secrets. To opt in, review the risks at https://gh.io/securely-using-pull_request_target and set 'allow-unsafe-pr-checkout: true' on the actions/checkout step.`,
  );
}

interface Head {
  readonly id: Json;
  readonly name: Json;
  readonly commits: readonly string[];
}

function headOf(eventName: Json, event: Json): Head | undefined {
  if (eventName === "pull_request_target") {
    return {
      id: at(event, "pull_request", "head", "repo", "id"),
      name: at(event, "pull_request", "head", "repo", "full_name"),
      commits: shas(at(event, "pull_request", "head", "sha"), at(event, "pull_request", "merge_commit_sha")),
    };
  }
  const origin = at(event, "workflow_run", "event");
  if (eventName !== "workflow_run" || typeof origin !== "string" || !origin.startsWith("pull_request"))
    return undefined;
  // A run of `pull_request_target` has the base branch's commit as its head.
  const ownHead = origin === "pull_request_target" ? null : at(event, "workflow_run", "head_sha");
  return {
    id: at(event, "workflow_run", "head_repository", "id"),
    name: at(event, "workflow_run", "head_repository", "full_name"),
    commits: shas(at(event, "workflow_run", "head_commit", "id"), ownHead),
  };
}

function at(value: Json, ...path: readonly string[]): Json {
  return path.reduce<Json>((inner, key) => (isMapping(inner) ? (inner[key] ?? null) : null), value);
}

function shas(...values: readonly Json[]): readonly string[] {
  return values.flatMap((value) => (typeof value === "string" && value !== "" ? [value.toLowerCase()] : []));
}
