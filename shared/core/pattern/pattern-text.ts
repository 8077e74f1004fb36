/** A pattern that cannot be used, and what to write instead. */
export class PatternRefused extends Error {
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.name = "PatternRefused";
    this.fix = fix;
  }
}

/** Longer ones are programs. */
const LONGEST = 4096;

/** A pattern's text, read from left to right. */
export class PatternText {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    if (text.length > LONGEST)
      throw new PatternRefused(`the pattern is longer than ${LONGEST} characters`, "Shorten it");
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  sees(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** @param form anchored with `^` */
  takeMatch(form: RegExp): RegExpExecArray | undefined {
    const match = form.exec(this.#text.slice(this.#at));
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }

  /** The next code point, taken. */
  next(): number {
    const point = this.#text.codePointAt(this.#at);
    if (point === undefined) throw this.refuse("the pattern ends too early", "Complete it");
    this.#at += point > 0xffff ? 2 : 1;
    return point;
  }

  refuse(message: string, fix: string): PatternRefused {
    return new PatternRefused(
      `at character ${Math.min(this.#at, this.#text.length - 1) + 1} of the pattern, ${message}`,
      fix,
    );
  }
}
