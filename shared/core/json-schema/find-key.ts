/** Where a key is in a JSON value. */
import type { DocumentPath } from "../../text/document/document.ts";

interface FoundKey {
  readonly path: DocumentPath;
  readonly key: string;
  readonly inner: unknown;
}

/** Every key of all objects, outer ones first. */
export function* visitKeys(value: unknown, path: DocumentPath = []): Generator<FoundKey> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(name) : name];
    if (!Array.isArray(value)) yield { path: at, key: name, inner };
    yield* visitKeys(inner, at);
  }
}

/** The path of the first key of this name and, if given, with this value. */
export function findKey(value: unknown, name: string, inner?: unknown): DocumentPath | undefined {
  for (const found of visitKeys(value)) {
    if (found.key === name && (inner === undefined || found.inner === inner)) return found.path;
  }
  return undefined;
}
