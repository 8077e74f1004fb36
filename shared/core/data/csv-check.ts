/** Checks one CSV file against a contract while its bytes arrive. */

import type { CsvRecord } from "../../text/csv/csv-format.ts";
import { CsvReader } from "../../text/csv/csv-reader.ts";
import { bindColumns, type ColumnBinding, UNLISTED } from "./bind-columns.ts";
import type { CheckSurroundings } from "./check-surroundings.ts";
import type { CheckedPart, PartOnDisk } from "./checked-part.ts";
import type { CheckCode } from "./checks.ts";
import type { ColumnCheck } from "./column-check.ts";
import type { CompiledContract } from "./compile-contract.ts";
import type { DataFormat } from "./contract.ts";
import { CSV_ERRORS } from "./csv-errors.ts";
import { csvOptions } from "./csv-options.ts";
import { FileText } from "./file-text.ts";
import { type CheckFinding, describeTolerated, type ExceededLimit, FindingCollector } from "./finding-collector.ts";
import { checkRowCount } from "./row-count.ts";
import { RowWidthCheck } from "./row-width-check.ts";
import { checkUnlisted } from "./spanned-lines.ts";
import { TableCheck } from "./table-check.ts";

/** The result of checking one file. */
export interface CheckedFile {
  /** Rows that were read, the header and blank lines not counted. */
  readonly rows: number;
  readonly findings: readonly CheckFinding[];
  /** Where there are any, the file was not judged to its end: without a finding it has neither passed nor failed. */
  readonly limits: readonly ExceededLimit[];
  readonly notes: readonly string[];
  /** Absent: CSV. */
  readonly format?: DataFormat;
}

/** What judges the cells at one position of a file. */
type Check = Pick<ColumnCheck, "check">;

export class CsvCheck {
  readonly #contract: CompiledContract;
  readonly #around: CheckSurroundings;
  #table: TableCheck | undefined;
  readonly #findings = new FindingCollector();
  readonly #text: FileText;
  readonly #reader: CsvReader;
  /** By position in the file; undefined until the header is read. */
  #columns: readonly (Check | undefined)[] | undefined;
  /** The same, without those that the contract does not list. */
  #contractColumns: readonly (ColumnCheck | undefined)[] = [];
  #names: readonly string[] | undefined;
  #lineOf: (position: number) => number = (line) => line;
  #rows = 0;
  #stopped = false;
  readonly #notes: string[] = [];

