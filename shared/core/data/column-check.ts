/** Judges the cells of one column: the one place where a cell is judged. */

import { quoteText } from "../../text/document/document.ts";
import type { CellRule } from "./cell-rules.ts";
import { type CompiledColumn, mayBeNull } from "./compile-contract.ts";
import type { FindingCollector, FindingCounter } from "./finding-collector.ts";
import { isNonFinite } from "./non-finite.ts";
import { Nulls } from "./nulls.ts";
import { SeenValues } from "./seen-values.ts";
import { SpannedLines } from "./spanned-lines.ts";
import { SpellingRemedies } from "./spelling-remedies.ts";
import { isMoreThanShare } from "./tolerance.ts";

export class ColumnCheck {
  readonly #column: CompiledColumn;
  readonly #findings: FindingCollector;
  readonly #nulls: Nulls;
  #nullCount = 0;
  readonly #null: FindingCounter | undefined;
  readonly #spanned: SpannedLines | undefined;
  readonly #nonFinite: FindingCounter;
  readonly #type: FindingCounter;
  readonly #remedies: SpellingRemedies;
  readonly #rules: readonly { readonly rule: CellRule; readonly counter: FindingCounter }[];
  readonly #repeated: FindingCounter | undefined;
  /** Undefined also once there are more values than may be remembered. */
  #seen: SeenValues | undefined;
  readonly #exceedUnique: () => void;

  constructor(column: CompiledColumn, maxUnique: number, findings: FindingCollector) {
    const { name, cellType, spelling } = column;
    this.#column = column;
    this.#findings = findings;
    this.#nulls = new Nulls(spelling);
    const group = findings.createGroup(column);
    const reason = column.description === undefined ? "" : ` (${column.description})`;
    this.#null = mayBeNull(column) ? undefined : group.createCounter("null", name, `should not be empty${reason}`);
    this.#spanned = spelling.multiline ? undefined : new SpannedLines(findings, name);
    this.#nonFinite = group.createCounter("non-finite", name, "should be finite, and is NaN or an infinity");
    this.#remedies = new SpellingRemedies(column);
    this.#type = group.createCounter(
      "type",
      name,
      (count) => `should be ${cellType.expected}${reason}${this.#remedies.describe(count)}`,
    );
    this.#rules = column.rules.map((rule) => ({
      rule,
      counter: group.createCounter(rule.check, name, `${rule.message}${reason}`),
    }));
    if (column.unique) {
      this.#repeated = group.createCounter(
        "unique",
        name,
        "should be unique; this line repeats the value of an earlier one",
      );
      this.#seen = new SeenValues(maxUnique);
    }
    this.#exceedUnique = () => findings.exceed("unique-values", `${quoteText(name)} has more than ${maxUnique} values`);
  }

  /** After the first thing that is wrong with a cell, nothing else is checked. */
  check(cell: string, quoted: boolean, line: number): void {
    if (this.#nulls.has(cell, quoted)) {
      this.#takeNull(line);
      return;
    }
    if (quoted && this.#spanned?.count(cell, line)) return;
    const value = this.#column.cellType.read(cell);
    if (value === undefined) {
      this.#checkOther(cell, quoted, line);
      return;
    }
    for (const { rule, counter } of this.#rules) {
      if (rule.isSatisfiedBy(value, cell)) continue;
      counter.increment(line);
      return;
    }
    if (this.#seen === undefined) return;
    const earlier = this.#seen.add(this.#column.cellType.key(value), line);
    if (earlier > 0) this.#repeated?.increment(line);
    if (earlier >= 0) return;
    this.#exceedUnique();
    this.#seen = undefined;
  }

  #takeNull(line: number): void {
    this.#nullCount += 1;
    this.#null?.increment(line);
  }

  /** What can only be said of all rows. */
  end(rows: number): void {
    const { "max-null-share": share, name } = this.#column;
    if (share === undefined || !isMoreThanShare(this.#nullCount, rows, share)) return;
    const message = `is null in ${this.#nullCount} of ${rows} rows; at most a share of ${share} is allowed`;
    const { severity } = this.#column;
    this.#findings.createGroup({ severity, mostly: 1 }).createCounter("null-share", name, message).increment();
  }

  /** A cell that has not the column's type. */
  #checkOther(cell: string, quoted: boolean, line: number): void {
    const { type, spelling } = this.#column;
    const isNumeric = type === "number" || type === "integer";
    if (!isNumeric || !isNonFinite(cell)) {
      this.#remedies.add(cell, quoted);
      this.#type.increment(line);
    } else if (spelling["non-finite"] === "null") this.#takeNull(line);
    else this.#nonFinite.increment(line);
  }
}
