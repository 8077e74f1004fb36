/** Splits CSV text into records (RFC 4180), chunk by chunk, with the physical line of every cell. */

/** One record. The arrays are used again for the next one. */
export interface CsvRecord {
  /** How many cells it has; what the arrays hold beyond is older. */
  readonly width: number;
  readonly cells: readonly string[];
  /** Whether a cell was in quotes: `""` is an empty text, nothing at all is no value. */
  readonly quoted: readonly boolean[];
  /** The line each cell begins on, from 1. */
  readonly lines: readonly number[];
  /** The line the record begins on. */
  readonly line: number;
}

/** What is wrong with the form of the text. After `unclosed-quote` and `record-too-long` nothing more is read. */
export type CsvErrorCode =
  | "stray-quote"
  | "text-after-quote"
  | "bare-carriage-return"
  | "unclosed-quote"
  | "record-too-long";

export interface CsvHandler {
  onRecord(record: CsvRecord): void;
  onError(fault: CsvErrorCode, line: number): void;
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

/** In UTF-16 units. An unclosed quote would otherwise take the rest of the file for one cell. */
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
  /** The length at which another try to complete the record is worth the time: it doubles, so that none is read often. */
  #retryAt = 0;
  #stopped = false;
  #feeds = { lf: 0, crlf: 0 };

  // The record being read. `#at` runs ahead of `#from`, which moves only when a record is complete.
  #at = 0;
  #ahead = 1;
  #final = false;
  readonly #record = { width: 0, cells: [""], quoted: [false], lines: [1], line: 1 };
  readonly #faults: { readonly fault: CsvErrorCode; readonly line: number }[] = [];

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

  /** Whether records end in different ways: `\n` here and `\r\n` there. */
  get hasMixedLineEndings(): boolean {
    return this.#feeds.lf > 0 && this.#feeds.crlf > 0;
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
      for (const { fault, line } of this.#faults) this.#handler.onError(fault, line);
      if (this.#stopped) return;
      this.#from = this.#at;
      this.#line = this.#ahead;
      this.#handler.onRecord(this.#record);
    }
    this.#retryAt = 0;
  }

  #stop(fault: CsvErrorCode, line: number): void {
    this.#stopped = true;
    this.#text = "";
    this.#handler.onError(fault, line);
  }

  /** Reads one record from `#from`; false when its end is not there yet. */
  #readRecord(): boolean {
    const record = this.#record;
    this.#at = this.#from;
    this.#ahead = this.#line;
    this.#faults.length = 0;
    record.width = 0;
    record.line = this.#line;
    for (;;) {
      record.lines[record.width] = this.#ahead;
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
      this.#feeds[end === CARRIAGE_RETURN ? "crlf" : "lf"] += 1;
      this.#ahead += 1;
      return true;
    }
  }

  /** To the quote behind spaces, if there is one: other cells keep theirs. */
  #skipPadding(): void {
    let at = this.#at;
    while (this.#text[at] === " ") at += 1;
    if (this.#text.charCodeAt(at) === QUOTE) this.#at = at;
  }

  /** Text up to a delimiter or the end of the line; undefined when the end is not there yet. */
  #readPlain(onQuote: CsvErrorCode): string | undefined {
    const text = this.#text;
    const delimiter = this.#delimiter;
    const start = this.#at;
    let at = start;
    for (; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      // Most text is above all marks but the delimiter; one comparison settles it.
      if (unit === delimiter || unit === LINE_FEED) break;
      if (unit > QUOTE) continue;
      if (unit === QUOTE) this.#note(onQuote, this.#ahead);
      if (unit !== CARRIAGE_RETURN) continue;
      if (at + 1 === text.length && !this.#final) return undefined;
      if (text.charCodeAt(at + 1) === LINE_FEED) break;
      this.#note("bare-carriage-return", this.#ahead);
    }
    if (at === text.length && !this.#final) return undefined;
    this.#at = at;
    return text.slice(start, at);
  }

  #readQuoted(): string | undefined {
    const text = this.#text;
    const start = this.#at + 1;
    const opened = this.#ahead;
    let close = text.indexOf('"', start);
    let doubled = false;
    while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) {
      doubled = true;
      close = text.indexOf('"', close + 2);
    }
    if (close < 0) {
      if (!this.#final) return undefined;
      this.#stopped = true;
      this.#faults.length = 0;
      this.#note("unclosed-quote", opened);
      this.#at = text.length;
      return "";
    }
    // The quote may be the first of two.
    if (close + 1 === text.length && !this.#final) return undefined;
    const inside = text.slice(start, close);
    for (let feed = inside.indexOf("\n"); feed >= 0; feed = inside.indexOf("\n", feed + 1)) this.#ahead += 1;
    const value = doubled ? inside.replaceAll('""', '"') : inside;
    this.#at = close + 1;
    const rest = this.#readPlain("text-after-quote");
    if (rest === undefined) return undefined;
    if (rest === "" || (this.#padded && /^ +$/.test(rest))) return value;
    this.#note("text-after-quote", this.#ahead);
    return value + rest;
  }

  /** Faults are kept back until the record is complete: an incomplete one is read again. One of a kind for a record. */
  #note(fault: CsvErrorCode, line: number): void {
    if (!this.#faults.some((known) => known.fault === fault)) this.#faults.push({ fault, line });
  }
}
