/** YAML text as plain data with positions. The limits are GitHub's, against files made to exhaust memory or time. */
import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { type FileError, InvalidFileError } from "./model.ts";
import type { Json } from "./values.ts";

/** actions/runner, ParseOptions: the depth of elements when GitHub parses a workflow. */
const maximumDepth = 50;
/** actions/runner, ParseOptions: parse events; every value is one, with aliases followed. */
const maximumValues = 1_000_000;

const tooDeep = `The file is nested deeper than ${maximumDepth} levels.`;

/** After the first few, syntax errors are only consequences of earlier ones. */
const MAX_SYNTAX_ERRORS = 10;

/** Keys and indices from the root of the file. */
export type YamlPath = readonly (string | number)[];

/** A valid YAML file. Whether it is a workflow or an action is not checked here. */
export interface YamlSource {
  readonly path: string;
  readonly value: Json;
  /** An error at the value (or key) that a path leads to, or at the nearest existing value above it. */
  errorAt(path: YamlPath, message: string, at?: "value" | "key"): FileError;
}

/**
 * @throws InvalidFileError for text that is not YAML, is too long (bytes) or too deep, or expands to too many values.
 */
export function parseYamlSource(path: string, text: string, maximumBytes: number): YamlSource {
  const lines = new LineCounter();
  const errorAt = (offset: number | undefined, message: string): FileError => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { path, line: Math.max(line, 1), column: Math.max(col, 1), message };
  };
  const invalidAt = (offset: number | undefined, message: string) => new InvalidFileError([errorAt(offset, message)]);

  const bytes = Buffer.byteLength(text);
  if (bytes > maximumBytes) {
    throw invalidAt(0, `The file has ${bytes} bytes; the limit is ${maximumBytes} bytes. Make it shorter.`);
  }
  const document = parse(text, lines, invalidAt);
  if (document.errors.length > 0) {
    throw new InvalidFileError(
      document.errors.slice(0, MAX_SYNTAX_ERRORS).map((error) => errorAt(error.pos[0], firstSentence(error.message))),
    );
  }
  return {
    path,
    value: plainValue(document, invalidAt),
    errorAt: (errorPath, message, at = "value") => errorAt(offsetAt(document, errorPath, at), message),
  };
}

type CreateError = (offset: number | undefined, message: string) => InvalidFileError;

function parse(text: string, lineCounter: LineCounter, invalidAt: CreateError): Document.Parsed {
  try {
    const document = parseDocument(text, { lineCounter, uniqueKeys: false });
    // The YAML package recurses: a file of nothing but brackets exhausts the stack before our own limit applies.
    const exhausted = document.errors.find((error) => error.code === "RESOURCE_EXHAUSTION");
    if (exhausted !== undefined) throw invalidAt(exhausted.pos[0], tooDeep);
    return document;
  } catch (error) {
    if (error instanceof RangeError) throw invalidAt(0, tooDeep);
    throw error;
  }
}

interface Plain {
  readonly value: Json;
  /** Number of values inside, including itself, with aliases followed. */
  readonly size: number;
  /** Number of levels inside. */
  readonly height: number;
}

function plainValue(document: Document.Parsed, invalidAt: CreateError): Json {
  // The target of an alias is read once, however often it is used: a short file can use one millions of times.
  const known = new Map<unknown, Plain>();
  const read = (given: unknown, depth: number): Plain => {
    const node = follow(document, given);
    const plain = known.get(node) ?? readNode(node, depth);
    if (isCollection(node)) known.set(node, plain);
    if (plain.size > maximumValues) {
      throw invalidAt(offsetOf(given), `The file has more than ${maximumValues} values once its aliases are followed.`);
    }
    if (depth + plain.height > maximumDepth) throw invalidAt(offsetOf(given), tooDeep);
    return plain;
  };
  const readNode = (node: unknown, depth: number): Plain => {
    // Also stops at an alias that points to a value around itself.
    if (depth > maximumDepth) throw invalidAt(offsetOf(node), tooDeep);
    if (isSeq(node)) {
      const items = node.items.map((item) => read(item, depth + 1));
      return collectionOf(
        items.map((item) => item.value),
        items,
      );
    }
    if (isMap(node)) {
      const entries = node.items.map(({ key, value }): [string, Plain] => {
        if (!isScalar(key)) throw invalidAt(offsetOf(key), "A key must be a plain value, not a list or a mapping.");
        return [String(key.value ?? ""), read(value, depth + 1)];
      });
      return collectionOf(
        Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
        entries.map(([, plain]) => plain),
      );
    }
    const scalar = isScalar(node) ? node.value : null;
    const isPlain = typeof scalar === "string" || typeof scalar === "number" || typeof scalar === "boolean";
    return { value: isPlain ? scalar : null, size: 1, height: 0 };
  };
  return read(document.contents, 0).value;
}

function collectionOf(value: Json, inside: readonly Plain[]): Plain {
  return {
    value,
    size: inside.reduce((sum, { size }) => sum + size, 1),
    height: inside.reduce((highest, { height }) => Math.max(highest, height + 1), 0),
  };
}

function offsetAt(document: Document.Parsed, path: YamlPath, at: "value" | "key"): number | undefined {
  let node: unknown = document.contents;
  let offset = offsetOf(node);
  for (const [index, segment] of path.entries()) {
    const parent = follow(document, node);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment))
      : undefined;
    node = isSeq(parent) ? parent.items[Number(segment)] : pair?.value;
    const wantsKey = at === "key" && index === path.length - 1;
    const found = wantsKey ? offsetOf(pair?.key) : (offsetOf(node) ?? offsetOf(pair?.key));
    if (found === undefined) break;
    offset = found;
  }
  return offset;
}

function follow(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function offsetOf(node: unknown): number | undefined {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)
    ? Number(node.range[0])
    : undefined;
}

/** The YAML package appends the position and an excerpt; the error has the position already. */
function firstSentence(message: string): string {
  return `${(message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:?$/, "")}.`;
}
