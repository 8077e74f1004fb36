/** Work of the merge queues that no caller waits for: it follows an event or a timer. Its errors are collected. */
import type { World } from "../../world/world.ts";

interface QueueTasks {
  readonly pending: Set<Promise<void>>;
  readonly errors: unknown[];
}

const tasks = new WeakMap<World, QueueTasks>();

function tasksOf(world: World): QueueTasks {
  const known = tasks.get(world) ?? { pending: new Set(), errors: [] };
  tasks.set(world, known);
  return known;
}

export function runQueueTask(world: World, work: Promise<void>): void {
  const { pending, errors } = tasksOf(world);
  const task = work.catch((error: unknown) => void errors.push(error)).finally(() => pending.delete(task));
  pending.add(task);
}

/** Resolves when no task is pending. @throws AggregateError with the errors of the tasks since the last call. */
export async function waitForQueueTasks(world: World): Promise<void> {
  const { pending, errors } = tasksOf(world);
  // A task that ends may have started another one.
  while (pending.size > 0) await Promise.all(pending);
  if (errors.length > 0) throw new AggregateError(errors.splice(0), "The merge queue failed; see its errors");
}
