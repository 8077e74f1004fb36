/** The text of a file: what encoding it has, and what in it is no text. */
import {
  canonicalEncoding,
  createTextDecoding,
  encodingOfMark,
  type TextDecoding,
} from "../../text/csv/text-decoding.ts";
import { Utf8Decoder } from "../../text/csv/utf8-decoder.ts";
import type { CheckCode } from "./checks.ts";
import type { FindingCollector } from "./finding-collector.ts";
import { guessUtf16, nameForeignContent, START_LENGTH } from "./foreign-content.ts";

interface Reader {
  read(text: string): void;
  stop(check: CheckCode, message: string): void;
}

/** So many NULs are told apart from a tail: a row has no more characters. */
const MAX_WITHHELD = 64 * 1024 * 1024;

export class FileText {
  /** As the contract has it. */
  readonly #expected: string;
  readonly #findings: FindingCollector;
  readonly #reader: Reader;
  /** The first bytes, until they are enough to tell what the file is. */
  #start: Uint8Array = new Uint8Array(0);
  #decoding: TextDecoding | undefined;
  #encoding = "";
  /** NULs at the end of what was read: text only when something follows them. */
  #withheld = 0;
  #isSuspicious = false;
  readonly #invalid;
  readonly #nul;
  #brokenBytes = { alone: 0, together: 0 };

  constructor(encoding: string, findings: FindingCollector, reader: Reader) {
    this.#expected = canonicalEncoding(encoding) ?? "utf-8";
    this.#findings = findings;
    this.#reader = reader;
    this.#invalid = findings.createCounter("encoding", null, () => this.#describeInvalid());
    this.#nul = findings.createCounter("nul-byte", null, "a cell has NUL characters");
  }

  /** Whether there was a NUL or bytes that are no text: from then on every cell is looked at. */
  get isSuspicious(): boolean {
    return this.#isSuspicious;
  }

  /** Whether bytes are characters as they come, and none of them is held back. */
  get isPlainUtf8(): boolean {
    return this.#decoding !== undefined && this.#encoding === "utf-8" && this.#withheld === 0;
  }

  /** Takes what comes for UTF-8: it is a later part of a file whose beginning was such. */
  openAsUtf8(): void {
    this.#encoding = "utf-8";
    this.#decoding = new Utf8Decoder(true);
  }

  push(bytes: Uint8Array): void {
    if (this.#decoding !== undefined) {
      this.#take(this.#decoding.push(bytes));
      return;
    }
    const start = new Uint8Array(this.#start.length + bytes.length);
    start.set(this.#start);
    start.set(bytes, this.#start.length);
    this.#start = start;
    if (start.length >= START_LENGTH) this.#open();
  }

  end(): void {
    if (this.#decoding === undefined) this.#open();
    this.#take(this.#decoding?.end() ?? "");
  }

  /** @param line where the text before the tail ends */
  reportTail(line: number): void {
    const count = this.#withheld;
    if (count === 0) return;
    const message = `a tail of ${count} NUL characters begins here: the file was probably cut while it was written`;
    this.#findings.add("nul-byte", null, message, line);
  }

  /** Whether a cell has NULs or bytes that are no text. */
  isBroken(cell: string, line: number): boolean {
    const [malformed, nul] = [!cell.isWellFormed(), cell.includes("\0")];
    if (malformed) {
      this.#invalid.increment(line);
      this.#brokenBytes[/[\udc80-\udcff]{2}/.test(cell) ? "together" : "alone"] += 1;
    }
    if (nul) this.#nul.increment(line);
    return malformed || nul;
  }

  /** Tells what the file is by its first bytes, and reads them. */
  #open(): void {
    const start = this.#start;
    this.#start = new Uint8Array(0);
    const mark = encodingOfMark(start);
    const guess = mark === undefined && this.#expected === "utf-8" ? guessUtf16(start) : undefined;
    const foreign = nameForeignContent(start);
    if (foreign !== undefined) this.#reader.stop("foreign", foreign);
    else if (guess !== undefined) {
      this.#reader.stop("encoding", `the file is probably UTF-16; if so, set csv.encoding: ${guess}`);
    }
    if (foreign !== undefined || guess !== undefined) return;
    this.#encoding = mark ?? this.#expected;
    if (mark?.startsWith("utf-16") && !this.#expected.startsWith("utf-16")) {
      const message = `the file is UTF-16 by its byte order mark; set csv.encoding: ${mark} in the contract if it should be`;
      this.#findings.add("encoding", null, message);
    }
    this.#decoding = createTextDecoding(this.#encoding);
    this.#take(this.#decoding.push(start));
  }

  #take(text: string): void {
    let end = text.length;
    while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1;
    const nuls = text.length - end;
    if (end === 0) this.#withheld += nuls;
    if (end === 0) return;
    const before = "\0".repeat(Math.min(this.#withheld, MAX_WITHHELD));
    this.#withheld = nuls;
    const read = before + text.slice(0, end);
    this.#isSuspicious ||= read.includes("\0") || !read.isWellFormed();
    this.#reader.read(read);
  }

  /** Accents of European languages stand alone between letters without; of other scripts every letter is more than ASCII. */
  #describeInvalid(): string {
    const message = `a cell has bytes that are not ${this.#encoding.toUpperCase()}`;
    if (this.#encoding !== "utf-8") return message;
    const { alone, together } = this.#brokenBytes;
    const likely =
      alone >= together ? "probably windows-1252 (latin-1)" : "for example shift_jis, gb18030 or windows-1251";
    return `${message}; if the file has another encoding, ${likely}, name it in csv.encoding`;
  }
}
