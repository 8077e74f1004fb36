/** Why a job was stopped early: cancelled, rejected for its environment, or no runner took it. */
export class StoppedError extends Error {
  readonly conclusion: "cancelled" | "failure";
  /** No step of the job may run any more, not even its `always()` steps. */
  readonly forced: boolean;

  constructor(conclusion: "cancelled" | "failure", message: string, options?: { readonly forced?: boolean }) {
    super(message);
    this.name = "StoppedError";
    this.conclusion = conclusion;
    this.forced = options?.forced ?? false;
  }
}

/**
 * Waits for `wait` unless the signal stops the job first.
 * @throws StoppedError the signal's reason.
 */
export async function waitUnlessStopped<Value>(signal: AbortSignal, wait: Promise<Value>): Promise<Value> {
  signal.throwIfAborted();
  const stop = Promise.withResolvers<never>();
  const onAbort = (): void => stop.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([wait, stop.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
