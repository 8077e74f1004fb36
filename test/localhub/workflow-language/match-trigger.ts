/** Whether an event starts a workflow, by its `on:` (GitHub docs: "Workflow syntax", `on`). */
import { matchesActivityType } from "./activity-types.ts";
import type { EventFilter, WorkflowFile } from "./model.ts";
import { matchesPatterns } from "./ref-patterns.ts";
import { skipInstruction } from "./skip-instruction.ts";

export interface EventDetails {
  /** `push`, `pull_request` … */
  readonly event: string;
  /** The activity type; for `repository_dispatch` its event type. */
  readonly action?: string | undefined;
  /** For `push`: the full ref that moved. */
  readonly ref?: string | undefined;
  /** The pushed ref was deleted. */
  readonly deleted?: boolean | undefined;
  /**
   * What `branches` filters check: the base of a pull request, the target of a merge group, for a
   * `workflow_run` the branch that the triggering run ran on. Short name.
   */
  readonly branch?: string | undefined;
  /**
   * Changed files, for filters by path (see `hasPathFilter`); absent when they are unknown: then every file matches.
   */
  readonly changedPaths?: readonly string[] | undefined;
  /** For `workflow_run`: the workflow that ran. */
  readonly workflowName?: string | undefined;
  /** For `push` and `pull_request`: the message of the head commit, for `[skip ci]`. */
  readonly headMessage?: string | undefined;
  /** For `schedule`: the cron line that is due. */
  readonly cron?: string | undefined;
}

export type TriggerMatch =
  | { readonly starts: true }
  /** `reason`: the rule that kept the workflow from starting. */
  | { readonly starts: false; readonly reason: string };

/** GitHub docs: "Diffs are limited to 300 files"; path filters ignore all further files. */
export const MAX_CHANGED_PATHS = 300;

const starts: TriggerMatch = { starts: true };

/** Whether the result depends on the changed files: most events need not compute those. */
export function hasPathFilter(file: WorkflowFile, event: string): boolean {
  const filter = filterOf(file, event);
  return filter?.paths !== undefined || filter?.pathsIgnore !== undefined;
}

export function matchTrigger(file: WorkflowFile, details: EventDetails): TriggerMatch {
  const { event, action } = details;
  const filter = filterOf(file, event);
  if (filter === undefined) return noMatch(`it does not listen to ${event}`);
  if (!matchesActivityType(event, filter.types, action)) return noMatch(`it does not listen to ${event} ${action}`);
  return (
    checkSource(file, filter, details) ??
    checkRef(filter, details) ??
    checkPaths(filter, details) ??
    checkSkipInstruction(details) ??
    starts
  );
}

function filterOf(file: WorkflowFile, event: string): EventFilter | undefined {
  return Object.hasOwn(file.on.events, event) ? file.on.events[event] : undefined;
}

function checkSource(file: WorkflowFile, filter: EventFilter, details: EventDetails): TriggerMatch | undefined {
  const { event, workflowName, cron } = details;
  if (event === "workflow_run" && filter.workflows !== undefined) {
    if (workflowName === undefined || !filter.workflows.includes(workflowName)) {
      return noMatch(`it does not listen to the workflow ${JSON.stringify(workflowName ?? "")}`);
    }
  }
  if (event === "schedule" && cron !== undefined && !file.on.schedule.some((entry) => entry.cron === cron)) {
    return noMatch(`it has no schedule ${JSON.stringify(cron)}`);
  }
  return undefined;
}

function checkRef(filter: EventFilter, { event, ref, branch, deleted }: EventDetails): TriggerMatch | undefined {
  if (event !== "push") return branch === undefined ? undefined : checkRefName("branch", branch, filter);
  if (deleted === true) return noMatch("the ref was deleted");
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/s.exec(ref ?? "") ?? [];
  if (name === undefined) return noMatch(`${ref} is neither a branch nor a tag`);
  const onBranch = kind === "heads";
  // Filters for only one kind of ref exclude the other kind.
  const ownFilter = onBranch ? (filter.branches ?? filter.branchesIgnore) : (filter.tags ?? filter.tagsIgnore);
  const otherFilter = onBranch ? (filter.tags ?? filter.tagsIgnore) : (filter.branches ?? filter.branchesIgnore);
  if (ownFilter === undefined && otherFilter !== undefined) {
    return noMatch(`it listens only to pushes of ${onBranch ? "tags" : "branches"}`);
  }
  return onBranch
    ? checkRefName("branch", name, filter)
    : checkRefName("tag", name, { branches: filter.tags, branchesIgnore: filter.tagsIgnore });
}

function checkRefName(
  kind: "branch" | "tag",
  name: string,
  filter: {
    readonly branches?: EventFilter["branches"] | undefined;
    readonly branchesIgnore?: EventFilter["branchesIgnore"] | undefined;
  },
): TriggerMatch | undefined {
  const { branches, branchesIgnore } = filter;
  if (branches !== undefined && !matchesPatterns(branches, name)) {
    return noMatch(`the ${kind} ${name} matches none of ${branches.join(", ")}`);
  }
  if (branchesIgnore !== undefined && matchesPatterns(branchesIgnore, name)) {
    return noMatch(`the ${kind} ${name} is ignored by ${branchesIgnore.join(", ")}`);
  }
  return undefined;
}

function checkPaths(filter: EventFilter, { ref, changedPaths }: EventDetails): TriggerMatch | undefined {
  // GitHub docs: path filters are not evaluated for pushes of tags.
  if (changedPaths === undefined || ref?.startsWith("refs/tags/") === true) return undefined;
  const seen = changedPaths.slice(0, MAX_CHANGED_PATHS);
  const { paths, pathsIgnore } = filter;
  if (paths !== undefined && !seen.some((path) => matchesPatterns(paths, path))) {
    return noMatch(`no changed file matches ${paths.join(", ")}`);
  }
  if (pathsIgnore !== undefined && seen.every((path) => matchesPatterns(pathsIgnore, path))) {
    return noMatch(`every changed file is ignored by ${pathsIgnore.join(", ")}`);
  }
  return undefined;
}

/** GitHub docs: skip instructions only apply to the `push` and `pull_request` events. */
function checkSkipInstruction({ event, headMessage }: EventDetails): TriggerMatch | undefined {
  if (headMessage === undefined || (event !== "push" && event !== "pull_request")) return undefined;
  const instruction = skipInstruction(headMessage);
  return instruction === undefined ? undefined : noMatch(`the head commit contains ${instruction}`);
}

function noMatch(reason: string): TriggerMatch {
  return { starts: false, reason };
}
