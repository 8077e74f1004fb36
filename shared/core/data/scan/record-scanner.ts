/** Reads plain records, line by line, and proves most of their cells good without making text of them. */
import { decodeUtf8 } from "../../../text/csv/utf8-decoder.ts";
import type { ColumnCheck } from "../column-check.ts";
import type { CompiledContract } from "../compile-contract.ts";
import type { CsvCheck } from "../csv-check.ts";
import {
  AS_TEXT,
  answer,
  type ByteKinds,
  byteKinds,
  CARRIAGE_RETURN,
  type CellScanner,
  endOf,
  LINE_FEED,
  NULL,
  QUOTE,
  QUOTE_BYTE,
  SUSPICIOUS,
  TERMINATOR,
  verdictOf,
} from "./cell-scanner.ts";
import { compileScanner, freeTextLengths } from "./compile-scanner.ts";
import type { LengthRules } from "./text-scanner.ts";

const HASH = 35;

/** The verdict about a cell that is good. */
const GOOD = -1;

type Columns = readonly (ColumnCheck | undefined)[];

export class RecordScanner {
  readonly #check: CsvCheck;
  readonly #columns: Columns;
  readonly #scanners: readonly CellScanner[];
  readonly #freeText: readonly (LengthRules | undefined)[];
  readonly #kinds: ByteKinds;
  readonly #delimiter: number;
  readonly #maxRecordLength: number;
  /** What an empty cell is, by column. */
  readonly #empty: Int8Array;
  /** The positions of the columns whose values must be remembered. */
  readonly #unique: readonly number[];

  // The record being read. Nothing is counted before it is known to be a plain one.
  /** Where each cell begins, and after the last one where the next would. */
  readonly #starts: Int32Array;
  /** The cells that were not proven good, and why. */
  readonly #unproven: Int32Array;
  readonly #verdicts: Int8Array;
  #line = 0;

  /** Of the lines that were scanned, how many end with a carriage return as well. */
  #crlf = 0;

  constructor(contract: CompiledContract, columns: Columns, check: CsvCheck) {
    this.#check = check;
    this.#columns = columns;
    this.#delimiter = contract.csv.delimiter.charCodeAt(0);
    this.#kinds = byteKinds(this.#delimiter);
    this.#scanners = columns.map((column) => compileScanner(column?.column, this.#kinds));
    this.#freeText = columns.map((column) => freeTextLengths(column?.column));
    this.#maxRecordLength = contract.limits["row-length"];
    this.#empty = Int8Array.from(columns, verdictOnEmpty);
    this.#unique = [...columns.keys()].filter((at) => columns[at]?.column.unique);
    this.#starts = new Int32Array(columns.length + 1);
    this.#unproven = new Int32Array(columns.length);
    this.#verdicts = new Int8Array(columns.length);
  }

  /** Returns `end`, or where a line begins that is no plain record. @param end after a line feed */
  scan(bytes: Uint8Array, begin: number, end: number): number {
    const first = this.#check.line;
    this.#line = first;
    this.#crlf = 0;
    let from = begin;
    while (from < end) {
      const next = this.#scanRecord(bytes, from);
      if (next < 0) break;
      from = next;
    }
    const rows = this.#line - first;
    this.#check.skip({ rows, lf: rows - this.#crlf, crlf: this.#crlf });
    return from;
  }

  /**
   * Returns where the next record begins; negative for what is no plain record. A function of its own, so that the engine
   * compiles it by how often it is called: loops that run for long are compiled less well.
   */
  #scanRecord(bytes: Uint8Array, from: number): number {
    const scanners = this.#scanners;
    const kinds = this.#kinds;
    const starts = this.#starts;
    const delimiter = this.#delimiter;
    const width = scanners.length;
    let at = from;
    let column = 0;
    let doubtful = 0;
    for (;;) {
      starts[column] = at;
      const kind = kinds[bytes[at] ?? 0];
      let verdict = GOOD;
      if (kind === TERMINATOR) verdict = this.#empty[column] ?? AS_TEXT;
      else {
        const scan = scanners[column] ?? unreachable;
        const result = kind === QUOTE ? this.#scanQuoted(bytes, at, column) : scan(bytes, at);
        if (result >= 0) at = result;
        else {
          at = endOf(result);
          verdict = verdictOf(result);
        }
      }
      if (verdict !== GOOD) {
        this.#unproven[doubtful] = column;
        this.#verdicts[doubtful] = verdict;
        doubtful += 1;
      }
      column += 1;
      if (bytes[at] !== delimiter || column === width) break;
      at += 1;
    }
    const isComplete = column === width && bytes[at] !== delimiter;
    if (!isComplete) at = this.#skipRest(bytes, from, at, column);
    const ending = lineEnding(bytes, at);
    if (ending === 0 || at + ending - from > this.#maxRecordLength) return -1;
    if (isComplete) {
      starts[width] = at + 1;
      if (doubtful > 0) this.#checkDoubtful(bytes, doubtful);
      if (this.#unique.length > 0) this.#remember(bytes, doubtful);
    } else this.#check.reportWidth(this.#line);
    this.#line += 1;
    this.#crlf += ending - 1;
    return at + ending;
  }

  /** Reads a cell in quotes. Where it is no plain one, the answer ends at a quote: no cell may. */
  #scanQuoted(bytes: Uint8Array, at: number, column: number): number {
    const kinds = this.#kinds;
    const scan = this.#scanners[column] ?? unreachable;
    if (bytes[at + 1] !== QUOTE_BYTE) {
      const result = scan(bytes, at + 1);
      const stop = result < 0 ? endOf(result) : result;
      if (bytes[stop] === QUOTE_BYTE && kinds[bytes[stop + 1] ?? 0] === TERMINATOR) {
        return result < 0 ? answer(stop + 1, verdictOf(result)) : stop + 1;
      }
    }
    return this.#scanQuotedText(bytes, at, column);
  }

