/** A domain event as the webhook payload GitHub would send, which is what a workflow sees as `github.event`. */
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

/** Call it as soon as the event is published: records change later. */
export async function renderPayload(world: World, event: DomainEvent): Promise<Payload> {
  const common = renderCommonFields(world, event.repository, event.actor);
  const action = "action" in event ? { action: event.action } : {};
  const changes = "changes" in event ? { changes: event.changes } : {};
  // The details come last: a push describes its repository in its own way.
  return { ...action, ...changes, ...common, ...(await renderEventDetails(world, event)) };
}

function renderEventDetails(world: World, event: DomainEvent): Payload | Promise<Payload> {
  switch (event.event) {
    case "push":
      return renderPush(world, event);
    case "create":
    case "delete":
      return renderRefEvent(event);
    case "pull_request":
      return renderPullEvent(world, event);
    case "pull_request_review":
      return renderReviewEvent(world, event);
    case "issues":
      return renderIssueEvent(world, event);
    case "issue_comment":
      return renderCommentEvent(world, event);
    case "label":
      return renderLabelEvent(world, event);
    case "status":
      return renderStatusEvent(world, event);
    case "check_run":
      return renderCheckRunEvent(world, event);
    case "check_suite":
      return renderCheckSuiteEvent(world, event);
    case "deployment":
      return renderDeploymentEvent(world, event);
    case "deployment_status":
      return renderDeploymentStatusEvent(world, event);
    case "release":
      return { release: renderRelease(world, event.repository, event.release) };
    case "merge_group":
      return renderMergeGroup(event);
    case "workflow_run":
      return renderRunEvent(world, event);
    case "workflow_job":
      return renderJobEvent(world, event);
  }
}

type EventOf<Event extends DomainEvent["event"]> = Extract<DomainEvent, { event: Event }>;

/** `create` also has the repository's default branch and description. */
function renderRefEvent({ event, ref, refType, repository }: EventOf<"create" | "delete">) {
  const extra = event === "create" && { master_branch: repository.defaultBranch, description: repository.description };
  return { ref, ref_type: refType, ...extra, pusher_type: "user" };
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
