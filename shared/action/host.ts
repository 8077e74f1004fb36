/** The process that an action runs in, as far as the kernel needs it; tests use a fake one. */
import type { EnvironmentVariables } from "./read-inputs.ts";
import { type Toolkit, toolkit } from "./toolkit.ts";

export interface Host {
  readonly env: EnvironmentVariables;
  readonly toolkit: Toolkit;
  /**
   * The runner cancels the job: SIGINT, after 7.5 s SIGTERM, after 2.5 s more SIGKILL (actions/runner, ProcessInvoker). Or it
   * was killed itself.
   */
  readonly onCancel: (cancelled: () => void) => void;
  /** An error that no code caught. */
  readonly onCrash: (crashed: (error: unknown) => void) => void;
  /** Calls `work` after so many milliseconds, unless disposed before. */
  readonly setTimer: (ms: number, work: () => void) => Disposable;
  readonly exit: (code: number) => void;
}

const PARENT_INTERVAL_MS = 1_000;

export const realHost: Host = {
  env: process.env,
  toolkit,
  onCancel: (cancelled) => {
    process.on("SIGINT", cancelled);
    process.on("SIGTERM", cancelled);
    // A runner that was killed cannot say so, but the system gives its processes another parent.
    const runner = process.ppid;
    const timer = setInterval(() => process.ppid !== runner && cancelled(), PARENT_INTERVAL_MS);
    timer.unref();
  },
  onCrash: (crashed) => {
    process.on("uncaughtException", crashed);
    process.on("unhandledRejection", crashed);
  },
  setTimer: (ms, work) => {
    const timer = setTimeout(work, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  // Open sockets (keep-alive, a dead proxy) must not delay the exit; but everything printed must be written before.
  exit: (code) => void process.stdout.write("", () => process.exit(code)),
};
