/** A happening as the webhook payload GitHub would send, which is what a workflow sees as `github.event`. */
import { renderJob, renderRun, renderWorkflow } from "../render/actions.ts";
import { renderDeployment } from "../render/deployments.ts";
import { renderRelease } from "../render/releases.ts";
import { renderSimpleCommit } from "../render/workflow-run.ts";
import type { DomainEvent } from "../world/domain-events.ts";
import type { World } from "../world/world.ts";
import {
  renderCommentEvent,
  renderIssueEvent,
  renderLabelEvent,
  renderPullEvent,
  renderReviewEvent,
} from "./conversations.ts";
import type { Payload } from "./dispatch-payloads.ts";
import { renderCommonFields } from "./event-fields.ts";
import { renderPush } from "./push.ts";
import { requireCommit } from "./require-commit.ts";
import {
  renderCheckRunEvent,
  renderCheckSuiteEvent,
  renderDeploymentEvent,
  renderDeploymentStatusEvent,
  renderStatusEvent,
} from "./status-events.ts";

/** Call it as soon as the happening is announced: records go on changing. */
export async function renderPayload(world: World, happening: DomainEvent): Promise<Payload> {
  const around = renderCommonFields(world, happening.repository, happening.actor);
  const action = "action" in happening ? { action: happening.action } : {};
  const changes = "changes" in happening ? { changes: happening.changes } : {};
  // A push describes its repository in its own way.
  return { ...action, ...changes, ...around, ...(await renderEventDetails(world, happening)) };
}

function renderEventDetails(world: World, happening: DomainEvent): Payload | Promise<Payload> {
  switch (happening.event) {
    case "push":
      return renderPush(world, happening);
    case "create":
    case "delete":
      return renderRefEvent(happening);
    case "pull_request":
      return renderPullEvent(world, happening);
    case "pull_request_review":
      return renderReviewEvent(world, happening);
    case "issues":
      return renderIssueEvent(world, happening);
    case "issue_comment":
      return renderCommentEvent(world, happening);
    case "label":
      return renderLabelEvent(world, happening);
    case "status":
      return renderStatusEvent(world, happening);
    case "check_run":
      return renderCheckRunEvent(world, happening);
    case "check_suite":
      return renderCheckSuiteEvent(world, happening);
    case "deployment":
      return renderDeploymentEvent(world, happening);
    case "deployment_status":
      return renderDeploymentStatusEvent(world, happening);
    case "release":
      return { release: renderRelease(world, happening.repository, happening.release) };
    case "merge_group":
      return renderMergeGroup(happening);
    case "workflow_run":
      return renderRunEvent(world, happening);
    case "workflow_job":
      return renderJobEvent(world, happening);
  }
}

type EventOf<Event extends DomainEvent["event"]> = Extract<DomainEvent, { event: Event }>;

/** `create` says in addition what the repository is about. */
function renderRefEvent({ event, ref, refType, repository }: EventOf<"create" | "delete">) {
  const about = event === "create" && { master_branch: repository.defaultBranch, description: repository.description };
  return { ref, ref_type: refType, ...about, pusher_type: "user" };
}

async function renderMergeGroup({ repository, entry, ...rest }: EventOf<"merge_group">) {
  const { ref, headSha, base, baseSha } = entry;
  const reason = "reason" in rest && { reason: rest.reason };
  const head = await requireCommit(repository, headSha);
  return {
    ...reason,
    merge_group: {
      head_sha: headSha,
      head_ref: ref,
      base_sha: baseSha,
      base_ref: `refs/heads/${base}`,
      head_commit: renderSimpleCommit(head),
    },
  };
}

function renderRunEvent(world: World, { repository, run }: EventOf<"workflow_run">) {
  return { workflow_run: renderRun(world, run), workflow: renderWorkflow(world, repository, run.workflow) };
}

function renderJobEvent(world: World, { repository, job }: EventOf<"workflow_job">) {
  const { deploymentId } = job.checkRun;
  const deployment = deploymentId === undefined ? undefined : repository.deployments.get(deploymentId);
  return {
    workflow_job: renderJob(world, job),
    ...(deployment && { deployment: renderDeployment(world, repository, deployment) }),
  };
}
