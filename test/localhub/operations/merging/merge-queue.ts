/**
 * The merge queue: pull requests are merged one after another, each onto the one before, once the checks have
 * passed on exactly that commit (GitHub docs: "Managing a merge queue"). Every entry is built at once: the number of
 * parallel builds depends on the machines, and jobs wait for those anyway.
 */

import { runExclusive } from "../../git/mutex.ts";
import { ApiError, notFound, unprocessable } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { MergeQueueEntry } from "../../world/protection.ts";
import type { PullRequest, Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { mayPush } from "../people/access.ts";
import type { MergeQueueRequirement } from "../protection/requirements.ts";
import { formatBlockers, mergeBlockers } from "../pulls/merge-blockers.ts";
import { baseTipOf } from "../pulls/pull-comparison.ts";
import { markMerged } from "../pulls/pull-state.ts";
import { QUEUE_PREFIX } from "../refs/push-rules.ts";
import { deleteRef, moveRef } from "../refs/refs.ts";
import { createMergeResultCommit } from "./merge-commits.ts";
import { decideQueue, queueCaller, queueRequirementOf } from "./queue-decision.ts";
import { runQueueTask } from "./queue-tasks.ts";

type Reason = "merged" | "invalidated" | "dequeued";

const MINUTE = 60_000;

/**
 * Adds the pull request behind those that wait for the same base, and requests checks on the commit that would merge
 * it.
 * @throws ApiError 404 for callers who may not write, 422 when there is no queue or it is queued already, 405 when
 * something else blocks the merge.
 */
export async function enqueue(world: World, pull: PullRequest, caller: Caller): Promise<MergeQueueEntry> {
  const { base } = pull;
  const added = await runExclusive(base.mergeQueue, async () => {
    const rule = queueRequirementOf(world, base, pull.baseRef);
    if (!mayPush(base, caller)) throw notFound();
    if (rule === undefined) throw unprocessable(`There is no merge queue for the branch ${pull.baseRef}.`);
    if (entryOf(pull) !== undefined) throw unprocessable("Pull request is already in the merge queue.");
    // The queue itself updates the head.
    const blockers = (await mergeBlockers(world, pull, caller.actor)).filter(
      ({ kind }) => kind !== "merge-queue" && kind !== "behind",
    );
    if (blockers.length > 0) throw new ApiError(405, formatBlockers(blockers));
    const onto = entriesFor(base, pull.baseRef).at(-1)?.headSha ?? (await baseTipOf(pull)) ?? pull.baseSha;
    const entry = await build(world, pull, rule, onto, { enqueuedBy: caller.actor, enqueuedAt: world.clock.now() });
    if (entry === undefined) throw new ApiError(405, "Pull Request is not mergeable");
    base.mergeQueue.push(entry);
    const origin = { repository: base, actor: caller.actor, cause: caller.token };
    world.publish({ event: "pull_request", action: "enqueued", pull, ...origin });
    publishGroupEvent(world, base, entry, "checks_requested");
    return entry;
  });
  await advanceQueue(world, base, pull.baseRef);
  return added;
}

/** Removes the pull request; those behind it are built again. Does nothing when it is not in the queue. */
export function dequeue(world: World, pull: PullRequest, reason = "MANUAL"): Promise<void> {
  return runExclusive(pull.base.mergeQueue, async () => {
    const entry = entryOf(pull);
    if (entry !== undefined) await drop(world, pull.base, entry, reason);
  });
}

/** Merges ready entries, drops failed ones, and rebuilds those whose base is a commit that will not be merged. */
export function advanceQueue(world: World, repository: Repository, branch: string): Promise<void> {
  return runExclusive(repository.mergeQueue, async () => {
    while (await advanceQueueOnce(world, repository, branch)) {
      // Each step may make the next one possible.
    }
  });
}

/** @returns Whether anything was done. */
async function advanceQueueOnce(world: World, repository: Repository, branch: string): Promise<boolean> {
  const rule = queueRequirementOf(world, repository, branch);
  const entries = entriesFor(repository, branch);
  const [first] = entries;
  if (first === undefined) return false;
  const tip = (await repository.git.ref(`refs/heads/${branch}`))?.sha;
  if (rule === undefined || tip === undefined) {
    await drop(world, repository, first, "QUEUE_CLEARED");
    return true;
  }
  if (first.baseSha !== tip) {
    await rebuild(world, repository, rule, entries, tip);
    return true;
  }
  const decision = decideQueue(world, repository, rule, entries);
  if (decision.kind === "wait") {
    if (decision.until !== undefined) scheduleAdvance(world, repository, branch, decision.until);
    return false;
  }
  if (decision.kind === "drop") await drop(world, repository, decision.entry, decision.reason);
  else for (const entry of decision.entries) await merge(world, repository, entry);
  return true;
}

async function merge(world: World, repository: Repository, entry: MergeQueueEntry): Promise<void> {
  const ref = `refs/heads/${entry.base}`;
  const pull = repository.pulls.get(entry.pull);
  const by = queueCaller(world);
  remove(repository, entry);
  await moveRef(world, repository, { ref, sha: entry.headSha, expected: entry.baseSha, skipProtection: true }, by);
  if (pull !== undefined) {
    markMerged(world, pull, entry.headSha, by);
    publishDequeued(world, pull, "MERGE");
  }
  await destroy(world, repository, entry, "merged");
}

async function drop(world: World, repository: Repository, entry: MergeQueueEntry, reason: string): Promise<void> {
  const entries = entriesFor(repository, entry.base);
  const behind = entries.slice(entries.indexOf(entry) + 1);
  const rule = queueRequirementOf(world, repository, entry.base);
  const pull = repository.pulls.get(entry.pull);
  remove(repository, entry);
  await destroy(world, repository, entry, "dequeued");
  if (pull !== undefined) publishDequeued(world, pull, reason);
  if (rule !== undefined) await rebuild(world, repository, rule, behind, entry.baseSha);
}

/** Builds the entries again, each on the one before it, the first on `onto`. */
async function rebuild(
  world: World,
  repository: Repository,
  rule: MergeQueueRequirement,
  entries: readonly MergeQueueEntry[],
  onto: string,
): Promise<void> {
  let base = onto;
  for (const entry of entries) {
    const pull = repository.pulls.get(entry.pull);
    const rebuilt = pull && (await build(world, pull, rule, base, entry));
    if (rebuilt === undefined) {
      remove(repository, entry);
      await destroy(world, repository, entry, "dequeued");
      if (pull !== undefined) publishDequeued(world, pull, "MERGE_CONFLICT");
      continue;
    }
    repository.mergeQueue[repository.mergeQueue.indexOf(entry)] = rebuilt;
    await destroy(world, repository, entry, "invalidated");
    publishGroupEvent(world, repository, rebuilt, "checks_requested");
    base = rebuilt.headSha;
  }
}

/** Creates the group's commit and branch. `undefined` when the pull request conflicts with an entry before it. */
async function build(
  world: World,
  pull: PullRequest,
  rule: MergeQueueRequirement,
  onto: string,
  enqueued: Pick<MergeQueueEntry, "enqueuedBy" | "enqueuedAt">,
): Promise<MergeQueueEntry | undefined> {
  const by = queueCaller(world);
  const sha = await createMergeResultCommit(world, pull, onto, rule.method, {}, by.actor);
  if (sha === undefined) return undefined;
  const ref = `${QUEUE_PREFIX}${pull.baseRef}/pr-${pull.number}-${onto}`;
  await moveRef(world, pull.base, { ref, sha, force: true, skipProtection: true }, by);
  scheduleAdvance(world, pull.base, pull.baseRef, rule.timeoutMinutes * MINUTE);
  return {
    pull: pull.number,
    base: pull.baseRef,
    ref,
    headSha: sha,
    baseSha: onto,
    enqueuedBy: enqueued.enqueuedBy,
    enqueuedAt: enqueued.enqueuedAt,
    requestedAt: world.clock.now(),
  };
}

async function destroy(world: World, repository: Repository, entry: MergeQueueEntry, reason: Reason): Promise<void> {
  publishGroupEvent(world, repository, entry, "destroyed", reason);
  // A rebuild on the same commit has the same branch; the new group still needs it.
  if (repository.mergeQueue.some((one) => one !== entry && one.ref === entry.ref)) return;
  if ((await repository.git.ref(entry.ref)) === undefined) return;
  await deleteRef(world, repository, { ref: entry.ref, skipProtection: true }, queueCaller(world));
}

const entryOf = (pull: PullRequest): MergeQueueEntry | undefined =>
  pull.base.mergeQueue.find((entry) => entry.pull === pull.number);

const entriesFor = (repository: Repository, branch: string): readonly MergeQueueEntry[] =>
  repository.mergeQueue.filter((entry) => entry.base === branch);

function remove(repository: Repository, entry: MergeQueueEntry): void {
  const at = repository.mergeQueue.indexOf(entry);
  if (at >= 0) repository.mergeQueue.splice(at, 1);
}

function scheduleAdvance(world: World, repository: Repository, branch: string, ms: number): void {
  world.clock.after(ms, () => runQueueTask(world, advanceQueue(world, repository, branch)));
}

function publishGroupEvent(
  world: World,
  repository: Repository,
  entry: MergeQueueEntry,
  action: "checks_requested" | "destroyed",
  reason?: Reason,
): void {
  const origin = { repository, ...(reason && { reason }), actor: queueCaller(world).actor, cause: undefined };
  world.publish({ event: "merge_group", action, entry, ...origin });
}

function publishDequeued(world: World, pull: PullRequest, reason: string): void {
  const origin = { repository: pull.base, actor: queueCaller(world).actor, cause: undefined };
  world.publish({ event: "pull_request", action: "dequeued", pull, reason, ...origin });
}
