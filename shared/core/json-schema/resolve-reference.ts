/** What a reference within a JSON Schema refers to. */
import type { DocumentPath } from "../../text/document/document.ts";
import { type SchemaObject, visitSchemas } from "./visit-schemas.ts";

interface Resolved {
  readonly path: DocumentPath;
  /** `undefined` when there is nothing. */
  readonly value: unknown;
}

/** @param reference `#`, `#/$defs/team` (URI-encoded JSON Pointer, RFC 6901), `#team` (an anchor), `#team/type` */
export function resolveReference(root: SchemaObject, reference: string): Resolved {
  const [anchor = "", ...parts] = reference.slice(reference.indexOf("#") + 1).split("/");
  const start = anchor === "" ? { path: [], value: root } : findAnchor(root, anchor);
  return follow(start, parts.map(decodePart));
}

/** @param pointer as `ajv` writes it: a JSON Pointer that is not URI-encoded */
export const resolvePointer = (root: unknown, pointer: string): Resolved =>
  follow({ path: [], value: root }, pointer.split("/").slice(1));

function follow({ path, value }: Resolved, parts: readonly string[]): Resolved {
  const steps: (string | number)[] = [...path];
  let node = value;
  for (const part of parts) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    steps.push(Array.isArray(node) ? Number(name) : name);
    const inside = typeof node === "object" && node !== null && Object.hasOwn(node, name);
    node = inside ? (node as Readonly<Record<string, unknown>>)[name] : undefined;
  }
  return { path: steps, value: node };
}

function findAnchor(root: SchemaObject, anchor: string): Resolved {
  for (const { path, schema } of visitSchemas({ path: [], schema: root })) {
    if (schema["$anchor"] === anchor || schema["$dynamicAnchor"] === anchor) return { path, value: schema };
  }
  return { path: [], value: undefined };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
