/**
 * What went wrong, for the person who must mend it: what, where, and what to do. The code is stable: tests, docs and
 * other tools hold on to it.
 */
export interface Problem {
  /** Kebab-case, for example `policy-unknown-key`. */
  readonly code: string;
  readonly message: string;
  readonly place?: Place;
  /** The next step, as an imperative. */
  readonly fix: string;
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
 * - `mistake`: the user's to mend: a bad input, an unreadable file, a missing permission.
 * - `refusal`: all is well formed, and the answer is no: a fork asking for the GPU, a self-approval.
 */
export class ActionFailure extends Error {
  readonly kind: "mistake" | "refusal";
  readonly problems: readonly Problem[];

  constructor(kind: "mistake" | "refusal", problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(describe).join("\n"), options);
    this.name = "ActionFailure";
    this.kind = kind;
    this.problems = problems;
  }
}

export const mistake = (problem: Problem, cause?: unknown): ActionFailure =>
  new ActionFailure("mistake", [problem], { cause });

export const refusal = (problem: Problem): ActionFailure => new ActionFailure("refusal", [problem]);

/** `contracts/visits.yml:4:3: unknown key "typ". Write "type". [contract-unknown-key]` */
export function describe(problem: Problem): string {
  const place = problem.place ? `${describePlace(problem.place)}: ` : "";
  return `${place}${sentence(problem.message)} ${sentence(problem.fix)} [${problem.code}]`;
}

function describePlace({ file, line, column }: Place): string {
  return [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
}

const sentence = (text: string): string => (/[.!?)]$/.test(text) ? text : `${text}.`);
