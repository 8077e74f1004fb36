/** Holds the cells of one column to its rules. */
import { cellType } from "./cell-type.ts";
import { type Rule, rulesOf } from "./column-rules.ts";
import type { ColumnContract } from "./contract.ts";
import { Distinct } from "./distinct.ts";
import type { Counter, Tally } from "./tally.ts";

export class CellCheck {
  readonly #nulls: ReadonlySet<string>;
  readonly #null: Counter | undefined;
  readonly #rules: readonly { readonly rule: Rule; readonly counter: Counter }[];
  readonly #unique: { readonly seen: Distinct; readonly twice: Counter; readonly full: Counter } | undefined;
  readonly #key: (cell: string) => string;

  constructor(column: ColumnContract, nulls: ReadonlySet<string>, tally: Tally) {
    this.#nulls = nulls;
    this.#null = column.nullable ? undefined : tally.count("null", column.name, "should not be empty");
    this.#rules = rulesOf(column).map((rule) => ({
      rule,
      counter: tally.count(rule.check, column.name, rule.message),
    }));
    this.#key = cellType(column).key;
    this.#unique = column.unique
      ? {
          seen: new Distinct(),
          twice: tally.count("unique", column.name, "should be unique; this line repeats the value of an earlier one"),
          full: tally.count("unique", column.name, "has more values than can be remembered; split the file"),
        }
      : undefined;
  }

  /** A cell that breaks a rule is not held to the ones after it. */
  check(cell: string, quoted: boolean, line: number): void {
    if (!quoted && this.#nulls.has(cell)) {
      this.#null?.hit(line);
      return;
    }
    for (const { rule, counter } of this.#rules) {
      if (rule.holds(cell)) continue;
      counter.hit(line);
      return;
    }
    if (this.#unique === undefined) return;
    const earlier = this.#unique.seen.see(this.#key(cell), line);
    if (earlier > 0) this.#unique.twice.hit(line);
    else if (earlier < 0) this.#unique.full.hit(line);
  }
}
