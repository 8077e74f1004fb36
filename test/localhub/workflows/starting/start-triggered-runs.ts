/** From what happens in the world to the runs it starts. */

import type { Payload } from "../../events/dispatch-payloads.ts";
import { renderPayload } from "../../events/payload.ts";
import { runExclusive } from "../../operations/git/mutex.ts";
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
import { startWorkflowRun } from "./start-workflow-run.ts";

/** GitHub docs, "Events that trigger workflows", `workflow_run`: levels that can be chained. */
export const MAX_CHAIN_DEPTH = 3;

/** Starts runs from the world's happenings until it is disposed of. */
export function startRunsOnEvents(engine: Engine): Disposable {
  return engine.world.subscribe((happening) => {
    if (!canTriggerRuns(happening)) return;
    const { repository } = happening;
    // Both take now what may change later; what they still have to look up stays the same.
    const occurrences = triggersOf(happening);
    const payload = renderPayload(engine.world, happening);
    payload.catch(() => undefined);
    runInBackground(
      engine,
      repository,
      // One happening after the other, so that runs are numbered in the order of what started them.
      runExclusive(repository.actions, async () => {
        if (happening.event === "push") await refreshWorkflows(engine.world, engine.files, repository);
        for (const occurrence of await occurrences)
          await startTriggeredRuns(engine, occurrence, happening.actor, payload);
      }),
    );
  });
}

/**
 * GitHub docs, "Triggering a workflow from a workflow": what a job's token does starts nothing. Forks keep their
 * workflows switched off until somebody enables them, which this hub has no page for.
 */
function canTriggerRuns(happening: DomainEvent): boolean {
  if (happening.cause?.kind === "actions" || happening.repository.forkOf !== undefined) return false;
  switch (happening.event) {
    case "workflow_job":
      return false;
    // GitHub docs, "Events that trigger workflows": not for suites that GitHub Actions itself made.
    case "check_run":
      return happening.checkRun.suite.app.slug !== "github-actions";
    case "check_suite":
      return happening.suite.app.slug !== "github-actions";
    default:
      return true;
  }
}

/** Starts every workflow that listens to the occurrence. In the order of their paths. */
export async function startTriggeredRuns(
  engine: Engine,
  occurrence: Trigger,
  actor: Account,
  payload: Payload | Promise<Payload>,
  cron?: string,
): Promise<readonly WorkflowRun[]> {
  const { repository } = occurrence;
  if (occurrence.sourceRun && (engine.chainDepths.get(occurrence.sourceRun) ?? 0) >= MAX_CHAIN_DEPTH) return [];
  const runs: WorkflowRun[] = [];
  for (const read of await engine.files.list(repository, occurrence.sha)) {
    if (isDisabled(occurrence, read)) continue;
    const starts =
      read.kind === "valid" ? await matchesWorkflow(occurrence, read.file, cron) : reportsInvalidFile(occurrence);
    if (!starts) continue;
    runs.push(
      await startWorkflowRun(engine, {
        trigger: occurrence,
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

async function matchesWorkflow(occurrence: Trigger, file: WorkflowFile, cron: string | undefined): Promise<boolean> {
  const { event, repository, changes } = occurrence;
  const head = await repository.git.commit(occurrence.headSha);
  return matchTrigger(file, {
    event,
    action: occurrence.action,
    ref: occurrence.ref,
    branch: occurrence.filterBranch,
    changedPaths: changes && hasPathFilter(file, event) ? await changedPaths(repository.git, changes) : undefined,
    workflowName: occurrence.sourceRun?.workflow.name,
    headMessage: head?.message,
    cron,
  }).starts;
}

/**
 * A file GitHub cannot read has no triggers to tell when to complain. As on GitHub, every push does; so does a fork's
 * pull request, whose push was not one to this repository.
 */
function reportsInvalidFile({ event, repository, headRepository, ref }: Trigger): boolean {
  if (event === "push") return ref.startsWith("refs/heads/");
  return event === "pull_request" && headRepository !== repository;
}
