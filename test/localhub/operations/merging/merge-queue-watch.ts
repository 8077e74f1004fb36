/** Advances the merge queues: listens for the events that decide about a group. */
import type { DomainEvent } from "../../world/domain-events.ts";
import type { World } from "../../world/world.ts";
import { advanceQueue, dequeue } from "./merge-queue.ts";
import { runQueueTask, waitForQueueTasks } from "./queue-tasks.ts";

/** Actions that change a pull request, so that its entry in the queue is no longer valid. */
const DEQUEUING_ACTIONS: ReadonlySet<string> = new Set(["synchronize", "closed", "converted_to_draft", "edited"]);

export interface MergeQueueWatch extends Disposable {
  /**
   * Resolves when no work of the queues is pending, that of their timers included. @throws AggregateError with the
   * errors of that work.
   */
  idle(): Promise<void>;
}

/** Until disposed, every queue of the world advances when checks report, branches move and pull requests change. */
export function watchMergeQueue(world: World): MergeQueueWatch {
  const start = (work: Promise<void>): void => runQueueTask(world, work);
  const subscription = world.subscribe((event) => {
    const { repository } = event;
    if (repository.mergeQueue.length === 0) return;
    if (event.event === "pull_request" && leavesQueue(event)) start(dequeue(world, event.pull));
    const branches = new Set(repository.mergeQueue.filter((entry) => concerns(event, entry)).map(({ base }) => base));
    for (const branch of branches) start(advanceQueue(world, repository, branch));
  });
  return {
    [Symbol.dispose]: () => subscription[Symbol.dispose](),
    idle: () => waitForQueueTasks(world),
  };
}

function leavesQueue(event: Extract<DomainEvent, { event: "pull_request" }>): boolean {
  if (!DEQUEUING_ACTIONS.has(event.action) || event.pull.merged) return false;
  return event.action !== "edited" || event.changes?.["base"] !== undefined;
}

function concerns(event: DomainEvent, entry: DomainEvent["repository"]["mergeQueue"][number]): boolean {
  switch (event.event) {
    case "status":
      return event.status.sha === entry.headSha;
    case "check_run":
      return event.checkRun.headSha === entry.headSha;
    case "workflow_run":
      return event.action === "completed" && event.run.headSha === entry.headSha;
    case "push":
      return event.ref === `refs/heads/${entry.base}`;
    default:
      return false;
  }
}
