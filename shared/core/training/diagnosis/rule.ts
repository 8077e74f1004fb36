/** A text of a program by which a kind of failure is recognised. */
import type { DiagnosisKind } from "./kinds.ts";

export interface Rule {
  readonly kind: DiagnosisKind;
  /** Of one line. Linear: the lines are anybody's. */
  readonly pattern: RegExp;
  /**
   * `error`: it counts in the message of the error that ended the training. `line`: also as a line near the end, for what
   * programs print that are no Python. The texts of such rules are those of faults, and no program prints them otherwise.
   */
  readonly where: "error" | "line";
  /** Medium where the same text has other causes, too. */
  readonly confidence?: "high" | "medium";
  /** What follows the text is a value of the data, and is not repeated. */
  readonly showsData?: boolean;
  /** Instead of the kind's, where the text tells more. */
  readonly fix?: string;
}

/** The message of an error. */
export const inError = (kind: DiagnosisKind, pattern: RegExp, more: Partial<Rule> = {}): Rule => ({
  ...{ kind, pattern, where: "error" },
  ...more,
});

/** The message of an error, or a line near the end. */
export const inLine = (kind: DiagnosisKind, pattern: RegExp, more: Partial<Rule> = {}): Rule => ({
  ...{ kind, pattern, where: "line" },
  ...more,
});
