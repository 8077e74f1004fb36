/** From YAML text to a document: strict, bounded, and with the place of every key and value. */
import { Composer, CST, isMap, isScalar, isSeq, Lexer, type Node, Parser } from "yaml";
import { type Place, userError } from "../../problem/problem.ts";
import type { CreateParseError, Document } from "../document/document.ts";
import { createLineIndex } from "../document/line-index.ts";
import { toValue } from "./to-value.ts";

/** Ten times the largest known policy or contract; a larger file is refused before it is parsed. */
const MAX_CHARACTERS = 1024 * 1024;
/** Nested collections; policies and contracts need eight. After some thousand the parser would overflow its stack. */
const MAX_DEPTH = 64;
/** The lexer's tokens, whitespace among them. Composing takes about 5 µs for each. */
const MAX_TOKENS = 400_000;

/**
 * Reads one document of YAML 1.2, core schema.
 *
 * @param kind starts the codes of all problems, for example `policy`
 * @throws ActionError naming line and column: what is not YAML, aliases and anchors, tags, directives, duplicate keys,
 * several documents, numbers that are not finite or would be rounded, control characters, more than 1 MiB or 64 levels
 */
export function readYaml(text: string, file: string, kind = "document"): Document {
  const placeIn = createLineIndex(text, file);
  const placeAt = (offset: number): Place => placeIn(Math.min(offset, text.length));
  const createError: CreateParseError = (code, offset, message, fix) =>
    userError({ code: `${kind}-${code}`, message, place: placeAt(offset), fix });

  if (text.length > MAX_CHARACTERS) {
    throw createError(
      "too-large",
      0,
      `it is larger than ${MAX_CHARACTERS} characters`,
      "Split it, or leave data out of it",
    );
  }
  const control = CONTROL.exec(text);
  if (control) {
    throw createError(
      "not-yaml",
      control.index,
      "there is a control character here",
      "Remove it, or write it as an escape",
    );
  }

  const tokens = [...tokenise(text, createError)];
  const documents = [
    ...new Composer({ uniqueKeys: false, keepSourceTokens: false }).compose(tokens, true, text.length),
  ];
  for (const document of documents) {
    const [error] = document.errors;
    if (error)
      throw createError("not-yaml", error.pos[0], stripExcerpt(error.message), FIXES[error.code] ?? "Correct it here");
  }
  const [only, second] = documents;
  if (second) {
    throw createError("not-yaml", second.range[0], "a second document starts here", 'Keep one, and remove the "---"');
  }
  const root: Node | null = only?.contents ?? null;
  const value = toValue(root, createError);

  return { kind, file, value, placeOf: (path, part = "value") => placeAt(findOffset(root, path, part)) };
}

/** Lexes and parses, and stops at what would be expensive or ambiguous to compose. */
function* tokenise(text: string, createError: CreateParseError): Generator<CST.Token> {
  const parser = new Parser();
  let offset = 0;
  let count = 0;
  let previous = "";
  for (const source of new Lexer().lex(text)) {
    const type = previous === CST.SCALAR ? "scalar" : CST.tokenType(source);
    const refused = type === null ? undefined : REFUSED[type];
    if (refused) throw createError(refused.code, offset, refused.message, refused.fix);
    yield* parser.next(source);
    count += 1;
    if (count > MAX_TOKENS) throw createError("too-large", offset, "it has too many parts", "Split it");
    if (parser.stack.length > MAX_DEPTH) {
      throw createError("too-deep", offset, `it is nested deeper than ${MAX_DEPTH} levels`, "Flatten it");
    }
    if (!CONTROL_TOKENS.has(source)) offset += source.length;
    previous = source;
  }
  yield* parser.end();
}

/** The lexer's control tokens, which have no text in the file. */
const CONTROL_TOKENS: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

const REFUSED: Readonly<Record<string, { readonly code: string; readonly message: string; readonly fix: string }>> = {
  alias: { code: "alias", message: "aliases (*name) are not supported", fix: "Write the value out" },
  anchor: { code: "alias", message: "anchors (&name) are not supported", fix: "Remove it, and write the value out" },
  tag: { code: "tag", message: "tags (!name) are not supported", fix: "Remove it; quote the value if it is text" },
  "directive-line": { code: "tag", message: "directives (%…) are not supported", fix: "Remove the line" },
};

const FIXES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "Indent with spaces",
  BAD_INDENT: "Align it with its neighbours",
  MISSING_CHAR: "Add what is missing, or quote the text",
  BAD_SCALAR_START: "Put the text in quotes",
  UNEXPECTED_TOKEN: "Remove it, or put the text in quotes",
  BLOCK_AS_IMPLICIT_KEY: 'Put text that contains ": " in quotes, or indent the lines that belong to it',
};

/** The parser's message without the excerpt of the file below it. */
const stripExcerpt = (message: string): string =>
  message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "";

/** The offset of a part; of the nearest one around it when it does not exist. */
function findOffset(root: Node | null, path: readonly (string | number)[], part: "key" | "value"): number {
  let node: Node | null = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isSeq<Node>(node) && typeof step === "number") {
      node = node.items[step] ?? null;
      if (node === null) break;
      offset = node.range?.[0] ?? offset;
    } else if (isMap<Node, Node>(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && (key.source ?? String(key.value)) === step);
      if (pair === undefined) break;
      const wantsKey = part === "key" && depth === path.length - 1;
      node = pair.value;
      offset = (wantsKey || node === null ? pair.key.range?.[0] : node.range?.[0]) ?? offset;
    } else break;
  }
  return offset;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: YAML 1.2, c-printable, leaves these out
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F]/;
