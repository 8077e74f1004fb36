/** Checks one CSV file against a contract while its bytes arrive. */

import { type CsvErrorCode, CsvReader, type CsvRecord, MAX_RECORD_LENGTH } from "../../text/csv/csv-reader.ts";
import { Utf8Decoder } from "../../text/csv/utf8-decoder.ts";
import { bindColumns, type ColumnBinding } from "./bind-columns.ts";
import type { CheckCode } from "./checks.ts";
import { ColumnCheck } from "./column-check.ts";
import type { CompiledContract } from "./compile-contract.ts";
import { type CheckFinding, FindingCollector } from "./finding-collector.ts";
import { bindRowChecks } from "./row-check.ts";
import type { RowObserver, TakeRow } from "./row-values.ts";

/** The result of checking one file. */
export interface CheckedFile {
  /** Rows that were read, the header and blank lines not counted. */
  readonly rows: number;
  readonly findings: readonly CheckFinding[];
  readonly notes: readonly string[];
}

/** The limit of spreadsheets: a file with more is not a table. */
const MAX_COLUMNS = 16_384;

const CSV_ERRORS: Readonly<Record<CsvErrorCode, readonly [CheckCode, string]>> = {
  "stray-quote": ["quoting", "a cell without quotes contains a quote"],
  "text-after-quote": ["quoting", "text follows the closing quote of a cell"],
  "bare-carriage-return": ["line-end", "a carriage return is not followed by a line feed"],
  "unclosed-quote": ["readable", "a quote opens here and is never closed"],
  "record-too-long": [
    "readable",
    `a row is longer than ${MAX_RECORD_LENGTH} characters; perhaps a quote is never closed`,
  ],
};

export class CsvCheck {
  readonly #contract: CompiledContract;
  readonly #findings = new FindingCollector();
  readonly #utf8 = new Utf8Decoder();
  readonly #reader: CsvReader;
  /** By position in the file; undefined until the header is read. */
  #columns: readonly (ColumnCheck | undefined)[] | undefined;
  readonly #observers: readonly RowObserver[];
  #takeRow: readonly TakeRow[] = [];
  #rows = 0;
  #stopped = false;
  /** Whether there was a NUL or a byte that is not UTF-8: from then on every cell is checked for them. */
  #suspicious = false;

  readonly #encoding = this.#findings.createCounter("encoding", null, "a cell has bytes that are not UTF-8");
  readonly #nul = this.#findings.createCounter("nul-byte", null, "a cell has NUL characters");
  readonly #blank = this.#findings.createCounter("blank-line", null, "a line is blank");
  readonly #width = this.#findings.createCounter(
    "row-width",
    null,
    "a row has more or fewer cells than there are columns, and was not checked further",
  );
  readonly #csvErrors = Object.fromEntries(
    Object.entries(CSV_ERRORS).map(([code, [check, message]]) => [
      code,
      this.#findings.createCounter(check, null, message),
    ]),
  );

  /** @param observers see every whole row as well */
  constructor(contract: CompiledContract, observers: readonly RowObserver[] = []) {
    this.#contract = contract;
    this.#observers = observers;
    this.#reader = new CsvReader(
      { delimiter: contract.csv.delimiter },
      {
        onRecord: (record) => this.#checkRecord(record),
        onError: (code, line) => this.#csvErrors[code]?.increment(line),
      },
    );
    if (!contract.csv.header) this.#bind(contract.columns);
  }

  push(bytes: Uint8Array): void {
    this.#read(this.#utf8.push(bytes));
  }

  /** Reports why the rest of the file cannot be read, and reads no more. */
  stop(check: CheckCode, message: string): void {
    if (!this.#stopped) this.#findings.add(check, null, message);
    this.#stopped = true;
  }

  end(): CheckedFile {
    this.#read(this.#utf8.end());
    if (!this.#stopped) this.#reader.end();
    if (!this.#stopped && !this.#reader.stopped) this.#countRows();
    for (const column of this.#columns ?? []) column?.end(this.#rows);
    const { findings, tolerated } = this.#findings.settle(this.#rows);
    const lineEnds = this.#reader.hasMixedLineEndings ? ["it ends some lines with \\n and others with \\r\\n"] : [];
    return { rows: this.#rows, findings, notes: [...lineEnds, ...tolerated.map(describeTolerated)] };
  }

  #read(text: string): void {
    if (this.#utf8.isUtf16) this.stop("encoding", "the file is UTF-16");
    if (this.#stopped || text === "") return;
    this.#suspicious ||= text.includes("\0") || !text.isWellFormed();
    this.#reader.push(text);
  }

  #checkRecord(record: CsvRecord): void {
    if (this.#columns === undefined) {
      if (record.width > MAX_COLUMNS) this.stop("readable", `there are more than ${MAX_COLUMNS} columns`);
      this.#bind(bindColumns(this.#contract, record.cells.slice(0, record.width), record.line, this.#findings));
      return;
    }
    if (this.#stopped) return;
    if (record.width !== this.#columns.length) {
      if (record.width === 1 && record.cells[0] === "" && !record.quoted[0]) this.#blank.increment(record.line);
      else {
        this.#rows += 1;
        this.#width.increment(record.line);
      }
      return;
    }
    this.#rows += 1;
    for (let at = 0; at < record.width; at += 1) {
      const cell = record.cells[at] ?? "";
      const line = record.lines[at] ?? 0;
      if (this.#suspicious && this.#isBroken(cell, line)) continue;
      this.#columns[at]?.check(cell, record.quoted[at] ?? false, line);
    }
    for (const take of this.#takeRow) take(record, record.line);
  }

  #isBroken(cell: string, line: number): boolean {
    const [malformed, nul] = [!cell.isWellFormed(), cell.includes("\0")];
    if (malformed) this.#encoding.increment(line);
    if (nul) this.#nul.increment(line);
    return malformed || nul;
  }

  #bind(binding: ColumnBinding): void {
    this.#columns = binding.map((column) => column && new ColumnCheck(column, this.#findings));
    const observing = this.#observers.map((observer) => observer.bind(binding)).filter((take) => take !== undefined);
    this.#takeRow = [...bindRowChecks(this.#contract, binding, this.#findings), ...observing];
  }

  #countRows(): void {
    const { min, max } = this.#contract.rows;
    if (this.#columns === undefined) this.#findings.add("header", null, "the file is empty");
    else if (this.#rows < min) {
      this.#findings.add("row-count", null, `there are ${this.#rows} rows; at least ${min} are required`);
    } else if (max !== undefined && this.#rows > max) {
      this.#findings.add("row-count", null, `there are ${this.#rows} rows; at most ${max} are allowed`);
    }
  }
}

const describeTolerated = ({ column, message, count }: CheckFinding): string =>
  `${column === null ? "" : `${column}: `}${message}; ${count === 1 ? "once" : `${count} times`}, which mostly allows`;