  readonly #blank = this.#findings.createCounter("blank-line", null, "a line is blank");
  readonly #width = new RowWidthCheck(this.#findings);
  readonly #csvErrors = Object.fromEntries(
    Object.entries(CSV_ERRORS).map(([code, [check, message]]) => [
      code,
      this.#findings.createCounter(check, null, message),
    ]),
  );

  constructor(contract: CompiledContract, around: CheckSurroundings = {}) {
    const { csv, limits } = contract;
    this.#contract = contract;
    this.#around = around;
    this.#text = new FileText(csv.encoding, this.#findings, {
      read: (text) => this.#read(text),
      stop: (check, message) => this.stop(check, message),
    });
    const options = csvOptions(csv, limits["row-length"]);
    this.#reader = new CsvReader(options, {
      onRecord: (record) => this.#checkRecord(record),
      onError: (code, line) => {
        if (code !== "record-too-long") this.#csvErrors[code]?.increment(line);
        else {
          const longer = `longer than ${options.maxRecordLength} characters`;
          this.#findings.exceed("row-length", `a row is ${longer}; perhaps a quote is never closed`, line);
        }
      },
    });
    if (!csv.header) this.#bind(contract.columns);
  }

  push(bytes: Uint8Array): void {
    if (!this.#stopped) this.#text.push(bytes);
  }

  /** Whether nothing more will be read. */
  get stopped(): boolean {
    return this.#stopped || this.#reader.stopped;
  }

  /** Reports why the rest of the file cannot be read, and reads no more. */
  stop(check: CheckCode, message: string): void {
    if (!this.#stopped) this.#findings.add(check, null, message);
    this.#stopped = true;
  }

  /** Reports that the file is more than the contract lets it need, and reads no more. */
  exceed(limit: ExceededLimit["limit"], message: string): void {
    if (!this.#stopped) this.#findings.exceed(limit, message);
    this.#stopped = true;
  }

  end(): CheckedFile {
    this.endText();
    this.#table?.finish(this.#rows, this.#lineOf);
    if (!this.#stopped) this.#text.reportTail(this.#reader.line);
    if (!this.stopped) checkRowCount(this.#contract.rows, this.#columns && this.#rows, this.#findings);
    const { findings, tolerated } = this.#findings.settle(this.#rows);
    const { comments, hasMixedLineEndings } = this.#reader;
    const notes = [
      ...this.#notes,
      ...(hasMixedLineEndings ? ["it ends some lines with \\n and others with \\r\\n"] : []),
      ...(comments > 0
        ? [`${comments} of its lines ${comments === 1 ? "is a comment" : "are comments"}, and left out`]
        : []),
      ...tolerated.map(describeTolerated),
    ];
    return { rows: this.#rows, findings, limits: this.#findings.limits, notes };
  }

  /** Reads what has no line end. */
  endText(): void {
    if (!this.#stopped) this.#text.end();
    if (!this.#stopped) this.#reader.end();
  }

  /** The header; undefined before it is read, and where there is none. */
  get names(): readonly string[] | undefined {
    return this.#names;
  }

  /** Makes it the check of a later part of a file, whose header has these names. */
  openPart(names: readonly string[] | undefined): void {
    this.#text.openAsUtf8();
    if (names !== undefined) this.#readHeader(names, 1);
    this.#findings.forget();
  }

  /** Goes on at another line; only between records. */
  goTo(line: number): void {
    this.#reader.goTo(line);
  }

  /** What was found, to be added to what was found in other parts; undefined where the messages depend on both. */
  get part(): CheckedPart | undefined {
    if (this.stopped || !this.#findings.isAdditive) return undefined;
    const columns = this.#contractColumns.map((column) => column?.part);
    return { rows: this.#rows, lineEndings: this.#reader.lineEndings, counted: this.#findings.counted, columns };
  }

  /** @param lineOf the line in the file for a line in one of the parts, in whose order they are */
  absorb(parts: readonly PartOnDisk[], lineOf: (line: number) => number): void {
    this.#lineOf = lineOf;
    for (const { rows, lineEndings } of parts) this.skip({ rows, ...lineEndings });
    this.#findings.absorb(
      parts.map(({ counted }) => counted.map(({ count, lines }) => ({ count, lines: lines.map(lineOf) }))),
    );
    for (const [at, column] of this.#contractColumns.entries()) {
      column?.absorb(parts.flatMap(({ columns, spill }) => (columns[at] ? [{ ...columns[at], spill }] : [])));
    }
  }

  /** By position in the file, once the header is read and nothing is pending: then a scanner may take over. */
  get scannable(): readonly (ColumnCheck | undefined)[] | undefined {
    if (this.stopped || !this.#reader.isBetweenRecords || !this.#text.isPlainUtf8) return undefined;
    return this.#columns && this.#contractColumns;
  }

  /** The line that the next record begins on. */
  get line(): number {
    return this.#reader.line;
  }

  /** Counts records that a scanner has checked. */
  skip({ rows, ...endings }: { readonly rows: number; readonly lf: number; readonly crlf: number }): void {
    this.#rows += rows;
    this.#reader.skip(endings);
  }

  /** Counts a row, checked by nobody, that has another number of cells than there are columns. */
  reportWidth(line: number): void {
    this.#width.reportLine(line);
  }

  /** @param at the column's position in the file */
  checkCell(at: number, cell: string, quoted: boolean, line: number): void {
    if (this.#text.isBroken(cell, line)) return;
    this.#columns?.[at]?.check(cell, quoted, line);
  }

  #read(text: string): void {
    if (!this.#stopped && text !== "") this.#reader.push(text);
  }

  #checkRecord(record: CsvRecord): void {
    if (this.#columns === undefined) {
      const most = this.#contract.limits.columns;
      if (record.width > most) this.exceed("columns", `there are more than ${most} columns`);
      else this.#readHeader(record.cells.slice(0, record.width), record.line);
      return;
    }
    if (this.#stopped) return;
    if (record.width !== this.#columns.length) {
      if (record.width === 1 && record.cells[0] === "" && !record.quoted[0]) this.#blank.increment(record.line);
      else {
        this.#rows += 1;
        this.#width.report(record);
      }
      return;
    }
    this.#rows += 1;
    const isSuspicious = this.#text.isSuspicious;
    for (let at = 0; at < record.width; at += 1) {
      const cell = record.cells[at] ?? "";
      const line = record.lines[at] ?? 0;
      if (isSuspicious && this.#text.isBroken(cell, line)) continue;
      this.#columns[at]?.check(cell, record.quoted[at] ?? false, line);
    }
    for (const take of this.#table?.takeRow ?? []) take(record, record.line);
  }

  #readHeader(names: readonly string[], line: number): void {
    this.#names = names;
    this.#bind(bindColumns(this.#contract, names, line, this.#findings));
    const lines = names.reduce((sum, name) => sum + name.split("\n").length - 1, 1);
    if (lines > 1) this.#notes.push(`its header takes ${lines} lines`);
  }

  #bind(binding: ColumnBinding): void {
    const { csv } = this.#contract;
    const listed = binding.map((column) => (column === UNLISTED ? undefined : column));
    this.#table = new TableCheck(this.#contract, listed, this.#findings, this.#around);
    this.#contractColumns = this.#table.columns;
    const unlisted = (at: number) => (csv.multiline ? undefined : checkUnlisted(this.#findings, at));
    this.#columns = binding.map((column, at) => (column === UNLISTED ? unlisted(at) : this.#contractColumns[at]));
  }
}
