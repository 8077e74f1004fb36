/** Starts runs on domain events. */

import type { Payload } from "../../events/dispatch-payloads.ts";
import { renderPayload } from "../../events/payload.ts";
import { runExclusive } from "../../git/mutex.ts";
import { hasPathFilter, matchTrigger } from "../../workflow-language/match-trigger.ts";
import type { WorkflowFile } from "../../workflow-language/model.ts";
import type { DomainEvent } from "../../world/domain-events.ts";
import type { Account } from "../../world/identity.ts";
import type { WorkflowRun } from "../../world/repository.ts";
import type { ParsedWorkflowFile } from "../files/workflow-files.ts";
import { refreshWorkflows } from "../files/workflow-registry.ts";
import { type Engine, runInBackground } from "../state/engine.ts";
import { changedPaths } from "../triggers/changed-paths.ts";
import { type Trigger, triggersOf } from "../triggers/trigger.ts";
import { startRequiredRuns } from "./start-required-runs.ts";
import { startWorkflowRun } from "./start-workflow-run.ts";

/** GitHub docs, "Events that trigger workflows", `workflow_run`: the levels of a chain. */
export const MAX_CHAIN_DEPTH = 3;

/** Starts runs on the world's domain events until it is disposed of. */
export function startRunsOnEvents(engine: Engine): Disposable {
  return engine.world.subscribe((event) => {
    if (!canTriggerRuns(event)) return;
    const { repository } = event;
    // Both read at once what may change later; what they read afterwards stays the same.
    const triggers = triggersOf(event);
    const payload = renderPayload(engine.world, event);
    payload.catch(() => undefined);
    runInBackground(
      engine,
      repository,
      // One event after the other, so that runs are numbered in the order of their events.
      runExclusive(repository.actions, async () => {
        if (event.event === "push") await refreshWorkflows(engine.world, engine.files, repository);
        for (const trigger of await triggers) {
          await startTriggeredRuns(engine, trigger, event.actor, payload);
          await startRequiredRuns(engine, trigger, event.actor, payload);
        }
      }),
    );
  });
}

/**
 * GitHub docs, "Triggering a workflow from a workflow": actions with a job's token start no runs. Forks have
 * their workflows disabled until a user enables them, which the local GitHub has no page for.
 */
function canTriggerRuns(event: DomainEvent): boolean {
  if (event.cause?.kind === "actions" || event.repository.forkOf !== undefined) return false;
  switch (event.event) {
    case "workflow_job":
      return false;
    // GitHub docs, "Events that trigger workflows": not for suites that GitHub Actions itself created.
    case "check_run":
      return event.checkRun.suite.app.slug !== "github-actions";
    case "check_suite":
      return event.suite.app.slug !== "github-actions";
    default:
      return true;
  }
}

/** Starts every workflow that listens to the trigger, in the order of their paths. */
export async function startTriggeredRuns(
  engine: Engine,
  trigger: Trigger,
  actor: Account,
  payload: Payload | Promise<Payload>,
  cron?: string,
): Promise<readonly WorkflowRun[]> {
  const { repository } = trigger;
  if (trigger.sourceRun && (engine.chainDepths.get(trigger.sourceRun) ?? 0) >= MAX_CHAIN_DEPTH) return [];
  const runs: WorkflowRun[] = [];
  for (const read of await engine.files.list(repository, trigger.sha)) {
    if (isDisabled(trigger, read)) continue;
    const starts =
      read.kind === "valid" ? await matchesWorkflow(trigger, read.file, cron) : reportsInvalidFile(trigger);
    if (!starts) continue;
    runs.push(
      await startWorkflowRun(engine, {
        trigger,
        actor,
        payload: await payload,
        workflowFile: read,
        inputs: null,
      }),
    );
  }
  return runs;
}

function isDisabled({ repository }: Trigger, read: ParsedWorkflowFile): boolean {
  const workflows = [...repository.actions.workflows.values()];
  return workflows.some((workflow) => workflow.path === read.path && workflow.state === "disabled_manually");
}

async function matchesWorkflow(trigger: Trigger, file: WorkflowFile, cron: string | undefined): Promise<boolean> {
  const { event, repository, changes } = trigger;
  const head = await repository.git.commit(trigger.headSha);
  return matchTrigger(file, {
    event,
    action: trigger.action,
    ref: trigger.ref,
    branch: trigger.filterBranch,
    changedPaths: changes && hasPathFilter(file, event) ? await changedPaths(repository.git, changes) : undefined,
    workflowName: trigger.sourceRun?.workflow.name,
    headMessage: head?.message,
    cron,
  }).starts;
}

/**
 * A file GitHub cannot read has no triggers that decide when its errors are reported. As on GitHub, every push reports
 * them; so does a fork's pull request, whose push went to another repository.
 */
function reportsInvalidFile({ event, repository, headRepository, ref }: Trigger): boolean {
  if (event === "push") return ref.startsWith("refs/heads/");
  return event === "pull_request" && headRepository !== repository;
}
