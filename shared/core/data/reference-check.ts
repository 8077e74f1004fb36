/** Whether what one set of files refers to is there in another: foreign keys between files. */
import type { Problem } from "../../problem/problem.ts";
import type { DataReport } from "../../records/data-report.ts";
import { ExampleKeys } from "./example-keys.ts";
import type { RowObserver } from "./row-values.ts";

/** Columns of a set that together name something. */
export interface KeyedSet {
  readonly set: string;
  readonly keys: readonly string[];
}

export interface ReferenceRule {
  readonly from: KeyedSet;
  readonly to: KeyedSet;
  /** How many of the names in `from` need not be in `to`. */
  readonly max: number;
  readonly severity: "fail" | "warn";
}

export type RecordedReference = NonNullable<DataReport["references"]>[number];

interface Watched {
  readonly rule: ReferenceRule;
  readonly from: ExampleKeys;
  readonly to: ExampleKeys;
}

export class ReferenceCheck {
  readonly #watched: readonly Watched[];

  constructor(rules: readonly ReferenceRule[]) {
    this.#watched = rules.map((rule) => ({
      rule,
      from: new ExampleKeys(rule.from.keys),
      to: new ExampleKeys(rule.to.keys),
    }));
  }

  /** What must see the rows of a set's files. A set may refer to itself. */
  observersOf(set: string | undefined): readonly RowObserver[] {
    return this.#watched.flatMap(({ rule, from, to }) => [
      ...(rule.from.set === set ? [from] : []),
      ...(rule.to.set === set ? [to] : []),
    ]);
  }

  /** After all files were read. A null refers to nothing, and a file that lacks the columns has not passed. */
  judge(): readonly RecordedReference[] {
    return this.#watched.map(({ rule, from, to }) => {
      const missing = from.countMissingIn(to);
      const passes = from.isComplete && to.isComplete && missing <= rule.max;
      const sides = { from: copy(rule.from), to: copy(rule.to) };
      return {
        ...{ ...sides, missing, allowed: rule.max, outcome: passes ? "pass" : "fail" },
        ...(rule.severity === "warn" && { severity: rule.severity }),
      };
    });
  }
}

const copy = ({ set, keys }: KeyedSet) => ({ set, keys: [...keys] });

/** Undefined where everything is there that is referred to. */
export function toReferenceProblem({ from, to, missing, allowed, outcome }: RecordedReference): Problem | undefined {
  if (outcome === "pass") return undefined;
  const [names, others] = [from.keys.join(", "), to.keys.join(", ")];
  if (missing <= allowed) {
    return {
      code: "data-reference",
      message: `${names} of the set ${from.set} could not be looked up in ${others} of ${to.set}: a file lacks one of these columns`,
      fix: "Give every file of both sets these columns",
    };
  }
  return {
    code: "data-reference",
    message: `${missing} different values of ${names} in the set ${from.set} are not in ${others} of the set ${to.set}; at most ${allowed} may be missing`,
    fix: `Add what is missing to ${to.set}, or remove the rows that refer to it`,
  };
}
