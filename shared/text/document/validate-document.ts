/** Validates a document against a schema: the value, or all problems at once, each with its place. */
import type * as z from "zod";
import type { Problem } from "../../problem/problem.ts";
import { type Document, throwIfProblems } from "./document.ts";
import { explainIssues } from "./explain-issues.ts";

export type ValidationResult<Value> = { readonly value: Value } | { readonly problems: readonly Problem[] };

/** More would push the first ones off the screen; GitHub shows ten annotations of a step. */
const MAX_PROBLEMS = 20;
/** A file of wrong values has thousands, and each explanation looks its place up. */
const MAX_EXPLAINED = 100;

export function validateDocument<Schema extends z.ZodType>(
  schema: Schema,
  document: Document,
): ValidationResult<z.infer<Schema>> {
  // The message is empty unless the schema's author wrote one.
  const result = schema.safeParse(document.value, { error: () => "" });
  if (result.success) return { value: result.data };
  const { issues } = result.error;
  const problems = explainIssues(schema, document, issues.slice(0, MAX_EXPLAINED)).sort(byPlace);
  const shown = problems.slice(0, MAX_PROBLEMS);
  const last = shown.at(-1);
  const rest = problems.length - shown.length + Math.max(0, issues.length - MAX_EXPLAINED);
  if (last === undefined || rest === 0) return { problems };
  return {
    problems: [...shown.slice(0, -1), { ...last, message: `${last.message}; there are ${rest} more problems` }],
  };
}

/** @throws ActionError with every problem. */
export function validateOrThrow<Schema extends z.ZodType>(schema: Schema, document: Document): z.infer<Schema> {
  const result = validateDocument(schema, document);
  if ("value" in result) return result.value;
  throwIfProblems(result.problems);
  throw new Error("a schema rejected a document without an issue");
}

const byPlace = (a: Problem, b: Problem): number =>
  (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
