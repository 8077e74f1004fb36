/** Whether two sets of files share examples, such as a test set that repeats rows of the training set. */
import type { Problem } from "../../problem/problem.ts";
import type { DataReport } from "../../records/data-report.ts";
import { ExampleKeys } from "./example-keys.ts";
import type { RowObserver } from "./row-values.ts";

/** Two sets that must not share examples. */
export interface LeakageRule {
  /** Columns that together name an example. */
  readonly keys: readonly string[];
  /** Names of the sets. */
  readonly between: readonly [string, string];
  /** How many examples they may share. */
  readonly max: number;
  readonly severity: "fail" | "warn";
}

export type RecordedLeakage = NonNullable<DataReport["leakage"]>[number];

/** What is remembered of one rule while the files are read. */
interface Watched {
  readonly rule: LeakageRule;
  readonly sides: readonly [ExampleKeys, ExampleKeys];
}

export class LeakageCheck {
  readonly #watched: readonly Watched[];

  constructor(rules: readonly LeakageRule[]) {
    this.#watched = rules.map((rule) => ({ rule, sides: [new ExampleKeys(rule.keys), new ExampleKeys(rule.keys)] }));
  }

  /** What must see the rows of a set's files. */
  observersOf(set: string | undefined): readonly RowObserver[] {
    return this.#watched.flatMap(({ rule, sides }) => sides.filter((_, side) => rule.between[side] === set));
  }

  /** After all files were read. A set that lacks the columns has not passed: a leak cannot be excluded. */
  judge(): readonly RecordedLeakage[] {
    return this.#watched.map(({ rule, sides }) => {
      const [first, second] = sides;
      const shared = first.countShared(second);
      const passes = first.isComplete && second.isComplete && shared <= rule.max;
      return {
        ...{ keys: [...rule.keys], between: [...rule.between], shared, allowed: rule.max },
        outcome: passes ? "pass" : "fail",
        ...(rule.severity === "warn" && { severity: rule.severity }),
      };
    });
  }
}

/** Undefined for sets that share no more than they may. */
export function toLeakageProblem({ keys, between, shared, allowed, outcome }: RecordedLeakage): Problem | undefined {
  if (outcome === "pass") return undefined;
  const names = keys.join(", ");
  const sets = `the sets ${between[0]} and ${between[1]}`;
  if (shared <= allowed) {
    const message = `${sets} could not be compared by ${names}: a file lacks one of these columns`;
    return { code: "data-leakage", message, fix: "Give every file of both sets these columns" };
  }
  const message = `${sets} share ${shared} ${shared === 1 ? "example" : "examples"} by ${names}; at most ${allowed} may be in both`;
  return {
    code: "data-leakage",
    message,
    fix: "Split the data by these columns, so that an example is in one set only",
  };
}
