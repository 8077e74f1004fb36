/** RFC 8259, and nothing beyond it. */
import type { ActionError } from "../../problem/problem.ts";
import { exactNumber } from "../decimal/exact-number.ts";
import type { CreateParseError } from "../document/document.ts";

/** Called for every part of every array and object: where its key (in an array, the part itself) and its value start. */
export type RecordPosition = (container: object, step: string | number, key: number, value: number) => void;

/** Nested arrays and objects; records need six, and the call stack allows some thousand. */
const MAX_DEPTH = 64;

const WHITESPACE = /[ \t\n\r]*/y;
/** With more digits than any program writes, matching alone would overflow the stack. */
const NUMBER = /-?(?:0|[1-9]\d{0,4095})(?:\.\d{1,4096})?(?:[eE][+-]?\d{1,4096})?/y;
const LITERAL = /[-+]?[A-Za-z_][\w]*/y;
const LITERALS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);
/** How programs write NaN and infinity. */
const NOT_NUMBERS = /^[-+]?(?:nan|inf|infinity)$/i;

export interface JsonParserOptions {
  /** Beyond the RFC: NaN and infinity are read, as Python writes them; a number that would be rounded is its text. */
  readonly nonFinite?: "keep" | undefined;
  /** Makes the value of a number from how it is written. Then NaN and infinity are numbers, as Python writes them. */
  readonly readNumber?: ((written: string) => unknown) | undefined;
  readonly recordPosition?: RecordPosition;
}

export class JsonParser {
  private at = 0;
  private readonly text: string;
  private readonly createError: CreateParseError;
  private readonly recordPosition: RecordPosition | undefined;
  private readonly nonFinite: "keep" | undefined;
  private readonly readNumber: ((written: string) => unknown) | undefined;

  constructor(
    text: string,
    createError: CreateParseError,
    { nonFinite, readNumber, recordPosition }: JsonParserOptions = {},
  ) {
    this.text = text;
    this.createError = createError;
    this.recordPosition = recordPosition;
    this.nonFinite = nonFinite;
    this.readNumber = readNumber;
  }

  /** @throws ActionError at the first invalid character. */
  parse(): unknown {
    if (this.text.startsWith("\uFEFF")) this.at = 1;
    const value = this.parseValue(0);
    this.skipWhitespace();
    if (this.at < this.text.length) throw this.unexpected("the end of the file");
    return value;
  }

  private parseValue(depth: number): unknown {
    this.skipWhitespace();
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
    this.skipWhitespace();
    if (this.consume("}")) return result;
    do {
      this.skipWhitespace();
      const start = this.at;
      if (this.text[start] !== '"') throw this.unexpected("a key in double quotes");
      const key = this.parseString();
      if (Object.hasOwn(result, key)) {
        throw this.createError(
          "duplicate-key",
          start,
          `the key ${JSON.stringify(key)} appears twice`,
          "Remove one of them",
        );
      }
      // It would set an object's prototype where someone copies it key by key.
      if (key === "__proto__") {
        throw this.createError("odd-key", start, '"__proto__" cannot be a key', "Choose another name");
      }
      this.skipWhitespace();
      if (!this.consume(":")) throw this.unexpected('":"');
      result[key] = this.parseElement(result, key, start, depth);
    } while (this.consume(","));
    if (!this.consume("}")) throw this.unexpected('"," or "}"');
    return result;
  }

  private parseArray(depth: number): readonly unknown[] {
    const result: unknown[] = [];
    this.at += 1;
    this.skipWhitespace();
    if (this.consume("]")) return result;
    do result.push(this.parseElement(result, result.length, undefined, depth));
    while (this.consume(","));
    if (!this.consume("]")) throw this.unexpected('"," or "]"');
    return result;
  }

  /** One value of a container, with the whitespace around it. */
  private parseElement(container: object, step: string | number, key: number | undefined, depth: number): unknown {
    this.skipWhitespace();
    const start = this.at;
    const value = this.parseValue(depth + 1);
    this.recordPosition?.(container, step, key ?? start, start);
    this.skipWhitespace();
    return value;
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
          throw this.createError("not-json", start, "this text has an invalid escape", "Write a backslash as \\\\");
        }
      }
    }
    throw this.createError("not-json", start, "this text has no closing quote", "Write the whole file again");
  }

  private parseNumber(): unknown {
    const start = this.at;
    const written = this.match(NUMBER) ?? "";
    this.at += written.length;
    if (/[\w.+]/.test(this.text[this.at] ?? "")) throw this.unexpected("the end of the number");
    if (this.readNumber !== undefined) return this.readNumber(written);
    const value = Number(written);
    if (this.nonFinite === "keep") return exactNumber(written, value) ?? written;
    if (Number.isFinite(value)) return value;
    throw this.createError("not-finite", start, `${written} is too large for a number`, "Write a finite number");
  }

  private parseLiteral(): unknown {
    const literal = this.match(LITERAL);
    if (literal === undefined) throw this.unexpected("a value");
    if (NOT_NUMBERS.test(literal) && this.readNumber !== undefined) {
      this.at += literal.length;
      return this.readNumber(literal);
    }
    if (NOT_NUMBERS.test(literal) && this.nonFinite === "keep") {
      this.at += literal.length;
      if (/nan/i.test(literal)) return Number.NaN;
      return literal.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    }
    if (NOT_NUMBERS.test(literal)) {
      const fix = "Find out why it is not finite";
      throw this.createError("not-finite", this.at, `${literal} is not a finite number`, fix);
    }
    if (!LITERALS.has(literal)) throw this.unexpected("a value");
    this.at += literal.length;
    return LITERALS.get(literal);
  }

  private unexpected(expected: string): ActionError {
    const rest = this.text.slice(this.at, this.at + 1);
    if (rest === "") {
      const message = this.text.trim() === "" ? "the file is empty" : `the file ends where ${expected} is expected`;
      return this.createError("not-json", this.at, message, "Write the whole file again");
    }
    const found = JSON.stringify(String.fromCodePoint(this.text.codePointAt(this.at) ?? 0));
    return this.createError("not-json", this.at, `there is ${found} where ${expected} is expected`, "Write valid JSON");
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  private skipWhitespace(): void {
    this.at += this.match(WHITESPACE)?.length ?? 0;
  }

  private consume(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const FIRST_PRINTABLE = 0x20;
