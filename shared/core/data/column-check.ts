/** Judges the cells of one column: the one place where a cell is judged. */

import { quoteText } from "../../text/document/document.ts";
import type { CellRule } from "./cell-rules.ts";
import { type CompiledColumn, mayBeNull } from "./compile-contract.ts";
import { type CountedLines, type FindingCollector, type FindingCounter, MAX_LINES } from "./finding-collector.ts";
import { isNonFinite } from "./non-finite.ts";
import { Nulls } from "./nulls.ts";
import { SpannedLines } from "./spanned-lines.ts";
import { type RefusedCell, SpellingRemedies } from "./spelling-remedies.ts";
import { isMoreThanShare } from "./tolerance.ts";
import { type CellKind, describeKinds, fitsType, isScalar } from "./typed-cell.ts";
import { type FinishedLog, findRepeats } from "./unique/find-repeats.ts";
import { type Partition, type SpillFile, ValueLog } from "./unique/value-log.ts";

/** Where values that must be unique are remembered. */
export interface SpillSpace {
  readonly file: SpillFile;
  /** In bytes; the rest goes to the file. */
  readonly memoryPerColumn: number;
}

/** What a column remembers of a part of a file. */
export interface ColumnPart {
  readonly nulls: number;
  readonly refused: readonly RefusedCell[];
  readonly values: readonly Partition[] | undefined;
}

/** Verdicts about typed cells beside the numbers of rules. */
export const GOOD = -1;
const IS_NULL = -2;
const OTHER_TYPE = -3;
const NON_FINITE = -4;

export class ColumnCheck {
  readonly column: CompiledColumn;
  readonly #findings: FindingCollector;
  readonly #spill: SpillSpace | undefined;
  readonly #nulls: Nulls;
  #nullCount = 0;
  readonly #null: FindingCounter | undefined;
  readonly #spanned: SpannedLines | undefined;
  readonly #nonFinite: FindingCounter;
  readonly #type: FindingCounter;
  readonly #remedies: SpellingRemedies;
  readonly #rules: readonly { readonly rule: CellRule; readonly counter: FindingCounter }[];
  /** Values of formats that have types, where the type is another one. */
  readonly #others = new Map<CellKind, number>();
  #absent = 0;
  readonly #unique: { readonly log: ValueLog; readonly repeated: FindingCounter } | undefined;

  /** Of the parts of a file that were checked elsewhere. */
  readonly #logs: FinishedLog[] = [];

