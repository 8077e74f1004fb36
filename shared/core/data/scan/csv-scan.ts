/** Checks one CSV file against a contract while its bytes arrive: the result of `CsvCheck`, in a fraction of the time. */

import type { CheckSurroundings } from "../check-surroundings.ts";
import type { CheckedPart, PartOnDisk } from "../checked-part.ts";
import type { CheckCode } from "../checks.ts";
import { hasSummaries } from "../column-summary-check.ts";
import type { CompiledContract } from "../compile-contract.ts";
import type { LimitName } from "../contract.ts";
import { type CheckedFile, CsvCheck } from "../csv-check.ts";
import { NONE } from "../dialect.ts";
import type { RowObserver } from "../row-values.ts";
import { LINE_FEED } from "./cell-scanner.ts";
import { RecordScanner } from "./record-scanner.ts";

/** Scanners look at so many bytes at once, which may be more than a line has left. */
const LOOK_AHEAD = 32;
/** A line that is longer is not waited for. */
const MAX_CARRY = 256 * 1024;

type Names = readonly string[] | undefined;

const NO_BYTES = new Uint8Array(0);

export class CsvScan {
  readonly #contract: CompiledContract;
  /** Checks what is no plain record, counts, and knows the line. */
  readonly #check: CsvCheck;
  readonly #isScannable: boolean;
  #records: RecordScanner | undefined;
  /** From the first line on that has not been read. */
  #carry: Uint8Array = NO_BYTES;

  constructor(contract: CompiledContract, around: CheckSurroundings = {}) {
    this.#contract = contract;
    this.#check = new CsvCheck(contract, around);
    // A scanner knows of cells only.
    this.#isScannable = isScannable(contract, around.observers);
  }

  push(chunk: Uint8Array): void {
    // The same kind of array for all chunks: the loops are compiled for one.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (!this.#isScannable) this.#check.push(bytes);
    else if (!this.#check.stopped) this.#read(bytes);
  }

  /** Whether nothing more will be read. */
  get stopped(): boolean {
    return this.#check.stopped;
  }

  /** Reports that the file is more than the contract lets it need, and reads no more. */
  exceed(limit: LimitName, message: string): void {
    this.#readRest();
    this.#check.exceed(limit, message);
  }

  /** Reports why the rest of the file cannot be read, and reads no more. */
  stop(check: CheckCode, message: string): void {
    this.#readRest();
    this.#check.stop(check, message);
  }

  end(): CheckedFile {
    this.#readRest();
    return this.#check.end();
  }

  #read(bytes: Uint8Array): void {
    let from = 0;
    if (this.#carry.length > 0) {
      from = bytes.indexOf(LINE_FEED) + 1;
      if (from === 0) {
        this.#carry = concatenate(this.#carry, bytes, 0);
        if (this.#carry.length > MAX_CARRY) this.#check.push(this.#takeCarry());
        return;
      }
      const length = this.#carry.length + from;
      this.#readLines(concatenate(this.#takeCarry(), bytes.subarray(0, from), LOOK_AHEAD), 0, length);
    }
    const last = bytes.length - LOOK_AHEAD;
    const end = last > from ? bytes.lastIndexOf(LINE_FEED, last - 1) + 1 : 0;
    if (end > from) this.#readLines(bytes, from, end);
    this.#carry = bytes.slice(Math.max(from, end));
  }

  /**
   * Reads lines until the columns are known, and returns where the next one begins: from there on the file may be checked in
   * parts. Undefined where it may not, or these bytes are not enough to tell.
   */
  readHead(bytes: Uint8Array): { readonly end: number; readonly line: number; readonly names: Names } | undefined {
    let end = 0;
    while (this.#isScannable && this.#check.scannable === undefined) {
      const next = bytes.indexOf(LINE_FEED, end) + 1;
      if (next === 0 || this.#check.stopped) return undefined;
      end = this.#readLine(bytes, end);
    }
    return this.#isScannable ? { end, line: this.#check.line, names: this.#check.names } : undefined;
  }

  openPart(names: Names): void {
    this.#check.openPart(names);
  }

  /**
   * Checks lines of which the first begins a record, unless the lines before end within one. Returns how many there are;
   * undefined where they end within a record, or nothing after them can be read.
   * @param line which number the first one has
   * @param isLast whether the file ends here, be it without a line end
   */
  checkPiece(bytes: Uint8Array, line: number, isLast: boolean): number | undefined {
    this.#check.goTo(line);
    this.push(bytes);
    this.#readRest();
    if (isLast) this.#check.endText();
    return this.#check.scannable && this.#check.line - line;
  }

  get part(): CheckedPart | undefined {
    return this.#check.part;
  }

  absorb(parts: readonly PartOnDisk[], lineOf: (line: number) => number): void {
    this.#check.absorb(parts, lineOf);
  }

  /** What was held back, and at last what is no complete line. */
  #readRest(): void {
    const rest = this.#takeCarry();
    const end = rest.lastIndexOf(LINE_FEED) + 1;
    this.#readLines(concatenate(rest, NO_BYTES, LOOK_AHEAD), 0, end);
    this.#check.push(rest.subarray(end));
  }

  /** @param end after a line feed */
  #readLines(bytes: Uint8Array, begin: number, end: number): void {
    let from = begin;
    while (from < end && !this.#check.stopped) {
      const columns = this.#check.scannable;
      if (columns !== undefined) {
        this.#records ??= new RecordScanner(this.#contract, columns, this.#check);
        from = this.#records.scan(bytes, from, end);
      }
      if (from < end) from = this.#readLine(bytes, from);
    }
  }

  #readLine(bytes: Uint8Array, from: number): number {
    const end = bytes.indexOf(LINE_FEED, from) + 1;
    this.#check.push(bytes.subarray(from, end));
    return end;
  }

  #takeCarry(): Uint8Array {
    const carry = this.#carry;
    this.#carry = NO_BYTES;
    return carry;
  }
}

const DELIMITERS = /^[,;|\t]$/;

/** Whether cells are all that is judged, and bytes can be read in the contract's dialect: ASCII means what it says, and quotes are doubled in quotes. */
export function isScannable(contract: CompiledContract, observers: readonly RowObserver[] = []): boolean {
  const { csv, rules, unique } = contract;
  if (rules.length + unique.length + observers.length > 0 || hasSummaries(contract)) return false;
  const hasPlainQuotes = csv.quote === '"' && csv.escape === "double" && !csv.trim;
  return /^utf-?8$/i.test(csv.encoding) && hasPlainQuotes && csv.comment === NONE && DELIMITERS.test(csv.delimiter);
}

function concatenate(a: Uint8Array, b: Uint8Array, more: number): Uint8Array {
  const joined = new Uint8Array(a.length + b.length + more);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
