/** Checks a file in any format that is read from its first byte to its last: by its content, or as the contract says. */
import type { CheckSurroundings } from "./check-surroundings.ts";
import type { CheckCode } from "./checks.ts";
import type { CompiledContract } from "./compile-contract.ts";
import type { LimitName } from "./contract.ts";
import type { CheckedFile } from "./csv-check.ts";
import { NdjsonCheck } from "./ndjson/ndjson-check.ts";
import { CsvScan } from "./scan/csv-scan.ts";

type FormatCheck = CsvScan | NdjsonCheck;

/** So much of blanks may come before the first character that tells. */
const MAX_BLANK = 4096;

export class DataCheck {
  readonly #contract: CompiledContract;
  readonly #around: CheckSurroundings;
  #check: FormatCheck | undefined;
  #start: Uint8Array = new Uint8Array(0);

  constructor(contract: CompiledContract, around: CheckSurroundings = {}) {
    this.#contract = contract;
    this.#around = around;
  }

  push(bytes: Uint8Array): void {
    if (this.#check === undefined) this.#hold(bytes);
    else this.#check.push(bytes);
  }

  /** Until it is known what the file is. */
  #hold(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.#start.length + bytes.length);
    joined.set(this.#start);
    joined.set(bytes, this.#start.length);
    this.#start = joined;
    const isKnown = this.#contract.format !== undefined || isJsonLines(joined) !== undefined;
    if (isKnown || joined.length > MAX_BLANK) this.#open();
  }

  /** Whether nothing more will be read. */
  get stopped(): boolean {
    return this.#check?.stopped ?? false;
  }

  /** Reports why the rest of the file cannot be read, and reads no more. */
  stop(check: CheckCode, message: string): void {
    this.#open().stop(check, message);
  }

  /** Reports that the file is more than the contract lets it need, and reads no more. */
  exceed(limit: LimitName, message: string): void {
    this.#open().exceed(limit, message);
  }

  end(): CheckedFile {
    return this.#open().end();
  }

  #open(): FormatCheck {
    if (this.#check !== undefined) return this.#check;
    const { format } = this.#contract;
    const isNdjson = format === undefined ? isJsonLines(this.#start) : format === "ndjson";
    this.#check = new (isNdjson ? NdjsonCheck : CsvScan)(this.#contract, this.#around);
    if (this.#start.length > 0) this.#check.push(this.#start);
    this.#start = new Uint8Array(0);
    return this.#check;
  }
}

const MARK = [0xef, 0xbb, 0xbf];
const isBlank = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);

/** Whether an object begins the file: a brace, and a key or the other brace. Undefined when the bytes are too few to tell. */
export function isJsonLines(start: Uint8Array): boolean | undefined {
  if (start[0] === MARK[0] && start.length < MARK.length) return undefined;
  const from = MARK.every((byte, at) => start[at] === byte) ? 3 : 0;
  const rest = start.subarray(from).filter((byte) => !isBlank(byte));
  const [brace, next] = rest;
  if (brace === undefined) return undefined;
  if (brace !== 0x7b) return false;
  return next === undefined ? undefined : next === 0x22 || next === 0x7d;
}
