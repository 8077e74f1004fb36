/** RFC 8259, and nothing beyond it. */
import type { ActionFailure } from "../../action/problem.ts";

/** Makes the error for what stands at an offset; the code is without the document's kind. */
export type Complain = (code: string, offset: number, message: string, fix: string) => ActionFailure;

/** Told of every part of every array and object: where its key (for an array, itself) and its value start. */
export type Remember = (container: object, step: string | number, key: number, value: number) => void;

/** Nested arrays and objects; records need six, and the parser's own stack bears some thousand. */
const DEEPEST = 64;

const BLANK = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[-+]?[A-Za-z_][\w]*/y;
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);
/** How programs write numbers that are none. */
const NOT_NUMBERS = /^[-+]?(?:nan|inf|infinity)$/i;

export class JsonParser {
  private at = 0;
  private readonly text: string;
  private readonly complain: Complain;
  private readonly remember: Remember | undefined;

  constructor(text: string, complain: Complain, remember?: Remember) {
    this.text = text;
    this.complain = complain;
    this.remember = remember;
  }

  /** @throws ActionFailure at the first character that is not right. */
  parse(): unknown {
    if (this.text.startsWith("\uFEFF")) this.at = 1;
    const value = this.value(0);
    this.blank();
    if (this.at < this.text.length) throw this.unexpected("the end of the file");
    return value;
  }

  private value(depth: number): unknown {
    this.blank();
    const next = this.text[this.at];
    if (next === "{" || next === "[") {
      if (depth >= DEEPEST) {
        throw this.complain("too-deep", this.at, `it is nested deeper than ${DEEPEST} levels`, "Flatten it");
      }
      return next === "{" ? this.object(depth) : this.array(depth);
    }
    if (next === '"') return this.string();
    return this.match(NUMBER) === undefined ? this.word() : this.number();
  }

  private object(depth: number): Readonly<Record<string, unknown>> {
    const result: Record<string, unknown> = {};
    this.at += 1;
    this.blank();
    if (this.skip("}")) return result;
    do {
      this.blank();
      const start = this.at;
      if (this.text[start] !== '"') throw this.unexpected("a key in double quotes");
      const key = this.string();
      if (Object.hasOwn(result, key)) {
        throw this.complain(
          "duplicate-key",
          start,
          `the key ${JSON.stringify(key)} is here twice`,
          "Remove one of them",
        );
      }
      // It would set an object's prototype where someone copies it key by key.
      if (key === "__proto__") {
        throw this.complain("odd-key", start, '"__proto__" cannot be a key', "Choose another name");
      }
      this.blank();
      if (!this.skip(":")) throw this.unexpected('":"');
      result[key] = this.part(result, key, start, depth);
    } while (this.skip(","));
    if (!this.skip("}")) throw this.unexpected('"," or "}"');
    return result;
  }

  private array(depth: number): readonly unknown[] {
    const result: unknown[] = [];
    this.at += 1;
    this.blank();
    if (this.skip("]")) return result;
    do result.push(this.part(result, result.length, undefined, depth));
    while (this.skip(","));
    if (!this.skip("]")) throw this.unexpected('"," or "]"');
    return result;
  }

  /** One value of a container, with the blanks around it. */
  private part(container: object, step: string | number, key: number | undefined, depth: number): unknown {
    this.blank();
    const start = this.at;
    const value = this.value(depth + 1);
    this.remember?.(container, step, key ?? start, start);
    this.blank();
    return value;
  }

  private string(): string {
    const start = this.at;
    for (let end = start + 1; end < this.text.length; end += 1) {
      const code = this.text.charCodeAt(end);
      if (code === BACKSLASH) end += 1;
      else if (code < FIRST_PRINTABLE) {
        throw this.complain("not-json", end, "there is a control character or line break in this text", "Escape it");
      } else if (code === QUOTE) {
        this.at = end + 1;
        try {
          return JSON.parse(this.text.slice(start, end + 1)) as string;
        } catch {
          throw this.complain("not-json", start, "this text has a broken escape", "Write a backslash as \\\\");
        }
      }
    }
    throw this.complain("not-json", start, "this text has no closing quote", "Write the whole file again");
  }

  private number(): number {
    const start = this.at;
    const written = this.match(NUMBER) ?? "";
    this.at += written.length;
    if (/[\w.+]/.test(this.text[this.at] ?? "")) throw this.unexpected("the end of the number");
    const value = Number(written);
    if (Number.isFinite(value)) return value;
    throw this.complain("not-finite", start, `${written} is larger than any number here`, "Write a finite number");
  }

  private word(): unknown {
    const word = this.match(WORD);
    if (word === undefined) throw this.unexpected("a value");
    if (NOT_NUMBERS.test(word)) {
      throw this.complain("not-finite", this.at, `${word} is not a finite number`, "Find out why it is none");
    }
    if (!WORDS.has(word)) throw this.unexpected("a value");
    this.at += word.length;
    return WORDS.get(word);
  }

  private unexpected(wanted: string): ActionFailure {
    const rest = this.text.slice(this.at, this.at + 1);
    if (rest === "") {
      const message = this.text.trim() === "" ? "the file is empty" : `the file ends where ${wanted} should stand`;
      return this.complain("not-json", this.at, message, "Write the whole file again");
    }
    const found = JSON.stringify(String.fromCodePoint(this.text.codePointAt(this.at) ?? 0));
    return this.complain("not-json", this.at, `${found} stands where ${wanted} should stand`, "Write valid JSON");
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  private blank(): void {
    this.at += this.match(BLANK)?.length ?? 0;
  }

  private skip(mark: string): boolean {
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const FIRST_PRINTABLE = 0x20;
