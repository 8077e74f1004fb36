/** Work that must not overlap, because it reads and then writes with git processes in between. */
const lastTasks = new WeakMap<object, Promise<unknown>>();

/** Runs `work` once all earlier work on the same subject is over, whatever became of it. */
export function runExclusive<Result>(subject: object, work: () => Promise<Result>): Promise<Result> {
  const before = lastTasks.get(subject) ?? Promise.resolve();
  const turn = before.then(work, work);
  lastTasks.set(subject, turn);
  return turn;
}
