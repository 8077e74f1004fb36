/** Checks one file of JSON Lines against a contract while its bytes arrive. */
import { ActionError, userError } from "../../../problem/problem.ts";
import { findClosestMatch } from "../../../text/document/closest-match.ts";
import { type CreateParseError, quoteText } from "../../../text/document/document.ts";
import { JsonParser } from "../../../text/json/json-parser.ts";
import type { CheckSurroundings } from "../check-surroundings.ts";
import type { CheckCode } from "../checks.ts";
import type { CompiledContract } from "../compile-contract.ts";
import type { LimitName } from "../contract.ts";
import type { CheckedFile } from "../csv-check.ts";
import { FileText } from "../file-text.ts";
import { describeTolerated, FindingCollector, MAX_LINES } from "../finding-collector.ts";
import { checkRowCount } from "../row-count.ts";
import { TableCheck } from "../table-check.ts";
import type { CellKind, TypedCell } from "../typed-cell.ts";
import { ColumnPaths, flatten, WrittenNumber } from "./flatten.ts";

const NO_CELL: TypedCell = { kind: "null", text: "" };
const readNumber = (written: string): WrittenNumber => new WrittenNumber(written);
/** Of paths that the contract does not list, so many are named. */
const MAX_SHOWN = 10;

interface Absent {
  count: number;
  readonly lines: number[];
}

export class NdjsonCheck {
  readonly #contract: CompiledContract;
  readonly #findings = new FindingCollector();
  readonly #text: FileText;
  readonly #table: TableCheck;
  readonly #paths: ColumnPaths;
  /** What has arrived of a line that is not complete. */
  #pending: string[] = [];
  #pendingLength = 0;
  #line = 1;
  #rows = 0;
  #stopped = false;

  // The row being read, by the column's position in the contract.
  readonly #cells: TypedCell[];
  readonly #given: Int32Array;
  #hasTwice = false;

  /** Of each column, the rows without it. */
  readonly #absent: readonly Absent[];
  readonly #unlisted = new Map<string, number>();
  #firstFault: { readonly line: number; readonly column: number; readonly what: string } | undefined;

