/** The `github` context, as GitHub documents it. The runner adds the fields of a step (`action`, `workspace` …). */

import { isProtected } from "../../operations/protection/protection-summary.ts";
import type { Json } from "../../workflow-language/values.ts";
import type { WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { workflowReference } from "../files/load-workflow.ts";
import { refKind } from "../triggers/ref-kind.ts";
import type { Execution } from "./execution.ts";

/** GitHub docs: the days artifacts and logs are stored, by default. */
const RETENTION_DAYS = "90";
/** GitHub docs: gigabytes of cache a repository has. */
const CACHE_GIGABYTES = "10";

export function githubContext(
  world: World,
  { run, attempt, privileges, workflow }: Pick<Execution, "run" | "attempt" | "privileges" | "workflow">,
): Readonly<Record<string, Json>> {
  const { repository } = run;
  const kind = refKind(run.ref);
  return {
    ref: run.ref,
    ref_name: kind.name,
    ref_type: kind.type,
    ref_protected: kind.type === "branch" && isProtected(world, repository, kind.name),
    sha: run.sha,
    ...pullRequestRefs(run),
    event_name: run.event,
    // A payload is JSON by construction: it was rendered to be sent.
    event: run.payload as Readonly<Record<string, Json>>,
    repository: repository.fullName,
    repository_id: String(repository.id),
    repository_owner: repository.owner.login,
    repository_owner_id: String(repository.owner.id),
    repositoryUrl: `git://github.com/${repository.fullName}.git`,
    repository_visibility: repository.private ? "private" : "public",
    actor: run.actor.login,
    actor_id: String(run.actor.id),
    triggering_actor: attempt.triggeringActor.login,
    workflow: workflow.file.name ?? workflow.file.path,
    workflow_ref: workflowReference(workflow.source),
    workflow_sha: workflow.source.sha,
    run_id: String(run.id),
    run_number: String(run.runNumber),
    run_attempt: String(attempt.number),
    retention_days: RETENTION_DAYS,
    artifact_cache_size_limit: CACHE_GIGABYTES,
    secret_source: privileges.secretSource,
    api_url: world.urls.api,
    server_url: world.urls.html,
  };
}

/** GitHub docs: set only for `pull_request` and `pull_request_target`; else empty. */
function pullRequestRefs(run: WorkflowRun): { readonly head_ref: string; readonly base_ref: string } {
  const pull = run.event === "pull_request" || run.event === "pull_request_target" ? run.payload["pull_request"] : {};
  return { head_ref: branchOf(pull, "head"), base_ref: branchOf(pull, "base") };
}

function branchOf(pull: unknown, side: "head" | "base"): string {
  const end: unknown = isRecord(pull) ? pull[side] : undefined;
  return isRecord(end) && typeof end["ref"] === "string" ? end["ref"] : "";
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
