/** Holds the cells of one column to its rules. */
import { cellType } from "./cell-type.ts";
import { buildColumnRules, type ColumnRule } from "./column-rules.ts";
import type { ColumnContract } from "./contract.ts";
import type { FindingCollector, FindingCounter } from "./finding-collector.ts";
import { SeenValues } from "./seen-values.ts";

export class CellCheck {
  readonly #nulls: ReadonlySet<string>;
  readonly #null: FindingCounter | undefined;
  readonly #rules: readonly { readonly rule: ColumnRule; readonly counter: FindingCounter }[];
  readonly #unique:
    | { readonly seen: SeenValues; readonly twice: FindingCounter; readonly full: FindingCounter }
    | undefined;
  readonly #key: (cell: string) => string;

  constructor(column: ColumnContract, nulls: ReadonlySet<string>, tally: FindingCollector) {
    this.#nulls = nulls;
    this.#null = column.nullable ? undefined : tally.createCounter("null", column.name, "should not be empty");
    this.#rules = buildColumnRules(column).map((rule) => ({
      rule,
      counter: tally.createCounter(rule.check, column.name, rule.message),
    }));
    this.#key = cellType(column).key;
    this.#unique = column.unique
      ? {
          seen: new SeenValues(),
          twice: tally.createCounter(
            "unique",
            column.name,
            "should be unique; this line repeats the value of an earlier one",
          ),
          full: tally.createCounter("unique", column.name, "has more values than can be remembered; split the file"),
        }
      : undefined;
  }

  /** A cell that breaks a rule is not held to the ones after it. */
  check(cell: string, quoted: boolean, line: number): void {
    if (!quoted && this.#nulls.has(cell)) {
      this.#null?.increment(line);
      return;
    }
    for (const { rule, counter } of this.#rules) {
      if (rule.isSatisfiedBy(cell)) continue;
      counter.increment(line);
      return;
    }
    if (this.#unique === undefined) return;
    const earlier = this.#unique.seen.add(this.#key(cell), line);
    if (earlier > 0) this.#unique.twice.increment(line);
    else if (earlier < 0) this.#unique.full.increment(line);
  }
}
