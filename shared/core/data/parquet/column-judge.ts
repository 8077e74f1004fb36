/** Judges the values of one column, page by page: entries of a dictionary once, plain numbers and texts without making text of them. */
import { type ColumnCheck, GOOD } from "../column-check.ts";
import { AS_TEXT, endOf, SUSPICIOUS, TERMINATOR, verdictOf } from "../scan/cell-scanner.ts";
import { compileScanner } from "../scan/compile-scanner.ts";
import { type NumberJudge, numberJudge, UNKNOWN } from "./number-judge.ts";
import type { PageRows } from "./pages.ts";
import { ParquetError } from "./parquet-error.ts";
import { ByteValues, type RawValue, type RawValues, type StoredKeys, storedKeys, toFloats } from "./stored-values.ts";
import type { ValueReader } from "./value-reader.ts";

/** Ends every text while it is scanned: a text that contains it is judged as text. */
const SENTINEL = 10;
const KINDS = new Uint8Array(256).fill(SUSPICIOUS, 128);
KINDS[0] = SUSPICIOUS;
KINDS[SENTINEL] = TERMINATOR;

/** Forms in which different bytes are different values. */
const WITH_KEYS: ReadonlySet<string | undefined> = new Set(["integer", "day", "tick"]);

/** The verdict about the value at a place in a page; unknown where it has to be judged as text. */
type JudgeAt = (nth: number) => number;
const asText: JudgeAt = () => UNKNOWN;

export class ColumnJudge {
  readonly #check: ColumnCheck;
  readonly #reader: ValueReader;
  readonly #judgeNumber: NumberJudge | undefined;
  readonly #scan: ReturnType<typeof compileScanner> | undefined;
  readonly #isUnique: boolean;
  /** Whether the bytes of stored numbers are what is remembered of them. */
  readonly #hasKeys: boolean;
  #dictionary: RawValues | undefined;
  #verdicts = new Int8Array(0);
  /** Whether all entries of the dictionary are good: then rows need not be looked at. */
  #areGood = false;

  constructor(check: ColumnCheck, reader: ValueReader) {
    const { column } = check;
    this.#check = check;
    this.#reader = reader;
    this.#isUnique = column.unique;
    this.#hasKeys = WITH_KEYS.has(reader.stored?.kind);
    this.#judgeNumber = judgeStored(check, reader);
    this.#scan = reader.stored?.kind === "text" ? compileScanner(column, KINDS) : undefined;
  }

  /** @param first the number of the first row */
  take({ count, isGiven, values, indices }: PageRows, first: number): void {
    if (indices !== undefined && values !== this.#dictionary) this.#readDictionary(values);
    const needNoValues = indices !== undefined && this.#areGood && !this.#isUnique;
    if (needNoValues && (isGiven === undefined || !this.#check.countsNulls)) return;
    const judge = indices === undefined ? this.#open(values) : undefined;
    const keys = this.#isUnique && this.#hasKeys ? storedKeys(values) : undefined;
    let nth = -1;
    for (let row = 0; row < count; row += 1) {
      if (isGiven !== undefined && isGiven[row] === 0) {
        this.#check.checkNull(first + row);
        continue;
      }
      nth += 1;
      const place = indices === undefined ? nth : (indices[nth] ?? 0);
      const verdict = judge === undefined ? (this.#verdicts[place] ?? UNKNOWN) : judge(place);
      if (verdict !== GOOD) this.#takeOther(verdict, values, place, keys, first + row);
      else if (this.#isUnique) this.#remember(values, place, keys, first + row);
    }
  }

  #readDictionary(values: RawValues): void {
    this.#dictionary = values;
    const judge = this.#open(values);
    this.#verdicts = new Int8Array(values.length);
    for (let nth = 0; nth < values.length; nth += 1) {
      const verdict = judge(nth);
      this.#verdicts[nth] = verdict === UNKNOWN ? this.#judgeText(this.#reader.toText(valueAt(values, nth))) : verdict;
    }
    this.#areGood = this.#reader.kind !== "null" && this.#verdicts.every((verdict) => verdict === GOOD);
  }

  /** How the values of a page are judged without text. */
  #open(values: RawValues): JudgeAt {
    const [judge, scan] = [this.#judgeNumber, this.#scan];
    if (values instanceof ByteValues) return scan === undefined ? asText : (nth) => scanAt(scan, values, nth);
    const floats = judge && toFloats(values, this.#reader.stored?.isSigned ?? true);
    return judge === undefined || floats === undefined ? asText : (nth) => judge(floats[nth] ?? Number.NaN);
  }

  #takeOther(known: number, values: RawValues, place: number, keys: StoredKeys | undefined, row: number): void {
    const verdict = known === UNKNOWN ? this.#judgeText(this.#reader.toText(valueAt(values, place))) : known;
    if (verdict !== GOOD) this.#check.countTyped(verdict, this.#reader.kind, row);
    else if (this.#isUnique) this.#remember(values, place, keys, row);
  }

  /** Equal values have the same bytes: those of their number, or of their text. */
  #remember(values: RawValues, place: number, keys: StoredKeys | undefined, row: number): void {
    if (keys !== undefined) {
      this.#check.remember(keys.bytes, place * keys.width, (place + 1) * keys.width, row);
    } else if (values instanceof ByteValues && this.#scan !== undefined) {
      this.#check.remember(values.bytes, values.starts[place] ?? 0, values.ends[place] ?? 0, row);
    } else this.#check.rememberText(this.#reader.toText(valueAt(values, place)), row);
  }

  #judgeText(text: string): number {
    if (this.#reader.kind === "text" && !text.isWellFormed()) {
      throw new ParquetError(`has a text that is not UTF-8 in ${JSON.stringify(this.#check.column.name)}`);
    }
    return this.#check.judgeTyped(this.#reader.kind, text);
  }
}

function judgeStored(check: ColumnCheck, { kind, stored, toText }: ValueReader): NumberJudge | undefined {
  if (stored === undefined) return undefined;
  if (stored.kind === "tick") {
    // Where the contract wants a zone and the file has none, or the other way round, no value is good.
    const verdict = check.judgeTyped(kind, toText(0));
    if (verdict < GOOD) return () => verdict;
  }
  return numberJudge(check.column, stored);
}

function scanAt(scan: ReturnType<typeof compileScanner>, { bytes, starts, ends }: ByteValues, nth: number): number {
  const [from, to] = [starts[nth] ?? 0, ends[nth] ?? 0];
  if (from === to) return UNKNOWN;
  // The byte belongs to the length of the next text, which was read before.
  const after = bytes[to] ?? 0;
  bytes[to] = SENTINEL;
  const result = scan(bytes, from);
  bytes[to] = after;
  const [end, verdict] = result < 0 ? [endOf(result), verdictOf(result)] : [result, GOOD];
  return end !== to || verdict === AS_TEXT ? UNKNOWN : verdict;
}

function valueAt(values: RawValues, place: number): RawValue {
  const value = values.at(place);
  if (value === undefined) throw new ParquetError("has a corrupt page: it has fewer values than it says");
  return value;
}
