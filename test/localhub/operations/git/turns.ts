/** Work that must not overlap, because it reads and then writes with git processes in between. */
const lastTurns = new WeakMap<object, Promise<unknown>>();

/** Runs `work` once all earlier work on the same subject is over, whatever became of it. */
export function inTurn<Result>(subject: object, work: () => Promise<Result>): Promise<Result> {
  const before = lastTurns.get(subject) ?? Promise.resolve();
  const turn = before.then(work, work);
  lastTurns.set(subject, turn);
  return turn;
}
