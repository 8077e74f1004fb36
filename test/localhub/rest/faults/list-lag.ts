/** Returns lists in an earlier state, as GitHub's replicas do after a write. */
import type { World } from "../../world/world.ts";
import type { ListReply } from "../route.ts";
import type { Fault } from "./faults.ts";

type Lag = Extract<Fault, { kind: "list lag" }>;
type Items = readonly unknown[];

interface Snapshot {
  readonly at: number;
  /** Rendered at that time: the records themselves have changed since. */
  readonly items: Items;
}

export interface ListHistory {
  /** The list in its state before the lag; without a lag, the list itself. Stores the current list for later. */
  applyLag(key: string, reply: ListReply, lags: readonly Fault[]): ListReply;
}

/** Snapshots per list. Each contains the whole list, so that a lag that is set later has earlier states. */
const MAX_SNAPSHOTS = 16;

export function createListHistory(world: World): ListHistory {
  const history = new Map<string, Snapshot[]>();
  return {
    applyLag(key, reply, faults) {
      const lag = faults.find((fault): fault is Lag => fault.kind === "list lag");
      const earlier = history.get(key);
      if (!lag && !earlier) return reply;
      const now = world.clock.now().getTime();
      const snapshots = [...(earlier ?? []), { at: now, items: rendered(reply) }].slice(-MAX_SNAPSHOTS);
      history.set(key, snapshots);
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
  // There is no snapshot that old: leave out what was created since.
  return old?.items ?? newest.filter((item) => createdAt(item) <= horizon);
}

/** Milliseconds; replies have whole seconds, so this is the end of the second. */
function createdAt(item: unknown): number {
  const text = typeof item === "object" && item !== null && "created_at" in item ? item.created_at : undefined;
  return typeof text === "string" ? Date.parse(text) + 999 : Number.NEGATIVE_INFINITY;
}
