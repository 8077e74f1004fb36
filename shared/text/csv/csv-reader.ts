/** Splits CSV text into records (RFC 4180), chunk by chunk, with the physical line of every cell. */

/** One record. The arrays are used again for the next one. */
export interface CsvRecord {
  /** How many cells it has; array elements after them belong to earlier records. */
  readonly width: number;
  readonly cells: readonly string[];
  /** Whether a cell was in quotes: `""` is empty text, an empty cell without quotes is no value. */
  readonly quoted: readonly boolean[];
  /** The line each cell begins on, from 1. */
  readonly lines: readonly number[];
  /** The line the record begins on. */
  readonly line: number;
}

/** What is wrong with the syntax. After `unclosed-quote` and `record-too-long` nothing more is read. */
export type CsvErrorCode =
  | "stray-quote"
  | "text-after-quote"
  | "bare-carriage-return"
  | "unclosed-quote"
  | "record-too-long";

export interface CsvHandler {
  onRecord(record: CsvRecord): void;
  onError(code: CsvErrorCode, line: number): void;
}

const QUOTE = 34;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export interface CsvOptions {
  /** One character. */
  readonly delimiter: string;
  /** Whether quotes may have spaces around them, as some tools pad their columns. */
  readonly padded?: boolean;
  /** In UTF-16 units; `MAX_RECORD_LENGTH` unless given. */
  readonly maxRecordLength?: number;
}

/** In UTF-16 units. An unclosed quote would otherwise make the rest of the file one cell. */
export const MAX_RECORD_LENGTH = 8 * 1024 * 1024;

export class CsvReader {
  readonly #delimiter: number;
  readonly #handler: CsvHandler;
  readonly #padded: boolean;
  readonly #maxRecordLength: number;
  /** Text from the beginning of the first record that is not complete. */
  #text = "";
  #from = 0;
  #line = 1;
  /** The length from which an incomplete record is read again: it doubles, so that no record is read often. */
  #retryAt = 0;
  #stopped = false;
  #lineEndings = { lf: 0, crlf: 0 };

  // The record being read. `#at` runs ahead of `#from`, which moves only when a record is complete.
  #at = 0;
  #currentLine = 1;
  #final = false;
  readonly #record = { width: 0, cells: [""], quoted: [false], lines: [1], line: 1 };
  readonly #errors: { readonly code: CsvErrorCode; readonly line: number }[] = [];

