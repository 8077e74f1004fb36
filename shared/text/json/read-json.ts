/** From JSON text to a document: strict, bounded, and with the place of every key and value. */
import { type Place, userError } from "../../problem/problem.ts";
import type { CreateParseError, Document, DocumentPath } from "../document/document.ts";
import { createLineIndex } from "../document/line-index.ts";
import { JsonParser, type RecordPosition } from "./json-parser.ts";

/** A verdict with 100,000 metrics is below this; a job reads it in about a second. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

export interface JsonReading {
  /**
   * `keep`: NaN and Infinity as Python writes them, and numbers that are too large, are read as such (refused otherwise), and a
   * number that would be rounded as the text that it is.
   */
  readonly nonFinite?: "keep";
  /** The line of the file that the text is, for JSON Lines. */
  readonly line?: number;
}

/**
 * Reads one JSON value; a byte order mark before it is ignored.
 *
 * @param kind starts the codes of all problems, for example `record`
 * @throws ActionError naming line and column: `not-json`, `duplicate-key`, `not-finite`, `odd-key`, `too-deep`, `too-large`
 */
export function readJson(text: string, file: string, kind = "document", reading: JsonReading = {}): Document {
  const placeIn = createLineIndex(text, file);
  const { nonFinite, line } = reading;
  const placeAt = (offset: number): Place => ({ ...placeIn(offset), ...(line !== undefined && { line }) });
  const createError: CreateParseError = (code, offset, message, fix) =>
    userError({ code: `${kind}-${code}`, message, place: placeAt(offset), fix });

  if (text.length > MAX_CHARACTERS) {
    throw createError("too-large", 0, `it is larger than ${MAX_CHARACTERS} characters`, "Write less into it");
  }
  const value = new JsonParser(text, createError, { nonFinite }).parse();
  // Places are needed only when something is wrong: then the text is parsed again, which saves memory otherwise.
  let index: PositionIndex | undefined;
  return {
    kind,
    file,
    value,
    placeOf(path, part = "value") {
      index ??= indexPositions(text, createError, nonFinite);
      return placeAt(findOffset(index, path, part));
    },
  };
}

interface PositionIndex {
  readonly root: unknown;
  readonly start: number;
  readonly parts: ReadonlyMap<object, ReadonlyMap<string | number, { readonly key: number; readonly value: number }>>;
}

function indexPositions(text: string, createError: CreateParseError, nonFinite: "keep" | undefined): PositionIndex {
  const parts = new Map<object, Map<string | number, { readonly key: number; readonly value: number }>>();
  const recordPosition: RecordPosition = (container, step, key, value) => {
    const known = parts.get(container) ?? new Map();
    parts.set(container, known.set(step, { key, value }));
  };
  const root = new JsonParser(text, createError, { nonFinite, recordPosition }).parse();
  return { root, start: Math.max(0, text.search(/[^\s\uFEFF]/)), parts };
}

function findOffset({ root, start, parts }: PositionIndex, path: DocumentPath, part: "key" | "value"): number {
  let node = root;
  let offset = start;
  for (const [depth, step] of path.entries()) {
    const places = typeof node === "object" && node !== null ? parts.get(node)?.get(step) : undefined;
    if (places === undefined) return offset;
    offset = part === "key" && depth === path.length - 1 ? places.key : places.value;
    node = (node as Readonly<Record<string | number, unknown>>)[step];
  }
  return offset;
}
