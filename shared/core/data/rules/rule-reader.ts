/** The words of a rule, from left to right. */
import { RuleError } from "./rule-error.ts";

export interface Word {
  readonly kind: "name" | "quoted-name" | "number" | "text" | "sign" | "end";
  readonly text: string;
  readonly at: number;
}

/** Far more than a readable rule needs. */
const MAX_LENGTH = 2000;
/** Deeper is no rule that somebody reads; it would end in an overflow of the stack. */
const MAX_DEPTH = 50;

const WORD =
  /(?<blank>\s+)|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?(?![\w.]))|(?<name>[\p{L}_][\p{L}\p{M}\p{N}_]*)|`(?<quotedName>(?:[^`]|``)+)`|'(?<text>(?:[^']|'')*)'|(?<sign><=|>=|!=|[=<>+\-*(),])/uy;

function splitWords(rule: string): readonly Word[] {
  if (rule.length > MAX_LENGTH)
    throw new RuleError(0, `it is longer than ${MAX_LENGTH} characters`, "Make it two rules");
  const words: Word[] = [];
  WORD.lastIndex = 0;
  for (let at = 0; at < rule.length; at = WORD.lastIndex) {
    const groups = WORD.exec(rule)?.groups;
    if (groups === undefined) throw unexpectedCharacter(rule, at);
    const { blank, number, name, quotedName, text, sign } = groups;
    if (blank !== undefined) continue;
    if (number !== undefined) words.push({ kind: "number", text: number, at });
    else if (name !== undefined) words.push({ kind: "name", text: name, at });
    else if (quotedName !== undefined) words.push({ kind: "quoted-name", text: quotedName.replaceAll("``", "`"), at });
    else if (text !== undefined) words.push({ kind: "text", text: text.replaceAll("''", "'"), at });
    else words.push({ kind: "sign", text: sign ?? "", at });
  }
  return words;
}

const CLOSING: Readonly<Record<string, string>> = {
  "'": "The text needs a closing quote",
  "`": "The name needs a closing backquote",
};

function unexpectedCharacter(rule: string, at: number): RuleError {
  const character = String.fromCodePoint(rule.codePointAt(at) ?? 0);
  const fix =
    CLOSING[character] ?? "Put names that are no plain words in backquotes: `unit price`; compare with = != < <= > >=";
  return new RuleError(at, `${JSON.stringify(character)} cannot be read`, fix);
}

export class RuleReader {
  readonly #words: readonly Word[];
  readonly #end: Word;
  #next = 0;
  #depth = 0;

  constructor(rule: string) {
    this.#words = splitWords(rule);
    this.#end = { kind: "end", text: "", at: rule.length };
  }

  get word(): Word {
    return this.#words[this.#next] ?? this.#end;
  }

  take(): Word {
    const { word } = this;
    this.#next += 1;
    return word;
  }

  /** Takes the next word if it is this sign or keyword; keywords in any case. */
  takeIf(...texts: readonly string[]): Word | undefined {
    const { kind, text } = this.word;
    const isKeyword = kind === "name" && texts.includes(text.toLowerCase());
    return isKeyword || (kind === "sign" && texts.includes(text)) ? this.take() : undefined;
  }

  /** @throws RuleError when the next word is something else */
  expect(text: string, why: string): void {
    if (this.takeIf(text) === undefined) throw this.unexpected(why);
  }

  unexpected(fix: string): RuleError {
    const { kind, text, at } = this.word;
    return new RuleError(at, kind === "end" ? "it ends too early" : `${JSON.stringify(text)} is not expected`, fix);
  }

  /** Reads a part inside of another. */
  deeper<Part>(read: () => Part): Part {
    if (this.#depth >= MAX_DEPTH) throw new RuleError(this.word.at, "it is nested too deeply", "Make it two rules");
    this.#depth += 1;
    const part = read();
    this.#depth -= 1;
    return part;
  }
}
