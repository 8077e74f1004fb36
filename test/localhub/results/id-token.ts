/**
 * The claims of an identity token about its job. GitHub docs, "OpenID Connect reference". Every numeric claim is a
 * string, as on GitHub.
 */
import type { Job, Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";

/** New repositories since then have subjects with the ids of owner and repository (same page). */
const IMMUTABLE_SUBJECTS_SINCE = new Date("2026-07-15T00:00:00Z");

export type IdTokenClaims = Readonly<Record<string, string>>;

/** All claims but the standard ones about audience, issuer and time. */
export function claimsOf(job: Job): IdTokenClaims {
  const { run } = job;
  const { repository } = run;
  const pull = triggeringPull(job);
  const file = run.required ?? { repository, rule: run.workflow, ref: run.ref, sha: run.sha };
  const workflowRef = `${file.repository.fullName}/${file.rule.path}@${file.ref}`;
  return {
    sub: subjectClaim(job),
    repository: repository.fullName,
    repository_id: String(repository.id),
    repository_owner: repository.owner.login,
    repository_owner_id: String(repository.owner.id),
    repository_visibility: repository.private ? "private" : "public",
    ref: run.ref,
    ref_type: run.ref.startsWith("refs/tags/") ? "tag" : "branch",
    sha: run.sha,
    workflow: run.workflow.name,
    workflow_ref: workflowRef,
    workflow_sha: file.sha,
    job_workflow_ref: job.calledWorkflow?.path ?? workflowRef,
    job_workflow_sha: job.calledWorkflow?.sha ?? file.sha,
    run_id: String(run.id),
    run_number: String(run.runNumber),
    run_attempt: String(job.attempt),
    check_run_id: String(job.checkRun.id),
    actor: run.actor.login,
    actor_id: String(run.actor.id),
    event_name: run.event,
    runner_environment: job.runner?.hosted === false ? "self-hosted" : "github-hosted",
    base_ref: pull?.baseRef ?? "",
    head_ref: pull?.headRef ?? "",
    ...(job.environment !== undefined && { environment: job.environment }),
  };
}

/** The owner's page: the default audience. */
export const defaultAudience = (world: World, job: Job): string =>
  `${world.urls.html}/${job.run.repository.owner.login}`;

function subjectClaim(job: Job): string {
  const { run } = job;
  const suffix =
    job.environment !== undefined
      ? `environment:${job.environment.replaceAll(":", "%3A")}`
      : run.event === "pull_request"
        ? "pull_request"
        : `ref:${run.ref}`;
  return `repo:${subjectRepository(run.repository)}:${suffix}`;
}

function subjectRepository(repository: Repository): string {
  const { owner, name, id, createdAt } = repository;
  return createdAt < IMMUTABLE_SUBJECTS_SINCE ? repository.fullName : `${owner.login}@${owner.id}/${name}@${id}`;
}

function triggeringPull(job: Job) {
  const { event, ref, repository, pulls } = job.run;
  if (!event.startsWith("pull_request")) return undefined;
  const number = Number(/^refs\/pull\/(\d+)\//.exec(ref)?.[1] ?? pulls[0]);
  return repository.pulls.get(number);
}
