/** Judges the values of one column, page by page: entries of a dictionary once, plain numbers and texts without making text of them. */
import { type ColumnCheck, GOOD } from "../column-check.ts";
import type { CompiledColumn } from "../compile-contract.ts";
import { AS_TEXT, endOf, SUSPICIOUS, TERMINATOR, verdictOf } from "../scan/cell-scanner.ts";
import { compileScanner } from "../scan/compile-scanner.ts";
import { boundsVerdict, numberBounds } from "../scan/number-bounds.ts";
import type { RawValues } from "./decode-values.ts";
import type { PageRows } from "./pages.ts";
import { ParquetError } from "./parquet-error.ts";
import type { RawValue, ValueReader } from "./value-reader.ts";

/** Ends every text while it is scanned: a text that contains it is judged as text. */
const SENTINEL = 10;
const KINDS = new Uint8Array(256).fill(SUSPICIOUS, 128);
KINDS[0] = SUSPICIOUS;
KINDS[SENTINEL] = TERMINATOR;

/** The value has to be judged as text. */
const UNKNOWN = -9;

export class ColumnJudge {
  readonly #check: ColumnCheck;
  readonly #reader: ValueReader;
  readonly #judgeNumber: ((value: number) => number) | undefined;
  readonly #scan: ReturnType<typeof compileScanner> | undefined;
  readonly #isUnique: boolean;
  #dictionary: RawValues | undefined;
  #verdicts = new Int8Array(0);
  #texts: readonly string[] = [];
  /** Whether all entries of the dictionary are good: then rows need not be looked at. */
  #areGood = false;
  #whole = new Uint8Array(0);

  constructor(check: ColumnCheck, reader: ValueReader, isPlainNumber: boolean) {
    const { column } = check;
    this.#check = check;
    this.#reader = reader;
    this.#isUnique = column.unique;
    this.#judgeNumber = isPlainNumber ? numberJudge(column) : undefined;
    this.#scan = column.type === "string" ? compileScanner(column, KINDS) : undefined;
  }

  /** @param first the number of the first row */
  take({ count, isGiven, values, indices }: PageRows, first: number): void {
    if (indices !== undefined && values !== this.#dictionary) this.#readDictionary(values);
    if (indices !== undefined && isGiven === undefined && this.#areGood && !this.#isUnique) return;
    let nth = 0;
    for (let row = 0; row < count; row += 1) {
      if (isGiven !== undefined && isGiven[row] === 0) {
        this.#check.checkNull(first + row);
        continue;
      }
      if (indices === undefined) this.#judge(values[nth] ?? missing(), first + row);
      else this.#takeEntry(indices[nth] ?? 0, first + row);
      nth += 1;
    }
  }

  #readDictionary(values: RawValues): void {
    const { kind, toText } = this.#reader;
    this.#dictionary = values;
    const texts = Array.from(values, (value) => toText(value));
    this.#verdicts = Int8Array.from(texts, (text) => this.#judgeText(text));
    this.#texts = this.#isUnique ? texts : [];
    this.#areGood = kind !== "null" && this.#verdicts.every((verdict) => verdict === GOOD);
  }

  #takeEntry(index: number, row: number): void {
    const verdict = this.#verdicts[index] ?? UNKNOWN;
    if (verdict !== GOOD) this.#check.countTyped(verdict, this.#reader.kind, row);
    else if (this.#isUnique) this.#check.rememberText(this.#texts[index] ?? "", row);
  }

  #judge(value: RawValue, row: number): void {
    const quick = this.#judgeQuickly(value, row);
    if (quick === GOOD) return;
    if (quick !== UNKNOWN) {
      this.#check.countTyped(quick, this.#reader.kind, row);
      return;
    }
    const text = this.#reader.toText(value);
    const verdict = this.#judgeText(text);
    if (verdict === GOOD) this.#check.rememberText(text, row);
    else this.#check.countTyped(verdict, this.#reader.kind, row);
  }

  #judgeText(text: string): number {
    if (this.#reader.kind === "text" && !text.isWellFormed()) {
      throw new ParquetError(`has a text that is not UTF-8 in ${JSON.stringify(this.#check.column.name)}`);
    }
    return this.#check.judgeTyped(this.#reader.kind, text);
  }

  #judgeQuickly(value: RawValue, row: number): number {
    if (value instanceof Uint8Array) return this.#scan === undefined ? UNKNOWN : this.#scanText(value, this.#scan, row);
    if (this.#judgeNumber === undefined || typeof value === "boolean") return UNKNOWN;
    const number = Number(value);
    const verdict = this.#judgeNumber(number);
    return verdict === GOOD && this.#isUnique ? UNKNOWN : verdict;
  }

  #scanText(value: Uint8Array, scan: ReturnType<typeof compileScanner>, row: number): number {
    if (this.#whole.buffer !== value.buffer) this.#whole = new Uint8Array(value.buffer as ArrayBuffer);
    const bytes = this.#whole;
    const [from, to] = [value.byteOffset, value.byteOffset + value.length];
    if (from === to || to >= bytes.length) return UNKNOWN;
    // The byte belongs to the length of the next text, which was read before.
    const after = bytes[to] ?? 0;
    bytes[to] = SENTINEL;
    const result = scan(bytes, from);
    bytes[to] = after;
    const [end, verdict] = result < 0 ? [endOf(result), verdictOf(result)] : [result, GOOD];
    if (end !== to || verdict === AS_TEXT) return UNKNOWN;
    if (verdict === GOOD && this.#isUnique) this.#check.remember(bytes, from, to, row);
    return verdict;
  }
}

function missing(): never {
  throw new ParquetError("has a corrupt page: it has fewer values than it says");
}

const MAX_EXACT = Number.MAX_SAFE_INTEGER;

/** Numbers that have bounds and decimals alone. Undefined where other rules need the text. */
function numberJudge(column: CompiledColumn): ((value: number) => number) | undefined {
  const { rules, min, max, "max-decimals": decimals, spelling } = column;
  const isPlain = rules.every(({ check }) => check === "range" || check === "decimals");
  const hasOthers = column.above !== undefined || column.below !== undefined || column.enum !== undefined;
  if (!isPlain || hasOthers || spelling["null-values"].length > 0) return undefined;
  const [first, last] = [min === undefined ? -1 : 0, min === undefined ? 0 : 1];
  const bounds = numberBounds({
    ...{ min: min === undefined ? undefined : String(min), max: max === undefined ? undefined : String(max) },
    ...{ below: first, above: last },
  });
  const isInteger = column.type === "integer";
  return (value) => {
    const isKnown = Number.isInteger(value) ? Math.abs(value) <= MAX_EXACT : !isInteger && Number.isFinite(value);
    if (!isKnown) return UNKNOWN;
    const verdict = boundsVerdict(bounds, value);
    if (verdict === AS_TEXT) return UNKNOWN;
    if (verdict >= 0) return verdict;
    return decimals === undefined || Number.isInteger(value) || hasDecimals(value, decimals) ? GOOD : UNKNOWN;
  };
}

const MAX_DIGITS = 1e15;

/** Whether the float is the one next to a decimal of so many places: then its shortest decimal has no more. */
function hasDecimals(value: number, decimals: number): boolean {
  if (decimals > 15) return false;
  const scale = 10 ** decimals;
  const whole = Math.round(value * scale);
  return Math.abs(whole) < MAX_DIGITS && whole / scale === value;
}
