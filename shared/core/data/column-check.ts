/** Checks the cells of one column against its rules. */

import type { CellRule } from "./cell-rules.ts";
import { cellType } from "./cell-type.ts";
import type { CompiledColumn } from "./compile-contract.ts";
import type { FindingCollector, FindingCounter } from "./finding-collector.ts";
import { SeenValues } from "./seen-values.ts";

export class ColumnCheck {
  readonly #nulls: ReadonlySet<string>;
  readonly #null: FindingCounter | undefined;
  readonly #rules: readonly { readonly rule: CellRule; readonly counter: FindingCounter }[];
  readonly #unique:
    | { readonly seen: SeenValues; readonly repeated: FindingCounter; readonly full: FindingCounter }
    | undefined;
  readonly #key: (cell: string) => string;

  constructor(column: CompiledColumn, findings: FindingCollector) {
    this.#nulls = new Set(column.spelling["null-values"]);
    this.#null = column.nullable ? undefined : findings.createCounter("null", column.name, "should not be empty");
    this.#rules = column.rules.map((rule) => ({
      rule,
      counter: findings.createCounter(rule.check, column.name, rule.message),
    }));
    this.#key = cellType(column.type, column.spelling).key;
    this.#unique = column.unique
      ? {
          seen: new SeenValues(),
          repeated: findings.createCounter(
            "unique",
            column.name,
            "should be unique; this line repeats the value of an earlier one",
          ),
          full: findings.createCounter("unique", column.name, "has more values than can be remembered; split the file"),
        }
      : undefined;
  }

  /** After the first rule that a cell breaks, the others are not checked. */
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
    if (earlier > 0) this.#unique.repeated.increment(line);
    else if (earlier < 0) this.#unique.full.increment(line);
  }
}
