/** From YAML nodes to plain values: objects, arrays, text, numbers, booleans and null. */
import { isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import type { CreateParseError } from "../document/document.ts";

/** @throws ActionError for duplicate or invalid keys, and for numbers that are not finite or would be rounded. */
export function toValue(node: Node | null, createError: CreateParseError): unknown {
  if (isSeq<Node>(node)) return node.items.map((item) => toValue(item, createError));
  if (isMap<Node, Node>(node)) {
    const seen = new Set<string>();
    const entries = node.items.map(({ key, value }): readonly [string, unknown] => {
      const name = readKey(key, createError);
      if (seen.has(name)) {
        throw createError(
          "duplicate-key",
          startOf(key),
          `the key ${JSON.stringify(name)} appears twice`,
          "Remove one of them",
        );
      }
      seen.add(name);
      return [name, toValue(value, createError)];
    });
    return Object.fromEntries(entries);
  }
  if (isScalar(node)) return readScalar(node, createError);
  return null;
}

function readKey(key: Node, createError: CreateParseError): string {
  // A key is its text as written: `2024:` is "2024", not a number, and `on:` is "on".
  const name = isScalar(key) && key.value !== null ? (key.source ?? String(key.value)) : undefined;
  if (name === undefined)
    throw createError("odd-key", startOf(key), "a key must be text", "Write a name before the colon");
  // It would set an object's prototype where someone copies it key by key.
  if (name === "__proto__")
    throw createError("odd-key", startOf(key), '"__proto__" cannot be a key', "Choose another name");
  return name;
}

function readScalar(node: Scalar, createError: CreateParseError): unknown {
  const { value } = node;
  if (typeof value === "bigint" || typeof value !== "number") return value;
  const written = node.source ?? String(value);
  if (!Number.isFinite(value)) {
    throw createError(
      "not-finite",
      startOf(node),
      `${written} is not a finite number`,
      "Write a finite number, or quote it",
    );
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw createError(
      "rounded",
      startOf(node),
      `${written} is too large to be exact`,
      "Quote it, or write a smaller number",
    );
  }
  return value;
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;
