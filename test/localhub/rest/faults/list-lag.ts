/** Lets lists answer as they were a while ago, as GitHub's replicas do after a write. */
import type { World } from "../../world/world.ts";
import type { ListReply } from "../route.ts";
import type { Fault } from "./faults.ts";

type Lag = Extract<Fault, { kind: "list lag" }>;
type Items = readonly unknown[];

interface Snapshot {
  readonly at: number;
  /** Rendered when they were seen: the entities themselves have changed since. */
  readonly items: Items;
}

export interface ListHistory {
  /** The list as the lag lets the client see it; the list itself without a lag. Remembers what it is shown. */
  applyLag(key: string, reply: ListReply, lags: readonly Fault[]): ListReply;
}

/** Snapshots kept of one list. Each holds the whole list, so that a lag set later has something to go back to. */
const MAX_SNAPSHOTS = 16;

export function createListHistory(world: World): ListHistory {
  const memory = new Map<string, Snapshot[]>();
  return {
    applyLag(key, reply, faults) {
      const lag = faults.find((fault): fault is Lag => fault.kind === "list lag");
      const known = memory.get(key);
      if (!lag && !known) return reply;
      const now = world.clock.now().getTime();
      const snapshots = [...(known ?? []), { at: now, items: rendered(reply) }].slice(-MAX_SNAPSHOTS);
      memory.set(key, snapshots);
      if (!lag) return reply;
      return { ...reply, items: lagged(snapshots, lag, now), render: (item) => item };
    },
  };
}

const rendered = (reply: ListReply): Items => reply.items.map((item) => structuredClone(reply.render(item as never)));

function lagged(snapshots: readonly Snapshot[], lag: Lag, now: number): Items {
  const newest = snapshots.at(-1)?.items ?? [];
  if ("requests" in lag) return snapshots.at(-1 - lag.requests)?.items ?? snapshots[0]?.items ?? [];
  const horizon = now - lag.ms;
  const old = snapshots.findLast((snapshot) => snapshot.at <= horizon);
  // Nobody looked that long ago: what was made since cannot have been there.
  return old?.items ?? newest.filter((item) => createdAt(item) <= horizon);
}

/** Milliseconds; replies carry whole seconds, so the end of the second is taken. */
function createdAt(item: unknown): number {
  const text = typeof item === "object" && item !== null && "created_at" in item ? item.created_at : undefined;
  return typeof text === "string" ? Date.parse(text) + 999 : Number.NEGATIVE_INFINITY;
}
