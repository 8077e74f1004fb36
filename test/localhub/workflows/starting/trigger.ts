/** From what happens in the world to the runs it starts. */

import type { Payload } from "../../events/commands.ts";
import { payloadOf } from "../../events/payload.ts";
import { inTurn } from "../../operations/git/turns.ts";
import type { WorkflowFile } from "../../workflow-language/model.ts";
import { matches, watchesPaths } from "../../workflow-language/triggers.ts";
import type { Happening } from "../../world/happenings.ts";
import type { Account } from "../../world/identity.ts";
import type { WorkflowRun } from "../../world/repository.ts";
import type { ReadFile } from "../files/workflow-files.ts";
import { refreshWorkflows } from "../files/workflow-registry.ts";
import { changedPaths } from "../occurrences/changed-paths.ts";
import { type Occurrence, occurrencesOf } from "../occurrences/occurrence.ts";
import { type Engine, launch } from "../state/engine.ts";
import { startRun } from "./start-run.ts";

/** GitHub docs, "Events that trigger workflows", `workflow_run`: levels that can be chained. */
export const LONGEST_CHAIN = 3;

/** Starts runs from the world's happenings until it is disposed of. */
export function listen(engine: Engine): Disposable {
  return engine.world.subscribe((happening) => {
    if (!mayStart(happening)) return;
    const { repository } = happening;
    // Both take now what may change later; what they still have to look up stays the same.
    const occurrences = occurrencesOf(happening);
    const payload = payloadOf(engine.world, happening);
    payload.catch(() => undefined);
    launch(
      engine,
      repository,
      // One happening after the other, so that runs are numbered in the order of what started them.
      inTurn(repository.actions, async () => {
        if (happening.event === "push") await refreshWorkflows(engine.world, engine.files, repository);
        for (const occurrence of await occurrences) await trigger(engine, occurrence, happening.actor, payload);
      }),
    );
  });
}

/**
 * GitHub docs, "Triggering a workflow from a workflow": what a job's token does starts nothing. Forks keep their
 * workflows switched off until somebody enables them, which this hub has no page for.
 */
function mayStart(happening: Happening): boolean {
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
export async function trigger(
  engine: Engine,
  occurrence: Occurrence,
  actor: Account,
  payload: Payload | Promise<Payload>,
  cron?: string,
): Promise<readonly WorkflowRun[]> {
  const { repository } = occurrence;
  if (occurrence.cause && (engine.depths.get(occurrence.cause) ?? 0) >= LONGEST_CHAIN) return [];
  const runs: WorkflowRun[] = [];
  for (const read of await engine.files.list(repository, occurrence.sha)) {
    if (isDisabled(occurrence, read)) continue;
    const starts = read.kind === "valid" ? await listensTo(occurrence, read.file, cron) : showsFaults(occurrence);
    if (!starts) continue;
    runs.push(await startRun(engine, { occurrence, actor, payload: await payload, read, inputs: null }));
  }
  return runs;
}

function isDisabled({ repository }: Occurrence, read: ReadFile): boolean {
  const workflows = [...repository.actions.workflows.values()];
  return workflows.some((workflow) => workflow.path === read.path && workflow.state === "disabled_manually");
}

async function listensTo(occurrence: Occurrence, file: WorkflowFile, cron: string | undefined): Promise<boolean> {
  const { event, repository, changes } = occurrence;
  const head = await repository.git.commit(occurrence.headSha);
  return matches(file, {
    event,
    action: occurrence.action,
    ref: occurrence.ref,
    branch: occurrence.filterBranch,
    changedPaths: changes && watchesPaths(file, event) ? await changedPaths(repository.git, changes) : undefined,
    workflowName: occurrence.cause?.workflow.name,
    headMessage: head?.message,
    cron,
  }).starts;
}

/**
 * A file GitHub cannot read has no triggers to tell when to complain. As on GitHub, every push does; so does a fork's
 * pull request, whose push was not one to this repository.
 */
function showsFaults({ event, repository, headRepository, ref }: Occurrence): boolean {
  if (event === "push") return ref.startsWith("refs/heads/");
  return event === "pull_request" && headRepository !== repository;
}
