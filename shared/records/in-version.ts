/** From a record in memory to what is written: a record of the version that the policy asks for. */
import * as z from "zod";
import { type ActionError, userError } from "../problem/problem.ts";
import { type DocumentPath, formatPath, quoteText } from "../text/document/document.ts";
import type { ReadRecord, RecordFormat, RecordVersion } from "./record-format.ts";

/** @throws ActionError `record-1-cannot-hold`: version 1 has no place for something that a decision depends on */
export function inVersion<One, Two>(
  format: RecordFormat<One, Two>,
  record: Two,
  version: RecordVersion,
): ReadRecord<Two> {
  if (version === 2) return { record, version, written: record };
  const written = keepKnownKeys(format.schemas[1], format.downgrade(record));
  const checked = format.schemas[1].safeParse(written);
  if (checked.success) return { record: format.upgrade(checked.data), version, written };
  const path = (checked.error.issues[0]?.path ?? []).map((step) => (typeof step === "number" ? step : String(step)));
  throw cannotHold(format.kind, formatPath(path), valueAt(written, path));
}

/** @param field its path, and @param value what it holds */
export const cannotHold = (kind: string, field: string, value: unknown): ActionError =>
  userError({
    code: "record-1-cannot-hold",
    message: `version 1 of the ${kind} cannot hold ${field}: ${quoteText(JSON.stringify(value) ?? "nothing")}`,
    fix: 'Write "version: 2" in the policy',
  });

/** Drops what a schema does not name, at any depth; the order of keys stays. */
function keepKnownKeys(schema: unknown, value: unknown): unknown {
  if (schema instanceof z.ZodNullable) return keepKnownKeys(schema.unwrap(), value);
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((entry: unknown) => keepKnownKeys(schema.element, entry));
  }
  if (!(schema instanceof z.ZodObject) || typeof value !== "object" || value === null) return value;
  const shape: Readonly<Record<string, unknown>> = schema.shape;
  const known = Object.entries(value).filter(([key]) => Object.hasOwn(shape, key));
  return Object.fromEntries(known.map(([key, inner]) => [key, keepKnownKeys(shape[key], inner)]));
}

const valueAt = (root: unknown, path: DocumentPath): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null
        ? (value as Readonly<Record<string | number, unknown>>)[step]
        : undefined,
    root,
  );
