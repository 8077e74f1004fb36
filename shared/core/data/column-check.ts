/** Checks the cells of one column against its rules. */

import type { CellRule } from "./cell-rules.ts";
import { cellType } from "./cell-type.ts";
import type { CompiledColumn } from "./compile-contract.ts";
import type { FindingCollector, FindingCounter } from "./finding-collector.ts";
import { SeenValues } from "./seen-values.ts";
import { isMoreThanShare } from "./tolerance.ts";

export class ColumnCheck {
  readonly #nulls: ReadonlySet<string>;
  readonly #null: FindingCounter | undefined;
  readonly #column: CompiledColumn;
  readonly #findings: FindingCollector;
  #nullCount = 0;
  readonly #rules: readonly { readonly rule: CellRule; readonly counter: FindingCounter }[];
  readonly #unique:
    | { readonly seen: SeenValues; readonly repeated: FindingCounter; readonly full: FindingCounter }
    | undefined;
  readonly #key: (cell: string) => string;

  constructor(column: CompiledColumn, findings: FindingCollector) {
    this.#nulls = new Set(column.spelling["null-values"]);
    this.#column = column;
    this.#findings = findings;
    const group = findings.createGroup(column);
    const reason = column.description === undefined ? "" : ` (${column.description})`;
    const mayBeNull = column.nullable || column["max-null-share"] !== undefined;
    this.#null = mayBeNull ? undefined : group.createCounter("null", column.name, `should not be empty${reason}`);
    this.#rules = column.rules.map((rule) => ({
      rule,
      counter: group.createCounter(rule.check, column.name, `${rule.message}${reason}`),
    }));
    this.#key = cellType(column.type, column.spelling).key;
    this.#unique = column.unique
      ? {
          seen: new SeenValues(),
          repeated: group.createCounter(
            "unique",
            column.name,
            "should be unique; this line repeats the value of an earlier one",
          ),
          full: findings.createCounter("unique", column.name, "has more values than can be remembered; split the file"),
        }
      : undefined;
  }

  /** What can only be said of all rows. */
  end(rows: number): void {
    const { "max-null-share": share, name } = this.#column;
    if (share === undefined || !isMoreThanShare(this.#nullCount, rows, share)) return;
    const message = `is null in ${this.#nullCount} of ${rows} rows; at most a share of ${share} is allowed`;
    this.#findings
      .createGroup({ ...this.#column, mostly: 1 })
      .createCounter("null-share", name, message)
      .increment();
  }

  /** After the first rule that a cell breaks, the others are not checked. */
  check(cell: string, quoted: boolean, line: number): void {
    if (!quoted && this.#nulls.has(cell)) {
      this.#nullCount += 1;
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
