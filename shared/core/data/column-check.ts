/** Checks the cells of one column against its rules. */

import type { CellRule } from "./cell-rules.ts";
import { cellType } from "./cell-type.ts";
import type { CompiledColumn } from "./compile-contract.ts";
import { type FindingCollector, type FindingCounter, MAX_LINES } from "./finding-collector.ts";
import { findRepeats } from "./unique/find-repeats.ts";
import { type SpillFile, ValueLog } from "./unique/value-log.ts";

/** Where values that must be unique are remembered. */
export interface SpillSpace {
  readonly file: SpillFile;
  /** In bytes; the rest goes to the file. */
  readonly memoryPerColumn: number;
}

export class ColumnCheck {
  readonly compiled: CompiledColumn;
  readonly #spill: SpillSpace | undefined;
  /** All but the empty cell, which is by far the most frequent. */
  readonly #nulls: ReadonlySet<string>;
  readonly #isEmptyNull: boolean;
  readonly #null: FindingCounter | undefined;
  readonly #rules: readonly { readonly rule: CellRule; readonly counter: FindingCounter }[];
  readonly #unique: { readonly log: ValueLog; readonly repeated: FindingCounter } | undefined;
  readonly #key: (cell: string) => string;

  constructor(column: CompiledColumn, findings: FindingCollector, spill?: SpillSpace) {
    this.compiled = column;
    this.#spill = spill;
    const nulls = column.spelling["null-values"];
    this.#nulls = new Set(nulls.filter((spelling) => spelling !== ""));
    this.#isEmptyNull = nulls.includes("");
    this.#null = column.nullable ? undefined : findings.createCounter("null", column.name, "should not be empty");
    this.#rules = column.rules.map((rule) => ({
      rule,
      counter: findings.createCounter(rule.check, column.name, rule.message),
    }));
    this.#key = cellType(column.type, column.spelling).key;
    this.#unique = column.unique
      ? {
          log: new ValueLog(spill?.file, spill?.memoryPerColumn),
          repeated: findings.createCounter(
            "unique",
            column.name,
            "should be unique; this line repeats the value of an earlier one",
          ),
        }
      : undefined;
  }

  /** After the first rule that a cell breaks, the others are not checked. */
  check(cell: string, quoted: boolean, line: number): void {
    if (!quoted && (cell === "" ? this.#isEmptyNull : this.#nulls.size > 0 && this.#nulls.has(cell))) {
      this.#null?.increment(line);
      return;
    }
    for (const { rule, counter } of this.#rules) {
      if (rule.isSatisfiedBy(cell)) continue;
      counter.increment(line);
      return;
    }
    this.#unique?.log.addText(this.#key(cell), line);
  }

  /** Remembers a cell that a scanner has proven good, and that is the key of its value. */
  remember(bytes: Uint8Array, from: number, to: number, line: number): void {
    this.#unique?.log.add(bytes, from, to, line);
  }

  /** Counts the values that repeat, once all cells were checked. */
  finish(): void {
    if (this.#unique === undefined) return;
    const { log, repeated } = this.#unique;
    const { count, first } = findRepeats([{ partitions: log.partitions, spill: this.#spill?.file }], MAX_LINES);
    repeated.addAll(count, first);
  }

  /** Whether an empty cell without quotes is null. */
  get isEmptyNull(): boolean {
    return this.#isEmptyNull;
  }

  get isUnique(): boolean {
    return this.#unique !== undefined;
  }

  checkNull(line: number): void {
    this.#null?.increment(line);
  }

  /** Counts a cell of which a scanner knows the first rule that it breaks. */
  reject(rule: number, line: number): void {
    this.#rules[rule]?.counter.increment(line);
  }
}
