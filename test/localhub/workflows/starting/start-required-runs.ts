/** Starts the workflows that rulesets require, in the repository that is judged, whatever files that has itself. */
import type { Payload } from "../../events/dispatch-payloads.ts";
import { refProtectionsOf } from "../../operations/protection/ref-protections.ts";
import type { Account } from "../../world/identity.ts";
import type { RequiredWorkflow } from "../../world/protection.ts";
import type { Repository, RequiredWorkflowFile } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { resolveRef } from "../files/load-workflow.ts";
import type { ParsedWorkflowFile } from "../files/workflow-files.ts";
import type { Engine } from "../state/engine.ts";
import type { Trigger } from "../triggers/trigger.ts";
import { startWorkflowRun } from "./start-workflow-run.ts";

/**
 * GitHub docs, "Available rules for rulesets", supported event triggers: by these events and activity types, always and
 * only; filters in the file are ignored.
 */
const ACTIVITY_TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ["pull_request", ["opened", "synchronize", "reopened"]],
  ["pull_request_target", ["opened", "synchronize", "reopened"]],
  ["merge_group", ["checks_requested"]],
]);

/** A file that is not there, or does not listen to the event, starts nothing: its result stays expected. */
export async function startRequiredRuns(
  engine: Engine,
  trigger: Trigger,
  actor: Account,
  payload: Payload | Promise<Payload>,
): Promise<void> {
  if (!ACTIVITY_TYPES.get(trigger.event)?.includes(trigger.action ?? "")) return;
  for (const rule of requiredWorkflowsOf(engine.world, trigger)) {
    const found = await findFile(engine, trigger.repository, rule);
    if (found === undefined) continue;
    const { read, required } = found;
    if (!listensTo(read, trigger.event)) continue;
    await startWorkflowRun(engine, {
      trigger,
      actor,
      payload: await payload,
      workflowFile: read,
      inputs: null,
      required,
    });
  }
}

/** One that cannot be read has no triggers: it fails once for each commit and each group. */
const listensTo = (read: ParsedWorkflowFile, event: string): boolean =>
  read.kind === "valid" ? read.file.on.events[event] !== undefined : event !== "pull_request_target";

/** Those of the branch that the change goes to; a file that two rulesets require runs once. */
function requiredWorkflowsOf(world: World, { repository, filterBranch }: Trigger): readonly RequiredWorkflow[] {
  if (filterBranch === undefined) return [];
  const rules = refProtectionsOf(world, repository, `refs/heads/${filterBranch}`)
    .flatMap(({ requirements }) => requirements)
    .flatMap((requirement) => (requirement.kind === "workflows" ? requirement.workflows : []));
  const keyOf = ({ path, repositoryId, ref, sha }: RequiredWorkflow): string =>
    JSON.stringify([path, repositoryId, ref, sha]);
  return [...new Map(rules.map((rule) => [keyOf(rule), rule])).values()];
}

async function findFile(
  engine: Engine,
  judged: Repository,
  rule: RequiredWorkflow,
): Promise<{ readonly read: ParsedWorkflowFile; readonly required: RequiredWorkflowFile } | undefined> {
  const repository = [...engine.world.repositories.values()].find(({ id }) => id === rule.repositoryId);
  if (repository === undefined || !mayJudge(repository, judged)) return undefined;
  const found = await resolveRef(repository, rule.sha ?? rule.ref ?? repository.defaultBranch);
  const read = found && (await engine.files.read(repository, found.sha, rule.path));
  return read && { read, required: { rule, repository, ...found } };
}

/** GitHub docs, "Using a workflow file": of the same organisation, and a private file judges private repositories only. */
const mayJudge = (source: Repository, judged: Repository): boolean =>
  source.owner === judged.owner && (!source.private || judged.private);
