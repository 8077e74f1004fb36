/** Reads YAML that belongs to other programs, as leniently as they do: it cannot be changed for this suite. */
import { type Document, isScalar, parseDocument, visit } from "yaml";
import { exactNumber } from "../decimal/exact-number.ts";

export type ForeignYaml =
  | { readonly value: unknown }
  | { readonly value?: undefined; readonly problem: string; readonly line: number | undefined };

/**
 * Merge keys (`<<`) are followed. A number that would be rounded, and one with a leading zero, which is octal for some programs
 * and not for others, is kept as the text that it is.
 */
export function readForeignYaml(source: string, maxLength: number): ForeignYaml {
  if (source.length > maxLength) return refuse(`it is longer than ${maxLength} characters`);
  if (isNestedTooDeep(source)) return refuse(TOO_DEEP);
  try {
    const document = parseDocument(source, { version: "1.2", schema: "core", merge: true, uniqueKeys: false });
    const [error] = document.errors;
    if (error?.code === "MULTIPLE_DOCS") return refuse("a second document starts here", error.linePos?.[0].line);
    if (error?.message.includes("call stack")) return refuse(TOO_DEEP);
    if (error !== undefined) return refuse(error.message.split(/ at line|\n/)[0] ?? "", error.linePos?.[0].line);
    const repeated = findRepeatedKey(document);
    if (repeated !== undefined) {
      return refuse("a key appears twice", source.slice(0, repeated).split("\n").length);
    }
    keepInexact(document);
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    return refuse(TOO_DEEP);
  }
}

/** @returns `undefined` for what is too long, has too many aliases or cannot be read */
export const parseForeignYaml = (source: string, maxLength: number): unknown =>
  readForeignYaml(source, maxLength).value;

const TOO_DEEP = "it is nested too deep, or has too many aliases";

/** The parser takes a kilobyte and more for each bracket that is left open. */
const MAX_OPEN_BRACKETS = 1_000;
function isNestedTooDeep(source: string): boolean {
  let open = 0;
  for (const [bracket] of source.matchAll(/[[\]{}]/g)) {
    open = Math.max(0, open + (bracket === "[" || bracket === "{" ? 1 : -1));
    if (open > MAX_OPEN_BRACKETS) return true;
  }
  return false;
}

const refuse = (problem: string, line?: number): ForeignYaml => ({ problem, line });

/** The offset of a key that is there twice; the parser's own search takes quadratic time. */
function findRepeatedKey(document: Document): number | undefined {
  let repeated: number | undefined;
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || key.value === "<<") continue;
        const name = String(key.value);
        if (seen.has(name)) repeated ??= key.range?.[0] ?? 0;
        seen.add(name);
      }
      return repeated === undefined ? undefined : visit.BREAK;
    },
  });
  return repeated;
}

function keepInexact(document: Document): void {
  visit(document, {
    Scalar(_, node) {
      if (!isScalar(node) || typeof node.value !== "number" || node.source === undefined) return;
      if (/^[-+]?0\d/.test(node.source) || exactNumber(node.source, node.value) === undefined) node.value = node.source;
    },
  });
}