  readonly #json = this.#findings.createCounter("json", null, () => this.#describeFault());
  readonly #blank = this.#findings.createCounter("blank-line", null, "a line is blank");
  readonly #twice = this.#findings.createCounter(
    "duplicate-column",
    null,
    "a line has the same key twice, and was not checked further",
  );

  constructor(contract: CompiledContract, around: CheckSurroundings = {}) {
    this.#contract = contract;
    this.#text = new FileText(contract.csv.encoding, this.#findings, {
      read: (text) => this.#read(text),
      stop: (check, message) => this.stop(check, message),
    });
    this.#table = new TableCheck(contract, contract.columns, this.#findings, around);
    this.#paths = new ColumnPaths(contract.columns.map(({ name }) => name));
    this.#cells = contract.columns.map(() => NO_CELL);
    this.#given = new Int32Array(contract.columns.length);
    this.#absent = contract.columns.map(() => ({ count: 0, lines: [] }));
  }

  push(bytes: Uint8Array): void {
    if (!this.#stopped) this.#text.push(bytes);
  }

  /** Whether nothing more will be read. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Reports why the rest of the file cannot be read, and reads no more. */
  stop(check: CheckCode, message: string): void {
    if (!this.#stopped) this.#findings.add(check, null, message);
    this.#stopped = true;
  }

  /** Reports that the file is more than the contract lets it need, and reads no more. */
  exceed(limit: LimitName, message: string, line?: number): void {
    if (!this.#stopped) this.#findings.exceed(limit, message, line);
    this.#stopped = true;
  }

  end(): CheckedFile {
    if (!this.#stopped) this.#text.end();
    if (!this.#stopped && this.#pendingLength > 0) this.#checkLine(this.#takePending(""));
    this.#finishColumns();
    this.#table.finish(this.#rows, (line) => line);
    if (!this.#stopped) {
      this.#text.reportTail(this.#line);
      checkRowCount(this.#contract.rows, this.#rows, this.#findings);
    }
    const { findings, tolerated } = this.#findings.settle(this.#rows);
    const notes = tolerated.map(describeTolerated);
    return { rows: this.#rows, findings, limits: this.#findings.limits, notes, format: "ndjson" };
  }

  #read(text: string): void {
    let from = 0;
    for (let feed = text.indexOf("\n"); feed >= 0 && !this.#stopped; feed = text.indexOf("\n", from)) {
      this.#checkLine(this.#takePending(text.slice(from, feed)));
      this.#line += 1;
      from = feed + 1;
    }
    if (this.#stopped || from === text.length) return;
    this.#pending.push(text.slice(from));
    this.#pendingLength += text.length - from;
    const most = this.#contract.limits["row-length"];
    if (this.#pendingLength > most) this.#exceedLength(most);
  }

  #takePending(last: string): string {
    const line = this.#pendingLength === 0 ? last : [...this.#pending, last].join("");
    this.#pending = [];
    this.#pendingLength = 0;
    return line;
  }

  #exceedLength(most: number): void {
    this.exceed("row-length", `a line is longer than ${most} characters`, this.#line);
  }

  #checkLine(text: string): void {
    const most = this.#contract.limits["row-length"];
    if (text.length > most) this.#exceedLength(most);
    else if (/^\s*$/.test(text)) this.#blank.increment(this.#line);
    else this.#checkObject(text);
  }

  #checkObject(text: string): void {
    this.#rows += 1;
    if (this.#text.isSuspicious && this.#text.isBroken(text, this.#line)) return;
    const object = this.#parse(text);
    if (object === undefined) return;
    this.#hasTwice = false;
    flatten(object, this.#paths, this);
    if (this.#hasTwice) this.#twice.increment(this.#line);
    else this.#checkRow();
  }

  /** Undefined for what is no object, which is counted. */
  #parse(text: string): object | undefined {
    try {
      const value = new JsonParser(text, createError, { readNumber }).parse();
      if (typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber)) {
        return value;
      }
      this.#countFault(1, "there is a value that is no object");
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      const { code, place: { column = 1 } = {} } = error.problems[0] ?? {};
      if (code === "duplicate-key") this.#twice.increment(this.#line);
      else if (column > text.trimEnd().length) this.#countFault(column, "the line ends within its object");
      else this.#countFault(column, FAULTS[code ?? ""] ?? "something else than JSON begins");
    }
    return undefined;
  }

  #countFault(column: number, what: string): void {
    this.#firstFault ??= { line: this.#line, column, what };
    this.#json.increment(this.#line);
  }

  #describeFault(): string {
    const { line = 0, column = 0, what = "" } = this.#firstFault ?? {};
    return `a line is no JSON object: in line ${line}, ${what} at column ${column}`;
  }

  /** Of `CellTaker`. */
  take(at: number, cell: TypedCell): void {
    if (this.#given[at] === this.#line) this.#hasTwice = true;
    this.#given[at] = this.#line;
    this.#cells[at] = cell;
  }

  /** Of `CellTaker`. */
  takeUnlisted(path: string): void {
    if (this.#unlisted.has(path)) return;
    this.#unlisted.set(path, this.#line);
    const most = this.#contract.limits.columns;
    if (this.#unlisted.size > most) this.exceed("columns", `there are more than ${most} different keys`);
  }

  #checkRow(): void {
    const line = this.#line;
    for (const [at, column] of this.#table.columns.entries()) {
      if (this.#given[at] === line) {
        const { kind, text } = this.#cells[at] ?? NO_CELL;
        column?.checkTyped(kind, text, line);
        continue;
      }
      this.#cells[at] = NO_CELL;
      const absent = this.#absent[at];
      if (absent === undefined) continue;
      absent.count += 1;
      if (absent.lines.length < MAX_LINES) absent.lines.push(line);
    }
    if (this.#table.takeRow.length === 0) return;
    const kinds: readonly CellKind[] = this.#cells.map(({ kind }) => kind);
    const row = {
      kinds,
      cells: this.#cells.map(({ text }) => text),
      quoted: kinds.map((kind) => kind === "text"),
    };
    for (const take of this.#table.takeRow) take(row, line);
  }

  /** A key that no row has is a missing column; one that some rows lack is null there. */
  #finishColumns(): void {
    for (const [at, column] of this.#table.columns.entries()) {
      const absent = this.#absent[at];
      if (absent === undefined || column === undefined || absent.count === 0) continue;
      if ((this.#given[at] ?? 0) > 0) column.addAbsent(absent);
      else if (column.column.required) this.#reportMissing(column.column.name);
    }
    if (this.#contract["unexpected-columns"] === "allow" || this.#unlisted.size === 0) return;
    const names = [...this.#unlisted.keys()];
    const more = names.length > MAX_SHOWN ? ` and ${names.length - MAX_SHOWN} more` : "";
    const shown = `not in the contract: ${names.slice(0, MAX_SHOWN).map(quoteText).join(", ")}${more}`;
    const counter = this.#findings.createCounter("unexpected-column", null, shown);
    const lines = [...this.#unlisted.values()].toSorted((a, b) => a - b);
    counter.addAll(names.length, [...new Set(lines)]);
  }

  #reportMissing(name: string): void {
    const similar = this.#unlisted.size > 1000 ? undefined : findClosestMatch(name, [...this.#unlisted.keys()]);
    const hint = similar === undefined ? "" : `; there is ${quoteText(similar)}`;
    this.#findings.add("missing-column", name, `no row has the key${hint}`);
  }
}

/** By the code of the parser's error, of which nothing else is shown: it may repeat what is in the file. */
const FAULTS: Readonly<Record<string, string>> = {
  "too-deep": "objects or lists are nested too deep",
  "odd-key": "there is a key that is not allowed",
};

const createError: CreateParseError = (code, offset, message, fix) =>
  userError({ code, message, place: { file: "line", line: 1, column: offset + 1 }, fix });