  constructor(column: CompiledColumn, findings: FindingCollector, spill?: SpillSpace) {
    const { name, cellType, spelling } = column;
    this.column = column;
    this.#findings = findings;
    this.#spill = spill;
    this.#nulls = new Nulls(spelling);
    const group = findings.createGroup(column);
    const reason = column.description === undefined ? "" : ` (${column.description})`;
    this.#null = mayBeNull(column)
      ? undefined
      : group.createCounter("null", name, () => `should not be empty${reason}${this.#describeAbsent()}`);
    this.#spanned = spelling.multiline ? undefined : new SpannedLines(findings, name);
    this.#nonFinite = group.createCounter("non-finite", name, "should be finite, and is NaN or an infinity");
    this.#remedies = new SpellingRemedies(column);
    this.#type = group.createCounter(
      "type",
      name,
      (count) =>
        `should be ${cellType.expected}${reason}${describeKinds(this.#others)}${this.#remedies.describe(count)}`,
    );
    this.#rules = column.rules.map((rule) => ({
      rule,
      counter: group.createCounter(rule.check, name, `${rule.message}${reason}`),
    }));
    if (!column.unique) return;
    const message = "should be unique; this line repeats the value of an earlier one";
    const repeated = group.createCounter("unique", name, message);
    this.#unique = { log: new ValueLog(spill?.file, spill?.memoryPerColumn), repeated };
  }

  /** After the first thing that is wrong with a cell, nothing else is checked. */
  check(cell: string, quoted: boolean, line: number): void {
    if (this.#nulls.has(cell, quoted)) {
      this.checkNull(line);
      return;
    }
    if (quoted && this.#spanned?.count(cell, line)) return;
    const value = this.column.cellType.read(cell);
    if (value === undefined) this.#checkOther(cell, quoted, line);
    else this.#checkValue(value, cell, line);
  }

  /**
   * Judges a cell of a format that has types: text is never taken for a number, nor a number for text.
   * @param cell its text, as the format writes numbers
   */
  checkTyped(kind: CellKind, cell: string, line: number): void {
    const verdict = this.judgeTyped(kind, cell);
    if (verdict === GOOD) this.rememberText(cell, line);
    else this.countTyped(verdict, kind, line);
  }

  /** What is to be said of a cell of a format that has types: the number of the first rule that it breaks, or a verdict below 0. */
  judgeTyped(kind: CellKind, cell: string): number {
    const { type, cellType, spelling } = this.column;
    if (kind === "null" || (isScalar(kind) && this.#nulls.has(cell, kind === "text"))) return IS_NULL;
    if (!fitsType(kind, type)) return OTHER_TYPE;
    const value = kind === "boolean" ? cell : cellType.read(cell);
    if (value !== undefined) return this.#rules.findIndex(({ rule }) => !rule.isSatisfiedBy(value, cell));
    if (kind !== "number" || !isNonFinite(cell)) return OTHER_TYPE;
    return spelling["non-finite"] === "as-null" ? IS_NULL : NON_FINITE;
  }

  /** @param verdict of `judgeTyped`, other than good */
  countTyped(verdict: number, kind: CellKind, line: number): void {
    if (verdict === IS_NULL) this.checkNull(line);
    else if (verdict === NON_FINITE) this.#nonFinite.increment(line);
    else if (verdict >= 0) this.reject(verdict, line);
    else {
      if (!fitsType(kind, this.column.type)) this.#others.set(kind, (this.#others.get(kind) ?? 0) + 1);
      this.#type.increment(line);
    }
  }

  /** Remembers a good cell where values must be unique. */
  rememberText(cell: string, line: number): void {
    if (this.#unique === undefined) return;
    const { key, read } = this.column.cellType;
    this.#unique.log.addText(key(read(cell) ?? cell), line);
  }

  /** Counts rows that do not name the column at all, in formats where a row may: their cells are null. */
  addAbsent({ count, lines }: CountedLines): void {
    this.#absent += count;
    this.#nullCount += count;
    this.#null?.absorb([{ count, lines }]);
  }

  #describeAbsent(): string {
    return this.#absent === 0
      ? ""
      : `; ${this.#absent === 1 ? "one row has" : `${this.#absent} rows have`} no such key`;
  }

  #checkValue(value: string, cell: string, line: number): void {
    for (const { rule, counter } of this.#rules) {
      if (rule.isSatisfiedBy(value, cell)) continue;
      counter.increment(line);
      return;
    }
    this.#unique?.log.addText(this.column.cellType.key(value), line);
  }

  /** Counts a cell of which a scanner knows that it is null. */
  checkNull(line: number): void {
    this.#nullCount += 1;
    this.#null?.increment(line);
  }

  /** Counts a cell of which a scanner knows the first rule that it breaks. */
  reject(rule: number, line: number): void {
    this.#rules[rule]?.counter.increment(line);
  }

  /** Remembers a cell that a scanner has proven good, and that is the key of its value. */
  remember(bytes: Uint8Array, from: number, to: number, line: number): void {
    this.#unique?.log.add(bytes, from, to, line);
  }

  /** Whether an empty cell without quotes is null. */
  get isEmptyNull(): boolean {
    return this.#nulls.hasEmpty;
  }

  /** Whether it matters how many nulls there are. */
  get countsNulls(): boolean {
    return this.#null !== undefined || this.column["max-null-share"] !== undefined;
  }

  /** What is no finding yet. */
  get part(): ColumnPart {
    return { nulls: this.#nullCount, refused: this.#remedies.refused, values: this.#unique?.log.partitions };
  }

  /** @param parts of the cells that were checked elsewhere; `spill` is where their values are that are on disk */
  absorb(parts: readonly (ColumnPart & { readonly spill: SpillFile | undefined })[]): void {
    const refused = parts.flatMap((part) => part.refused);
    if (refused.length > 0) this.#remedies.absorb(refused);
    for (const { nulls, values, spill } of parts) {
      this.#nullCount += nulls;
      if (values !== undefined) this.#logs.push({ partitions: values, spill });
    }
  }

  /**
   * What can only be said once all cells were checked.
   * @param lineOf the line at a position that values were remembered with
   */
  finish(rows: number, maxUnique: number, lineOf: (position: number) => number): void {
    this.#finishNulls(rows);
    if (this.#unique === undefined) return;
    const { log, repeated } = this.#unique;
    const own = { partitions: log.partitions, spill: this.#spill?.file };
    const { values, count, first } = findRepeats([own, ...this.#logs], MAX_LINES);
    repeated.addAll(count, first.map(lineOf));
    if (values - count <= maxUnique) return;
    this.#findings.exceed("unique-values", `${quoteText(this.column.name)} has more than ${maxUnique} values`);
  }

  #finishNulls(rows: number): void {
    const { "max-null-share": share, name, severity } = this.column;
    if (share === undefined || !isMoreThanShare(this.#nullCount, rows, share)) return;
    const message = `is null in ${this.#nullCount} of ${rows} rows; at most a share of ${share} is allowed`;
    this.#findings.createGroup({ severity, mostly: 1 }).createCounter("null-share", name, message).increment();
  }

  /** A cell that has not the column's type. */
  #checkOther(cell: string, quoted: boolean, line: number): void {
    const { type, spelling } = this.column;
    const isNumeric = type === "number" || type === "integer";
    if (!isNumeric || !isNonFinite(cell)) {
      this.#remedies.add(cell, quoted, line);
      this.#type.increment(line);
    } else if (spelling["non-finite"] === "as-null") this.checkNull(line);
    else this.#nonFinite.increment(line);
  }
}
