/** Judges the cells of one column: the one place where a cell is judged. */

import { quoteText } from "../../text/document/document.ts";
import type { CellRule } from "./cell-rules.ts";
import type { CompiledColumn } from "./compile-contract.ts";
import type { FindingCollector, FindingCounter } from "./finding-collector.ts";
import { isNonFinite } from "./non-finite.ts";
import { SeenValues } from "./seen-values.ts";
import { SpannedLines } from "./spanned-lines.ts";
import { SpellingRemedies } from "./spelling-remedies.ts";

export class ColumnCheck {
  readonly #column: CompiledColumn;
  /** All but the empty cell, which is by far the most frequent. */
  readonly #nulls: ReadonlySet<string>;
  readonly #isEmptyNull: boolean;
  readonly #quotedNull: boolean;
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
    this.#nulls = new Set(spelling["null-values"].filter((word) => word !== ""));
    this.#isEmptyNull = spelling["null-values"].includes("");
    this.#quotedNull = spelling["quoted-null"];
    this.#null = column.nullable ? undefined : findings.createCounter("null", name, "should not be empty");
    this.#spanned = spelling.multiline ? undefined : new SpannedLines(findings, name);
    this.#nonFinite = findings.createCounter("non-finite", name, "should be finite, and is NaN or an infinity");
    this.#remedies = new SpellingRemedies(column);
    this.#type = findings.createCounter(
      "type",
      name,
      (count) => `should be ${cellType.expected}${this.#remedies.describe(count)}`,
    );
    this.#rules = column.rules.map((rule) => ({
      rule,
      counter: findings.createCounter(rule.check, name, rule.message),
    }));
    if (column.unique) {
      this.#repeated = findings.createCounter(
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
    if ((!quoted || this.#quotedNull) && this.#isNull(cell)) {
      this.#null?.increment(line);
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

  #isNull(cell: string): boolean {
    return cell === "" ? this.#isEmptyNull : this.#nulls.size > 0 && this.#nulls.has(cell);
  }

  /** A cell that has not the column's type. */
  #checkOther(cell: string, quoted: boolean, line: number): void {
    const { type, spelling } = this.#column;
    const isNumeric = type === "number" || type === "integer";
    if (!isNumeric || !isNonFinite(cell)) {
      this.#remedies.add(cell, quoted);
      this.#type.increment(line);
    } else if (spelling["non-finite"] === "null") this.#null?.increment(line);
    else this.#nonFinite.increment(line);
  }
}