  constructor({ delimiter, padded = false, maxRecordLength = MAX_RECORD_LENGTH }: CsvOptions, handler: CsvHandler) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#handler = handler;
    this.#padded = padded;
    this.#maxRecordLength = maxRecordLength;
  }

  /** Whether nothing more will be read. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Whether some records end with `\n` and others with `\r\n`. */
  get hasMixedLineEndings(): boolean {
    return this.#lineEndings.lf > 0 && this.#lineEndings.crlf > 0;
  }

  /** Whether all that was pushed is read, and the next record begins with what comes now. */
  get isBetweenRecords(): boolean {
    return this.#from === this.#text.length;
  }

  /** The line that the next record begins on. */
  get line(): number {
    return this.#line;
  }

  /** Passes over records that somebody else has read, by how their lines end; only between records. */
  skip(endings: { readonly lf: number; readonly crlf: number }): void {
    this.#line += endings.lf + endings.crlf;
    this.#lineEndings.lf += endings.lf;
    this.#lineEndings.crlf += endings.crlf;
  }

  push(text: string): void {
    if (this.#stopped) return;
    this.#text = this.#from < this.#text.length ? this.#text.slice(this.#from) + text : text;
    this.#from = 0;
    if (this.#text.length >= this.#retryAt) this.#read();
  }

  end(): void {
    if (this.#stopped) return;
    this.#final = true;
    this.#read();
  }

  #read(): void {
    while (this.#from < this.#text.length) {
      const complete = this.#readRecord();
      if ((complete ? this.#at : this.#text.length) - this.#from > this.#maxRecordLength) {
        this.#stop("record-too-long", this.#line);
        return;
      }
      if (!complete) {
        this.#retryAt = 2 * (this.#text.length - this.#from);
        return;
      }
      for (const { code, line } of this.#errors) this.#handler.onError(code, line);
      if (this.#stopped) return;
      this.#from = this.#at;
      this.#line = this.#currentLine;
      this.#handler.onRecord(this.#record);
    }
    this.#retryAt = 0;
  }

  #stop(code: CsvErrorCode, line: number): void {
    this.#stopped = true;
    this.#text = "";
    this.#handler.onError(code, line);
  }

  /** Reads one record from `#from`; false when its end has not arrived yet. */
  #readRecord(): boolean {
    const record = this.#record;
    this.#at = this.#from;
    this.#currentLine = this.#line;
    this.#errors.length = 0;
    record.width = 0;
    record.line = this.#line;
    for (;;) {
      record.lines[record.width] = this.#currentLine;
      if (this.#padded) this.#skipPadding();
      const quoted = this.#text.charCodeAt(this.#at) === QUOTE;
      record.quoted[record.width] = quoted;
      const cell = quoted ? this.#readQuoted() : this.#readPlain("stray-quote");
      if (cell === undefined) return false;
      record.cells[record.width] = cell;
      record.width += 1;
      if (this.#at >= this.#text.length) return true;
      const end = this.#text.charCodeAt(this.#at);
      this.#at += 1;
      if (end === this.#delimiter) continue;
      if (end === CARRIAGE_RETURN) this.#at += 1;
      this.#lineEndings[end === CARRIAGE_RETURN ? "crlf" : "lf"] += 1;
      this.#currentLine += 1;
      return true;
    }
  }

  /** Skips spaces before a quote; cells without quotes keep their spaces. */
  #skipPadding(): void {
    let at = this.#at;
    while (this.#text[at] === " ") at += 1;
    if (this.#text.charCodeAt(at) === QUOTE) this.#at = at;
  }

  /** Text up to a delimiter or the end of the line; undefined when the end has not arrived yet. */
  #readPlain(onQuote: CsvErrorCode): string | undefined {
    const text = this.#text;
    const delimiter = this.#delimiter;
    const start = this.#at;
    let at = start;
    for (; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      // Most characters are above all special ones except the delimiter: this comparison is enough for them.
      if (unit === delimiter || unit === LINE_FEED) break;
      if (unit > QUOTE) continue;
      if (unit === QUOTE) this.#addError(onQuote, this.#currentLine);
      if (unit !== CARRIAGE_RETURN) continue;
      if (at + 1 === text.length && !this.#final) return undefined;
      if (text.charCodeAt(at + 1) === LINE_FEED) break;
      this.#addError("bare-carriage-return", this.#currentLine);
    }
    if (at === text.length && !this.#final) return undefined;
    this.#at = at;
    return text.slice(start, at);
  }

  #readQuoted(): string | undefined {
    const text = this.#text;
    const start = this.#at + 1;
    const opened = this.#currentLine;
    let close = text.indexOf('"', start);
    let doubled = false;
    while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) {
      doubled = true;
      close = text.indexOf('"', close + 2);
    }
    if (close < 0) {
      if (!this.#final) return undefined;
      this.#stopped = true;
      this.#errors.length = 0;
      this.#addError("unclosed-quote", opened);
      this.#at = text.length;
      return "";
    }
    // The quote may be the first of two.
    if (close + 1 === text.length && !this.#final) return undefined;
    const inside = text.slice(start, close);
    for (let feed = inside.indexOf("\n"); feed >= 0; feed = inside.indexOf("\n", feed + 1)) this.#currentLine += 1;
    const value = doubled ? inside.replaceAll('""', '"') : inside;
    this.#at = close + 1;
    const rest = this.#readPlain("text-after-quote");
    if (rest === undefined) return undefined;
    if (rest === "" || (this.#padded && /^ +$/.test(rest))) return value;
    this.#addError("text-after-quote", this.#currentLine);
    return value + rest;
  }

  /** Held back until the record is complete, as an incomplete one is read again. Each kind is reported once per record. */
  #addError(code: CsvErrorCode, line: number): void {
    if (!this.#errors.some((known) => known.code === code)) this.#errors.push({ code, line });
  }
}
