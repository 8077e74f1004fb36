/** RFC 8259, and nothing beyond it. */
import type { ActionError } from "../../problem/problem.ts";

/** Makes the error for what stands at an offset; the code is without the document's kind. */
export type CreateParseError = (code: string, offset: number, message: string, fix: string) => ActionError;

/** Told of every part of every array and object: where its key (for an array, itself) and its value start. */
export type RecordPosition = (container: object, step: string | number, key: number, value: number) => void;

/** Nested arrays and objects; records need six, and the parser's own stack bears some thousand. */
const MAX_DEPTH = 64;

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
  private readonly createError: CreateParseError;
  private readonly recordPosition: RecordPosition | undefined;

  constructor(text: string, createError: CreateParseError, recordPosition?: RecordPosition) {
    this.text = text;
    this.createError = createError;
    this.recordPosition = recordPosition;
  }

  /** @throws ActionError at the first character that is not right. */
  parse(): unknown {
    if (this.text.startsWith("\uFEFF")) this.at = 1;
    const parseValue = this.parseValue(0);
    this.blank();
    if (this.at < this.text.length) throw this.unexpected("the end of the file");
    return parseValue;
  }

  private parseValue(depth: number): unknown {
    this.blank();
    const next = this.text[this.at];
    if (next === "{" || next === "[") {
      if (depth >= MAX_DEPTH) {
        throw this.createError("too-deep", this.at, `it is nested deeper than ${MAX_DEPTH} levels`, "Flatten it");
      }
      return next === "{" ? this.parseObject(depth) : this.parseArray(depth);
    }
    if (next === '"') return this.parseString();
    return this.match(NUMBER) === undefined ? this.parseLiteral() : this.parseNumber();
  }

  private parseObject(depth: number): Readonly<Record<string, unknown>> {
    const result: Record<string, unknown> = {};
    this.at += 1;
    this.blank();
    if (this.consume("}")) return result;
    do {
      this.blank();
      const start = this.at;
      if (this.text[start] !== '"') throw this.unexpected("a key in double quotes");
      const key = this.parseString();
      if (Object.hasOwn(result, key)) {
        throw this.createError(
          "duplicate-key",
          start,
          `the key ${JSON.stringify(key)} is here twice`,
          "Remove one of them",
        );
      }
      // It would set an object's prototype where someone copies it key by key.
      if (key === "__proto__") {
        throw this.createError("odd-key", start, '"__proto__" cannot be a key', "Choose another name");
      }
      this.blank();
      if (!this.consume(":")) throw this.unexpected('":"');
      result[key] = this.parseElement(result, key, start, depth);
    } while (this.consume(","));
    if (!this.consume("}")) throw this.unexpected('"," or "}"');
    return result;
  }

  private parseArray(depth: number): readonly unknown[] {
    const result: unknown[] = [];
    this.at += 1;
    this.blank();
    if (this.consume("]")) return result;
    do result.push(this.parseElement(result, result.length, undefined, depth));
    while (this.consume(","));
    if (!this.consume("]")) throw this.unexpected('"," or "]"');
    return result;
  }

  /** One value of a container, with the blanks around it. */
  private parseElement(container: object, step: string | number, key: number | undefined, depth: number): unknown {
    this.blank();
    const start = this.at;
    const parseValue = this.parseValue(depth + 1);
    this.recordPosition?.(container, step, key ?? start, start);
    this.blank();
    return parseValue;
  }

  private parseString(): string {
    const start = this.at;
    for (let end = start + 1; end < this.text.length; end += 1) {
      const code = this.text.charCodeAt(end);
      if (code === BACKSLASH) end += 1;
      else if (code < FIRST_PRINTABLE) {
        throw this.createError("not-json", end, "there is a control character or line break in this text", "Escape it");
      } else if (code === QUOTE) {
        this.at = end + 1;
        try {
          return JSON.parse(this.text.slice(start, end + 1)) as string;
        } catch {
          throw this.createError("not-json", start, "this text has a broken escape", "Write a backslash as \\\\");
        }
      }
    }
    throw this.createError("not-json", start, "this text has no closing quote", "Write the whole file again");
  }

  private parseNumber(): number {
    const start = this.at;
    const written = this.match(NUMBER) ?? "";
    this.at += written.length;
    if (/[\w.+]/.test(this.text[this.at] ?? "")) throw this.unexpected("the end of the number");
    const parseValue = Number(written);
    if (Number.isFinite(parseValue)) return parseValue;
    throw this.createError("not-finite", start, `${written} is larger than any number here`, "Write a finite number");
  }

  private parseLiteral(): unknown {
    const parseLiteral = this.match(WORD);
    if (parseLiteral === undefined) throw this.unexpected("a value");
    if (NOT_NUMBERS.test(parseLiteral)) {
      throw this.createError(
        "not-finite",
        this.at,
        `${parseLiteral} is not a finite number`,
        "Find out why it is none",
      );
    }
    if (!WORDS.has(parseLiteral)) throw this.unexpected("a value");
    this.at += parseLiteral.length;
    return WORDS.get(parseLiteral);
  }

  private unexpected(wanted: string): ActionError {
    const rest = this.text.slice(this.at, this.at + 1);
    if (rest === "") {
      const message = this.text.trim() === "" ? "the file is empty" : `the file ends where ${wanted} should stand`;
      return this.createError("not-json", this.at, message, "Write the whole file again");
    }
    const found = JSON.stringify(String.fromCodePoint(this.text.codePointAt(this.at) ?? 0));
    return this.createError("not-json", this.at, `${found} stands where ${wanted} should stand`, "Write valid JSON");
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  private blank(): void {
    this.at += this.match(BLANK)?.length ?? 0;
  }

  private consume(mark: string): boolean {
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const FIRST_PRINTABLE = 0x20;
