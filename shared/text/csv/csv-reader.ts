/** Splits CSV text into records (RFC 4180), chunk by chunk, with the physical line of every cell. */

import { type CsvErrorCode, type CsvHandler, type CsvOptions, MAX_RECORD_LENGTH } from "./csv-format.ts";
import {
  BACKSLASH,
  findUndoubled,
  findUnescaped,
  isBlank,
  trimBlanks,
  undoubleQuotes,
  unescapeQuotes,
} from "./quoting.ts";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export class CsvReader {
  readonly #delimiter: number;
  /** NaN where there is none: no character is equal to it. */
  readonly #quote: number;
  readonly #quoteText: string;
  /** Most characters are above this one: only the delimiter and those up to it are special. */
  readonly #lastSpecial: number;
  readonly #backslash: boolean;
  readonly #comment: number;
  readonly #handler: CsvHandler;
  readonly #padded: boolean;
  readonly #trim: boolean;
  readonly #maxRecordLength: number;
  /** Text from the beginning of the first record that is not complete. */
  #text = "";
  #from = 0;
  #line = 1;
  /** The length from which an incomplete record is read again: it doubles, so that no record is read often. */
  #retryAt = 0;
  #stopped = false;
  #lineEndings = { lf: 0, crlf: 0 };
  #linesToSkip: number;
  #comments = 0;

  // The record being read. `#at` runs ahead of `#from`, which moves only when a record is complete.
  #at = 0;
  #currentLine = 1;
  #final = false;
  readonly #record = { width: 0, cells: [""], quoted: [false], lines: [1], line: 1 };
  readonly #errors: { readonly code: CsvErrorCode; readonly line: number }[] = [];

  constructor(options: CsvOptions, handler: CsvHandler) {
    const { delimiter, quote = '"', comment, trim = false, padded = false } = options;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quoteText = quote ?? "";
    this.#quote = this.#quoteText.charCodeAt(0);
    this.#lastSpecial = Math.max(this.#quote || 0, CARRIAGE_RETURN);
    this.#backslash = options.escape === "backslash";
    this.#comment = (comment ?? "").charCodeAt(0);
    this.#linesToSkip = options.skipLines ?? 0;
    this.#handler = handler;
    this.#padded = padded || trim;
    this.#trim = trim;
    this.#maxRecordLength = options.maxRecordLength ?? MAX_RECORD_LENGTH;
  }

  /** Whether nothing more will be read. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Whether some records end with `\n` and others with `\r\n`. */
  get hasMixedLineEndings(): boolean {
    return this.#lineEndings.lf > 0 && this.#lineEndings.crlf > 0;
  }

  /** How many lines were left out because they are comments. */
  get comments(): number {
    return this.#comments;
  }

  /** The line that was reached. */
  get line(): number {
    return this.#currentLine;
  }

  /** Whether all that was pushed is read, and the next record begins with what comes now. */
  get isBetweenRecords(): boolean {
    return this.#from === this.#text.length && this.#linesToSkip === 0;
  }

  get lineEndings(): { readonly lf: number; readonly crlf: number } {
    return this.#lineEndings;
  }

  /** Goes on at another line; only between records. */
  goTo(line: number): void {
    [this.#line, this.#currentLine] = [line, line];
  }

  /** Passes over records that somebody else has read, by how their lines end; only between records. */
  skip(endings: { readonly lf: number; readonly crlf: number }): void {
    this.goTo(this.#line + endings.lf + endings.crlf);
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
      const isComment = this.#text.charCodeAt(this.#from) === this.#comment;
      const skip = this.#linesToSkip > 0 || isComment;
      const complete = skip ? this.#skipLine() : this.#readRecord();
      if ((complete ? this.#at : this.#text.length) - this.#from > this.#maxRecordLength) {
        this.#stop("record-too-long", this.#line);
        return;
      }
      if (!complete) {
        this.#retryAt = 2 * (this.#text.length - this.#from);
        return;
      }
      if (skip) {
        if (this.#linesToSkip > 0) this.#linesToSkip -= 1;
        else this.#comments += 1;
        this.#from = this.#at;
        this.#line = this.#currentLine;
        continue;
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

  /** Skips the line that begins at `#from`; false when its end has not arrived yet. */
  #skipLine(): boolean {
    const feed = this.#text.indexOf("\n", this.#from);
    if (feed < 0 && !this.#final) return false;
    this.#at = feed < 0 ? this.#text.length : feed + 1;
    this.#currentLine = feed < 0 ? this.#line : this.#line + 1;
    return true;
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
      const quoted = this.#text.charCodeAt(this.#at) === this.#quote;
      record.quoted[record.width] = quoted;
      const cell = quoted ? this.#readQuoted() : this.#readPlain("stray-quote");
      if (cell === undefined) return false;
      record.cells[record.width] = this.#trim && !quoted ? trimBlanks(cell) : cell;
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

  /** Skips blanks before a quote; cells without quotes keep theirs here. */
  #skipPadding(): void {
    let at = this.#at;
    while (isBlank(this.#text.charCodeAt(at)) && this.#text.charCodeAt(at) !== this.#delimiter) at += 1;
    if (this.#text.charCodeAt(at) === this.#quote) this.#at = at;
  }

  /** Text up to a delimiter or the end of the line; undefined when the end has not arrived yet. */
  #readPlain(onQuote: CsvErrorCode): string | undefined {
    const text = this.#text;
    const delimiter = this.#delimiter;
    const lastSpecial = this.#lastSpecial;
    const start = this.#at;
    let at = start;
    for (; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit === delimiter || unit === LINE_FEED) break;
      if (unit > lastSpecial) continue;
      if (unit === this.#quote) this.#addError(onQuote, this.#currentLine);
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
    const close = (this.#backslash ? findUnescaped : findUndoubled)(text, this.#quoteText, start);
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
    const value = (this.#backslash ? unescapeQuotes : undoubleQuotes)(inside, this.#quoteText);
    this.#at = close + 1;
    const meant = !this.#backslash && text[close - 1] === BACKSLASH ? "backslash-quote" : "text-after-quote";
    const rest = this.#readPlain(meant);
    if (rest === undefined) return undefined;
    if (rest === "" || (this.#padded && trimBlanks(rest) === "")) return value;
    this.#addError(meant, this.#currentLine);
    return value + rest;
  }

  /** Held back until the record is complete, as an incomplete one is read again. Each kind is reported once per record. */
  #addError(code: CsvErrorCode, line: number): void {
    if (!this.#errors.some((known) => known.code === code)) this.#errors.push({ code, line });
  }
}
