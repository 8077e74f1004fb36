/** What every command of the laptop is given, and what it gives back. It prints nothing itself. */

export interface CommandContext {
  /** Absolute path; all files that a command names are in it. */
  readonly folder: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** For GitHub; empty: there is none. */
  readonly token: string;
  /** The release that this program is of, `owner/name@ref`; empty or left out: none, as in a clone. */
  readonly release?: string | undefined;
  /** Asks the person at the terminal; what is answered with nothing is the guess. Left out: nobody is there. */
  readonly ask?: ((question: string, guess: string) => Promise<string>) | undefined;
}

export interface CommandResult {
  /** For people. */
  readonly text: string;
  /** The same for programs: `--json` prints it. */
  readonly value: unknown;
  /** As the exit code of the action: 0 pass, 1 not. */
  readonly code: 0 | 1;
}

/** Names and reasons may come from anybody: nothing of them may steer a terminal. */
export const printable = (text: string): string => text.replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, "?");
