/** Whether values occur once in all files of a set together; within one file, the contract says it. */
import type { Problem } from "../../problem/problem.ts";
import type { DataReport } from "../../records/data-report.ts";
import { ExampleKeys } from "./example-keys.ts";
import type { RowObserver } from "./row-values.ts";

export interface UniqueAcrossRule {
  readonly keys: readonly string[];
  /** Left out where there is only one. */
  readonly set?: string | undefined;
  readonly severity: "fail" | "warn";
}

export type RecordedUniqueness = NonNullable<DataReport["uniqueAcross"]>[number];

export class UniqueAcrossCheck {
  readonly #watched: readonly { readonly rule: UniqueAcrossRule; readonly keys: ExampleKeys }[];

  constructor(rules: readonly UniqueAcrossRule[]) {
    this.#watched = rules.map((rule) => ({ rule, keys: new ExampleKeys(rule.keys) }));
  }

  observersOf(set: string | undefined): readonly RowObserver[] {
    return this.#watched.filter(({ rule }) => rule.set === set).map(({ keys }) => keys);
  }

  judge(): readonly RecordedUniqueness[] {
    return this.#watched.map(({ rule, keys }) => {
      const repeated = keys.countRepeated();
      return {
        ...{ keys: [...rule.keys], repeated, outcome: keys.isComplete && repeated === 0 ? "pass" : "fail" },
        ...(rule.set !== undefined && { set: rule.set }),
        ...(rule.severity === "warn" && { severity: rule.severity }),
      };
    });
  }
}

/** Undefined where nothing repeats. */
export function toUniqueProblem({ keys, set, repeated, outcome }: RecordedUniqueness): Problem | undefined {
  if (outcome === "pass") return undefined;
  const [names, files] = [keys.join(", "), set === undefined ? "all files" : `all files of the set ${set}`];
  if (repeated === 0) {
    return {
      code: "data-unique",
      message: `whether ${names} occur once in ${files} could not be told: a file lacks one of these columns`,
      fix: "Give every file these columns",
    };
  }
  return {
    code: "data-unique",
    message: `${repeated} ${repeated === 1 ? "row repeats" : "rows repeat"} values of ${names} that ${files} should have once`,
    fix: "Remove the duplicate rows",
  };
}
