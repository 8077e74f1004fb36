/** What is to become of the groups in a merge queue; decides, changes nothing. */
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
  /** `until`: milliseconds after which time itself decides. */
  | { readonly kind: "wait"; readonly until: number | undefined };

type QueueEntryState = "passed" | "failed" | "timed-out" | "open";

const MINUTE = 60_000;

/** The account that GitHub's merge queue works under. */
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
 * With `ALLGREEN` every entry must pass on its own; with `HEADGREEN` an entry that passes carries those before it.
 */
export function decideQueue(
  world: World,
  repository: Repository,
  rule: MergeQueueRequirement,
  entries: readonly MergeQueueEntry[],
): QueueDecision {
  const standings = entries.map((entry) => queueEntryState(world, repository, rule, entry));
  const ready = rule.grouping === "ALLGREEN" ? leadingPassed(standings) : standings.lastIndexOf("passed") + 1;
  if (ready > 0) return mergeOrWait(world, rule, entries, Math.min(ready, rule.maxEntriesToMerge || ready));
  const bad = standings.findIndex((standing) => standing === "failed" || standing === "timed-out");
  const entry = entries[bad];
  // With HEADGREEN a failed entry may yet be carried by one behind it that is still open.
  const hopeless = rule.grouping === "ALLGREEN" || !standings.slice(bad + 1).includes("open");
  if (entry !== undefined && hopeless) {
    return { kind: "drop", entry, reason: standings[bad] === "failed" ? "CI_FAILURE" : "CI_TIMEOUT" };
  }
  return { kind: "wait", until: undefined };
}

/** Fewer than the wanted number are held back for a while, in case more come. */
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

function leadingPassed(standings: readonly QueueEntryState[]): number {
  const first = standings.findIndex((standing) => standing !== "passed");
  return first < 0 ? standings.length : first;
}

function queueEntryState(
  world: World,
  repository: Repository,
  rule: MergeQueueRequirement,
  entry: MergeQueueEntry,
): QueueEntryState {
  const requirements = refProtectionsOf(world, repository, `refs/heads/${entry.base}`).flatMap(
    (guard) => guard.requirements,
  );
  const standings = requirements.flatMap((requirement) => {
    if (requirement.kind === "checks") {
      return evaluateChecks(world, repository, requirement.checks, [entry.headSha]).map(
        ({ state: standing }) => standing,
      );
    }
    if (requirement.kind !== "workflows") return [];
    return requirement.workflows.map((workflow) => requiredStateOfWorkflow(repository, workflow, entry.headSha));
  });
  if (standings.includes("failing")) return "failed";
  if (standings.every((standing) => standing === "success")) return "passed";
  const waited = world.clock.now().getTime() - entry.requestedAt.getTime();
  return waited >= rule.timeoutMinutes * MINUTE ? "timed-out" : "open";
}
