/** Drives the merge queues: listens for what decides about a group. */
import type { DomainEvent } from "../../world/domain-events.ts";
import type { World } from "../../world/world.ts";
import { advanceQueue, dequeue } from "./merge-queue.ts";

/** Actions on a pull request after which what waits in the queue is not what was queued. */
const DEQUEUING_ACTIONS: ReadonlySet<string> = new Set(["synchronize", "closed", "converted_to_draft", "edited"]);

export interface MergeQueueWatch extends Disposable {
  /** Resolves when nothing that was begun is still under way. */
  idle(): Promise<void>;
}

/** Until disposed, every queue of the world moves on as checks report, branches move and pull requests change. */
export function watchMergeQueue(world: World): MergeQueueWatch {
  const underWay = new Set<Promise<void>>();
  const start = (work: Promise<void>): void => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };
  const subscription = world.subscribe((happening) => {
    const { repository } = happening;
    if (repository.mergeQueue.length === 0) return;
    if (happening.event === "pull_request" && leaves(happening)) start(dequeue(world, happening.pull));
    const branches = new Set(
      repository.mergeQueue.filter((entry) => concerns(happening, entry)).map(({ base }) => base),
    );
    for (const branch of branches) start(advanceQueue(world, repository, branch));
  });
  return {
    [Symbol.dispose]: () => subscription[Symbol.dispose](),
    async idle() {
      // What ends may have begun something else.
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

function leaves(happening: Extract<DomainEvent, { event: "pull_request" }>): boolean {
  if (!DEQUEUING_ACTIONS.has(happening.action) || happening.pull.merged) return false;
  return happening.action !== "edited" || happening.changes?.["base"] !== undefined;
}

function concerns(happening: DomainEvent, entry: DomainEvent["repository"]["mergeQueue"][number]): boolean {
  switch (happening.event) {
    case "status":
      return happening.status.sha === entry.headSha;
    case "check_run":
      return happening.checkRun.headSha === entry.headSha;
    case "workflow_run":
      return happening.action === "completed" && happening.run.headSha === entry.headSha;
    case "push":
      return happening.ref === `refs/heads/${entry.base}`;
    default:
      return false;
  }
}
