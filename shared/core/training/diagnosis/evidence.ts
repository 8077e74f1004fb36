/** What is left of a training that ended, and tells why. */

export interface TrainingEvidence {
  readonly end: "exited" | "timed-out" | "cancelled";
  readonly exit: { readonly code: number | null; readonly signal: string | null };
  /** Of the kept log. */
  readonly lines: readonly string[];
  /** How many processes the kernel killed meanwhile because memory was out; `null` when its counters cannot be read. */
  readonly oomKills: number | null;
  /** What the kernel said meanwhile; empty also where that cannot be read. */
  readonly kernelMessages: readonly string[];
  /** What was wrong with the results of a command that succeeded. */
  readonly resultProblems: readonly { readonly code: string; readonly message: string }[];
  /** Seconds since it last printed something. */
  readonly silentSeconds: number;
  /** Seconds in which every GPU was idle until the end; `null` when that is not known, as without a GPU. */
  readonly idleGpuSeconds: number | null;
  /** What the driver asks for after the training and did not before: a reset, a reboot; empty when nothing. */
  readonly recoveryActions: readonly string[];
}

/** Signals by number, as a shell and torchrun report them: 128 + number, or minus the number. */
const SIGNALS: Readonly<Record<number, string>> = {
  ...{ 2: "SIGINT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL" },
  ...{ 11: "SIGSEGV", 15: "SIGTERM", 24: "SIGXCPU", 25: "SIGXFSZ" },
};

/** The signal that ended a process, also when the shell around it reports it as its own exit code. */
export function signalOf({ code, signal }: TrainingEvidence["exit"]): string | undefined {
  if (signal !== null) return signal;
  if (code === null) return undefined;
  return SIGNALS[code < 0 ? -code : code - 128];
}
