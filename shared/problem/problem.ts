/**
 * What went wrong, for the user who must fix it: what, where, and what to do. The code is stable: tests, docs and
 * other tools rely on it.
 */
export interface Problem {
  /** Kebab-case, for example `policy-unknown-key`. */
  readonly code: string;
  readonly message: string;
  readonly place?: Place;
  /** The next step, as an imperative. */
  readonly fix: string;
  /** Lines that show it, of a log for example: told where there is room for them. */
  readonly details?: readonly string[];
}

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

/**
 * Thrown to end an action with a message instead of a stack.
 * - `user-error`: the user can fix it: a bad input, an unreadable file, a missing permission.
 * - `refused`: everything is well formed, but not permitted: a fork that asks for the GPU, a self-approval.
 */
export class ActionError extends Error {
  readonly kind: "user-error" | "refused";
  readonly problems: readonly Problem[];

  constructor(kind: "user-error" | "refused", problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(formatProblem).join("\n"), options);
    this.name = "ActionError";
    this.kind = kind;
    this.problems = problems;
  }
}

export const userError = (problem: Problem, cause?: unknown): ActionError =>
  new ActionError("user-error", [problem], { cause });

export const refused = (problem: Problem): ActionError => new ActionError("refused", [problem]);

/** Whether the token lacks a permission; nothing else about it was wrong. */
export const isMissingPermission = (error: unknown): error is ActionError =>
  error instanceof ActionError && error.problems[0]?.code === "permission-missing";

/** `contracts/visits.yml:4:3: unknown key "typ". Write "type". [contract-unknown-key]`, and its details below. */
export function formatProblem({ code, message, place, fix, details = [] }: Problem): string {
  const where = place ? `${formatPlace(place)}: ` : "";
  return [`${where}${toSentence(message)} ${toSentence(fix)} [${code}]`, ...details.map((line) => `  ${line}`)].join(
    "\n",
  );
}

function formatPlace({ file, line, column }: Place): string {
  return [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
}

const toSentence = (text: string): string => (/[.!?)]$/.test(text) ? text : `${text}.`);
