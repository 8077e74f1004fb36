/**
 * Which caches a run may use. GitHub docs, "Restrictions for accessing a cache": a run reads what its own ref, the base
 * branch of its pull request and the default branch saved, and saves under its own ref only.
 */
import type { WorkflowRun } from "../world/repository.ts";

export interface CacheScopes {
  /** Refs, searched in this order. */
  readonly read: readonly string[];
  /** `undefined`: the run may not save. */
  readonly write: string | undefined;
}

export function cacheScopesOf(run: WorkflowRun): CacheScopes {
  const pull = run.repository.pulls.get(Number(/^refs\/pull\/(\d+)\//.exec(run.ref)?.[1]));
  const base = pull === undefined ? [] : [`refs/heads/${pull.baseRef}`];
  const read = new Set([run.ref, ...base, `refs/heads/${run.repository.defaultBranch}`]);
  return { read: [...read], write: isUntrusted(run) ? undefined : run.ref };
}

/**
 * Whether untrusted users can start such a run in the default branch's scope: its cache token is read-only
 * (GitHub changelog, 2026-06-26).
 */
function isUntrusted(run: WorkflowRun): boolean {
  if (run.event === "pull_request_target" || run.event === "issue_comment") return true;
  return run.event === "workflow_run" && triggeringRepositoryId(run.payload) !== run.repository.id;
}

/** The repository whose commit the triggering run was about: a fork's, for a run on a fork's pull request. */
function triggeringRepositoryId(payload: Readonly<Record<string, unknown>>): unknown {
  return property(property(payload["workflow_run"], "head_repository"), "id");
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
