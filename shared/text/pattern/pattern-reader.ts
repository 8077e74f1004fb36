import type { CharSet } from "./char-set.ts";
import { withOtherCases } from "./letter-case.ts";

/** A pattern that cannot be used, and what to write instead. */
export class PatternError extends Error {
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.name = "PatternError";
    this.fix = fix;
  }
}

/** Far more than a readable pattern needs. */
const MAX_LENGTH = 4096;

/** A pattern's text, read from left to right. */
export class PatternReader {
  readonly #text: string;
  #at = 0;
  /** Whether letters stand for both of their cases, from here on. */
  ignoresCase = false;

  constructor(text: string) {
    if (text.length > MAX_LENGTH)
      throw new PatternError(`the pattern is longer than ${MAX_LENGTH} characters`, "Shorten it");
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  consume(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** @param syntax anchored with `^` */
  consumeMatch(syntax: RegExp): RegExpExecArray | undefined {
    const match = syntax.exec(this.#text.slice(this.#at));
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }

  /** Consumes the next code point. */
  consumeCodePoint(): number {
    const point = this.#text.codePointAt(this.#at);
    if (point === undefined) throw this.createError("the pattern ends too early", "Complete it");
    this.#at += point > 0xffff ? 2 : 1;
    return point;
  }

  /** The characters of a set and, where case is ignored, the others that differ from them in case alone. */
  inAnyCase(set: CharSet): CharSet {
    return this.ignoresCase ? withOtherCases(set) : set;
  }

  createError(message: string, fix: string): PatternError {
    return new PatternError(
      `at character ${Math.min(this.#at, this.#text.length - 1) + 1} of the pattern, ${message}`,
      fix,
    );
  }
}
