/** Decides what to do with the groups in a merge queue; changes nothing. */
import type { Caller } from "../../world/caller.ts";
import type { MergeQueueEntry } from "../../world/protection.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { createAccount } from "../people/accounts.ts";
import { refProtectionsOf } from "../protection/ref-protections.ts";
import { evaluateChecks } from "../protection/required-checks.ts";
import { requiredStateOfWorkflow } from "../protection/required-runs.ts";
import type { MergeQueueRequirement } from "../protection/requirements.ts";

export type QueueDecision =
  | { readonly kind: "merge"; readonly entries: readonly MergeQueueEntry[] }
  | { readonly kind: "drop"; readonly entry: MergeQueueEntry; readonly reason: "CI_FAILURE" | "CI_TIMEOUT" }
  /** `until`: milliseconds after which to decide again. */
  | { readonly kind: "wait"; readonly until: number | undefined };

type QueueEntryState = "passed" | "failed" | "timed-out" | "open";

const MINUTE = 60_000;

/** The account that GitHub's merge queue uses. */
export function queueCaller(world: World): Caller {
  const login = "github-merge-queue[bot]";
  return { actor: world.accounts.get(login) ?? createAccount(world, { login, kind: "Bot" }), token: undefined };
}

/** The rule that gives the branch a merge queue. */
export function queueRequirementOf(
  world: World,
  repository: Repository,
  branch: string,
): MergeQueueRequirement | undefined {
  return refProtectionsOf(world, repository, `refs/heads/${branch}`)
    .flatMap(({ requirements }) => requirements)
    .find((requirement) => requirement.kind === "merge-queue");
}

/**
 * @param entries Those for one branch, in their order.
 * With `ALLGREEN` every entry must pass on its own; with `HEADGREEN` an entry that passes covers those before it.
 */
export function decideQueue(
  world: World,
  repository: Repository,
  rule: MergeQueueRequirement,
  entries: readonly MergeQueueEntry[],
): QueueDecision {
  const states = entries.map((entry) => queueEntryState(world, repository, rule, entry));
  const ready = rule.grouping === "ALLGREEN" ? leadingPassed(states) : states.lastIndexOf("passed") + 1;
  if (ready > 0) return mergeOrWait(world, rule, entries, Math.min(ready, rule.maxEntriesToMerge || ready));
  const failed = states.findIndex((state) => state === "failed" || state === "timed-out");
  const entry = entries[failed];
  // With HEADGREEN an open entry behind a failed one can still pass and cover it.
  const cannotPass = rule.grouping === "ALLGREEN" || !states.slice(failed + 1).includes("open");
  if (entry !== undefined && cannotPass) {
    return { kind: "drop", entry, reason: states[failed] === "failed" ? "CI_FAILURE" : "CI_TIMEOUT" };
  }
  return { kind: "wait", until: undefined };
}

/** Fewer entries than the minimum wait for a while, in case more come. */
function mergeOrWait(
  world: World,
  rule: MergeQueueRequirement,
  entries: readonly MergeQueueEntry[],
  ready: number,
): QueueDecision {
  const since = entries[0]?.enqueuedAt.getTime() ?? 0;
  const left = since + rule.minEntriesWaitMinutes * MINUTE - world.clock.now().getTime();
  if (ready < rule.minEntries && left > 0) return { kind: "wait", until: left };
  return { kind: "merge", entries: entries.slice(0, ready) };
}

function leadingPassed(states: readonly QueueEntryState[]): number {
  const first = states.findIndex((state) => state !== "passed");
  return first < 0 ? states.length : first;
}

function queueEntryState(
  world: World,
  repository: Repository,
  rule: MergeQueueRequirement,
  entry: MergeQueueEntry,
): QueueEntryState {
  const requirements = refProtectionsOf(world, repository, `refs/heads/${entry.base}`).flatMap(
    (protection) => protection.requirements,
  );
  const states = requirements.flatMap((requirement) => {
    if (requirement.kind === "checks") {
      return evaluateChecks(world, repository, requirement.checks, [entry.headSha]).map(({ state }) => state);
    }
    if (requirement.kind !== "workflows") return [];
    return requirement.workflows.map((workflow) => requiredStateOfWorkflow(repository, workflow, entry.headSha));
  });
  if (states.includes("failing")) return "failed";
  if (states.every((state) => state === "success")) return "passed";
  const waited = world.clock.now().getTime() - entry.requestedAt.getTime();
  return waited >= rule.timeoutMinutes * MINUTE ? "timed-out" : "open";
}