  /** Goes to the closing quote. What is free text is good when its length is. */
  #scanQuotedText(bytes: Uint8Array, at: number, column: number): number {
    const kinds = this.#kinds;
    const lengths = this.#freeText[column];
    let isPlain = lengths !== undefined;
    let length = 0;
    for (let close = at + 1; ; close += 1, length += 1) {
      const byte = bytes[close] ?? 0;
      if (byte === LINE_FEED) return answer(at, AS_TEXT);
      if (kinds[byte] === SUSPICIOUS) isPlain = false;
      if (byte !== QUOTE_BYTE) continue;
      if (kinds[bytes[close + 1] ?? 0] === TERMINATOR) {
        const isGood = isPlain && lengths !== undefined && length >= lengths.min && length <= lengths.max;
        return isGood ? close + 1 : answer(close + 1, AS_TEXT);
      }
      if (bytes[close + 1] !== QUOTE_BYTE) return answer(at, AS_TEXT);
      close += 1;
    }
  }

  /** The end of a line that has too few or too many cells; elsewhere where it is blank, may be a comment, or has quotes in its rest. */
  #skipRest(bytes: Uint8Array, from: number, at: number, width: number): number {
    const isBlank = width === 1 && at === from;
    if (isBlank || bytes[from] === HASH) return -1;
    let end = at;
    while (bytes[end] !== LINE_FEED) {
      if (bytes[end] === QUOTE_BYTE) return -1;
      if (bytes[end] === CARRIAGE_RETURN) return end;
      end += 1;
    }
    return end;
  }

  #checkDoubtful(bytes: Uint8Array, count: number): void {
    const line = this.#line;
    for (let nth = 0; nth < count; nth += 1) {
      const at = this.#unproven[nth] ?? 0;
      const verdict = this.#verdicts[nth] ?? AS_TEXT;
      if (verdict === AS_TEXT) this.#checkAsText(bytes, at, line);
      else if (verdict === NULL) this.#columns[at]?.checkNull(line);
      else this.#columns[at]?.reject(verdict, line);
    }
  }

  #checkAsText(bytes: Uint8Array, at: number, line: number): void {
    const [from, to] = [this.#starts[at] ?? 0, (this.#starts[at + 1] ?? 0) - 1];
    const isQuoted = bytes[from] === QUOTE_BYTE;
    const cell = decodeUtf8(isQuoted ? bytes.subarray(from + 1, to - 1) : bytes.subarray(from, to));
    this.#check.checkCell(at, isQuoted && cell.includes('"') ? cell.replaceAll('""', '"') : cell, isQuoted, line);
  }

  /** Those that were judged as text are remembered already, and no others that are not good. */
  #remember(bytes: Uint8Array, doubtful: number): void {
    const line = this.#line;
    const starts = this.#starts;
    for (const at of this.#unique) {
      const from = starts[at] ?? 0;
      const to = (starts[at + 1] ?? 0) - 1;
      if (from === to || this.#isDoubtful(at, doubtful)) continue;
      const quotes = bytes[from] === QUOTE_BYTE ? 1 : 0;
      this.#columns[at]?.remember(bytes, from + quotes, to - quotes, line);
    }
  }

  #isDoubtful(at: number, count: number): boolean {
    for (let nth = 0; nth < count; nth += 1) if (this.#unproven[nth] === at) return true;
    return false;
  }
}

function verdictOnEmpty(column: ColumnCheck | undefined): number {
  if (column === undefined) return GOOD;
  if (!column.isEmptyNull) return AS_TEXT;
  return column.countsNulls ? NULL : GOOD;
}

/** The length of the line ending at a position; 0 where there is none. */
function lineEnding(bytes: Uint8Array, at: number): number {
  if (at < 0) return 0;
  if (bytes[at] === LINE_FEED) return 1;
  return bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED ? 2 : 0;
}

function unreachable(): never {
  throw new RangeError("there is a scanner for every column");
}
