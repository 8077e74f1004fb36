/** Runs that start on request: `workflow_dispatch`, `repository_dispatch` and the schedule. */
import { dispatchPayload, repositoryDispatchPayload, schedulePayload } from "../../events/dispatch-payloads.ts";
import { accountOfIdentity } from "../../operations/git/resolve-git-identity.ts";
import { resolveDispatchInputs } from "../../workflow-language/inputs.ts";
import { unprocessable } from "../../world/api-error.ts";
import type { Repository, WorkflowRun } from "../../world/repository.ts";
import type { DispatchRequest, RepositoryDispatchRequest } from "../service.ts";
import type { Engine } from "../state/engine.ts";
import { type Trigger, triggerForCommit } from "../triggers/trigger.ts";
import { startTriggeredRuns } from "./start-triggered-runs.ts";
import { startWorkflowRun } from "./start-workflow-run.ts";

/** @throws ApiError 422 in the words of GitHub's dispatch API (benc-uk/workflow-dispatch#46, #72, cli/cli#5246). */
export async function dispatch(engine: Engine, request: DispatchRequest): Promise<WorkflowRun> {
  const { repository, workflow, caller } = request;
  if (workflow.state === "disabled_manually") {
    throw unprocessable("Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  }
  const at = await findRef(repository, request.ref);
  if (at === undefined) throw unprocessable(`No ref found for: ${request.ref}`);
  const read = await engine.files.read(repository, at.sha, workflow.path);
  if (read?.kind === "invalid") throw unprocessable(`failed to parse workflow: ${read.error.message}`);
  if (read === undefined || !Object.hasOwn(read.file.on.events, "workflow_dispatch")) {
    throw unprocessable("Workflow does not have 'workflow_dispatch' trigger");
  }
  const resolved = resolveDispatchInputs(read.file.on.dispatchInputs, request.inputs);
  if (resolved.kind === "refused") throw unprocessable(resolved.message);

  const { actor } = caller;
  const ref = at.name;
  return startWorkflowRun(engine, {
    trigger: {
      ...triggerForCommit(repository, ref, at.sha),
      event: "workflow_dispatch",
      action: undefined,
      repository,
    },
    actor,
    payload: dispatchPayload(engine.world, repository, {
      workflow: workflow.path,
      ref,
      inputs: resolved.texts,
      sender: actor,
    }),
    workflowFile: read,
    inputs: resolved.inputs,
  });
}

/** Starts the workflows of the default branch that listen to the event type. */
export async function repositoryDispatch(engine: Engine, request: RepositoryDispatchRequest): Promise<void> {
  const { repository, eventType, clientPayload, caller } = request;
  const trigger = await triggerOnDefaultBranch(repository, "repository_dispatch", eventType);
  if (trigger === undefined) return;
  const payload = repositoryDispatchPayload(engine.world, repository, {
    eventType,
    clientPayload,
    sender: caller.actor,
  });
  await startTriggeredRuns(engine, { ...trigger, title: eventType }, caller.actor, payload);
}

/** @throws Error when no workflow of the default branch has that line: running it would have no effect. */
export async function schedule(engine: Engine, repository: Repository, cron: string): Promise<readonly WorkflowRun[]> {
  const trigger = await triggerOnDefaultBranch(repository, "schedule", undefined);
  const reads = trigger ? await engine.files.list(repository, trigger.sha) : [];
  const scheduled = reads.filter(
    (read) => read.kind === "valid" && read.file.on.schedule.some((at) => at.cron === cron),
  );
  const [first] = scheduled;
  if (trigger === undefined || first === undefined) {
    throw new Error(`${repository.fullName}: no workflow of ${repository.defaultBranch} has the schedule "${cron}"`);
  }
  // GitHub docs, `schedule`: the actor is who last changed the line; here, the head commit's author.
  const head = await repository.git.commit(trigger.sha);
  const actor = (head && accountOfIdentity(engine.world, head.author)) ?? repository.owner;
  const payload = schedulePayload(engine.world, repository, { cron, workflow: first.path });
  return startTriggeredRuns(engine, trigger, actor, payload, cron);
}

async function triggerOnDefaultBranch(
  repository: Repository,
  event: string,
  action: string | undefined,
): Promise<Trigger | undefined> {
  const ref = `refs/heads/${repository.defaultBranch}`;
  const sha = await repository.git.resolve(ref);
  return sha === undefined ? undefined : { ...triggerForCommit(repository, ref, sha), event, action, repository };
}

/** Finds a branch or a tag by its short or full name; not a commit. */
async function findRef(repository: Repository, ref: string): Promise<{ name: string; sha: string } | undefined> {
  const names = /^refs\/(heads|tags)\//.test(ref) ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  for (const name of names) {
    const sha = (await repository.git.ref(name)) && (await repository.git.resolve(name));
    if (sha !== undefined) return { name, sha };
  }
  return undefined;
}
