/**
 * Concurrency groups: at most one member runs, the others wait. A job that waits for an approval is pending in its
 * group as well: it replaces others and can be replaced, but does not hold the group.
 */
import type { ConcurrencyGroup, ConcurrencyMember, Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { StoppedError } from "./stopped-error.ts";

/** GitHub docs: "up to 100 jobs or workflow runs can be pending" with `queue: max`; more are cancelled. */
export const MAX_QUEUE_LENGTH = 100;

export interface JoinRequest {
  readonly repository: Repository;
  readonly group: string;
  readonly cancelInProgress: boolean;
  readonly queue: "single" | "max";
  readonly member: Pick<ConcurrencyMember, "run" | "job">;
  /** The member's name in the message about a deadlock. */
  readonly name: string;
  /** The leases held by the run and the callers of the member: waiting for one of those would never end. */
  readonly heldLeases: readonly Lease[];
  /** Stops the member, waiting or running. */
  readonly stop: (reason: StoppedError) => void;
}

/** A member's entry in a group. */
export interface Lease {
  readonly group: string;
  /** The member is ready to run; resolves when it holds the group. */
  acquire(): Promise<void>;
  /** It holds the group now. */
  isHeld(): boolean;
  /** Leaves the group. Further calls do nothing. */
  release(): void;
}

interface QueuedMember {
  readonly member: ConcurrencyMember;
  readonly stop: (reason: StoppedError) => void;
  readonly held: PromiseWithResolvers<void>;
  ready: boolean;
}

export interface ConcurrencyGroups {
  /** @throws StoppedError when the member waits for itself or the queue is full. */
  join(request: JoinRequest): Lease;
}

export function createConcurrencyGroups(world: World): ConcurrencyGroups {
  const queued = new Map<ConcurrencyMember, QueuedMember>();

  function promote(group: ConcurrencyGroup): void {
    if (group.members.some((member) => member.status === "in_progress")) return;
    const next = group.members.map((member) => queued.get(member)).find((entry) => entry?.ready);
    if (!next) return;
    group.members.splice(group.members.indexOf(next.member), 1);
    group.members.unshift(next.member);
    next.member.status = "in_progress";
    group.lastAcquiredAt = world.clock.now();
    next.held.resolve();
  }

  function leave(repository: Repository, group: ConcurrencyGroup, member: ConcurrencyMember): void {
    if (!queued.delete(member)) return;
    group.members.splice(group.members.indexOf(member), 1);
    if (group.members.length === 0) repository.actions.concurrencyGroups.delete(keyOf(group.name));
    else promote(group);
  }

  return {
    join(request) {
      const { repository } = request;
      const groups = repository.actions.concurrencyGroups;
      const key = keyOf(request.group);
      if (request.heldLeases.some((lease) => keyOf(lease.group) === key)) {
        throw new StoppedError(
          "cancelled",
          `Canceling since a deadlock for concurrency group '${request.group}' was detected between 'top level workflow' and '${request.name}'`,
        );
      }
      const group = groups.get(key) ?? { name: request.group, members: [], lastAcquiredAt: world.clock.now() };
      const pending = group.members.filter((member) => member.status === "pending");
      if (request.queue === "max" && pending.length >= MAX_QUEUE_LENGTH) {
        throw new StoppedError(
          "cancelled",
          `Canceling since the queue of concurrency group '${group.name}' is full: ${MAX_QUEUE_LENGTH} are waiting already`,
        );
      }
      const reason = new StoppedError(
        "cancelled",
        `Canceling since a higher priority waiting request for '${group.name}' exists`,
      );
      const replaced = request.queue === "max" ? [] : pending;
      const interrupted = request.cancelInProgress ? group.members.filter((each) => each.status === "in_progress") : [];

      const member: ConcurrencyMember = { ...request.member, status: "pending" };
      const entry: QueuedMember = { member, stop: request.stop, held: Promise.withResolvers(), ready: false };
      queued.set(member, entry);
      group.members.push(member);
      groups.set(key, group);
      for (const each of [...replaced, ...interrupted]) {
        const displaced = queued.get(each);
        // One that only waited leaves at once; a running one holds the group until its job has ended.
        if (each.status === "pending") leave(repository, group, each);
        displaced?.stop(reason);
      }
      return {
        group: group.name,
        acquire() {
          entry.ready = true;
          promote(group);
          return entry.held.promise;
        },
        isHeld: () => member.status === "in_progress",
        release: () => leave(repository, group, member),
      };
    },
  };
}

/** GitHub docs: group names are compared without case. */
const keyOf = (name: string): string => name.toLowerCase();
