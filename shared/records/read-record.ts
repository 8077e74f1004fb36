/** From a record's text to the record. */
import type * as z from "zod";
import { quoteText, throwIfProblems } from "../text/document/document.ts";
import { validateOrThrow } from "../text/document/validate-document.ts";
import { readJson } from "../text/json/read-json.ts";

/** A record's schema: an object that names its own kind and version. */
export type RecordSchema = z.ZodObject<{ schema: z.ZodLiteral<string> }>;

/**
 * Reads and validates a record. Records may come from a run that an untrusted user started: nothing is read leniently.
 *
 * @param schema one of this folder's, for example `verdict`
 * @param file where it came from, as users know it
 * @throws ActionError: `record-other-kind`, or every problem with line and column; all codes start with `record-`
 */
export function readRecord<Schema extends RecordSchema>(schema: Schema, text: string, file: string): z.infer<Schema> {
  const document = readJson(text, file, "record");
  const expected = schema.shape.schema.value;
  const found = kindOf(document.value);
  // Reported alone: other differences follow from it.
  if (found !== expected) {
    const message =
      found === undefined
        ? `this is not a record of mlops-actions; ${quoteText(expected)} is required`
        : `this is the record ${quoteText(found)}, not ${quoteText(expected)}`;
    throwIfProblems([
      {
        code: "record-other-kind",
        message,
        place: document.placeOf(["schema"]),
        fix: "Give the right file, written by the same release of mlops-actions",
      },
    ]);
  }
  return validateOrThrow(schema, document);
}

function kindOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("schema" in value)) return undefined;
  return typeof value.schema === "string" ? value.schema : undefined;
}
