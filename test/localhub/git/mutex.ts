/** A mutex for work that must not overlap, because it reads and then writes with git processes in between. */
const lastTasks = new WeakMap<object, Promise<unknown>>();

/** Runs `work` once all earlier work on the same subject has ended, successfully or not. */
export function runExclusive<Result>(subject: object, work: () => Promise<Result>): Promise<Result> {
  const previous = lastTasks.get(subject) ?? Promise.resolve();
  const task = previous.then(work, work);
  lastTasks.set(subject, task);
  return task;
}
