/** Holds a document to a schema: the value, or all that is wrong with it at once, each with its place. */
import type * as z from "zod";
import type { Problem } from "../../action/problem.ts";
import { assertSound, type Document } from "./document.ts";
import { explain } from "./explain.ts";

export type Checked<Value> = { readonly value: Value } | { readonly problems: readonly Problem[] };

/** More would push the first ones off the screen; GitHub shows ten annotations of a step. */
const MOST_PROBLEMS = 20;

export function check<Schema extends z.ZodType>(schema: Schema, document: Document): Checked<z.infer<Schema>> {
  // An empty message tells ours from one that the schema's author wrote.
  const result = schema.safeParse(document.value, { error: () => "" });
  if (result.success) return { value: result.data };
  const problems = explain(schema, document, result.error.issues).sort(byPlace);
  const shown = problems.slice(0, MOST_PROBLEMS);
  const last = shown.at(-1);
  const rest = problems.length - shown.length;
  if (last === undefined || rest === 0) return { problems };
  return { problems: [...shown.slice(0, -1), { ...last, message: `${last.message}; ${rest} more problems follow` }] };
}

/** @throws ActionFailure with every problem. */
export function accept<Schema extends z.ZodType>(schema: Schema, document: Document): z.infer<Schema> {
  const checked = check(schema, document);
  if ("value" in checked) return checked.value;
  assertSound(checked.problems);
  throw new Error("a schema refused a document without saying why");
}

const byPlace = (a: Problem, b: Problem): number =>
  (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
