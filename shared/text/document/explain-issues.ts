/** Turns a schema's validation issues into problems: what is wrong, and what to write instead. */
import type * as z from "zod";
import type { $ZodIssue } from "zod/v4/core";
import type { Problem } from "../../problem/problem.ts";
import { findClosestMatch } from "./closest-match.ts";
import { describeExpectation, formatValue, lowerFirst } from "./describe-expectation.ts";
import { type Document, type DocumentPath, formatChoices, formatPath, quoteText } from "./document.ts";
import { type Choice, choicesAt, descriptionAt, keysAt } from "./schema-at.ts";

/** One or more problems for each issue; a misspelt key and the required key it was meant for are reported once. */
export function explainIssues(schema: z.ZodType, document: Document, issues: readonly $ZodIssue[]): Problem[] {
  const explained = issues.flatMap((issue) => explainIssue(schema, document, issue));
  const misspelt = new Set(explained.flatMap(({ meant }) => (meant === undefined ? [] : [meant])));
  return explained
    .filter(({ missing }) => missing === undefined || !misspelt.has(missing))
    .map(({ problem }) => problem);
}

/** Of one mapping: more are not typos, but another kind of file. */
const MAX_UNKNOWN_KEYS = 20;

interface ExplainedIssue {
  readonly problem: Problem;
  /** The path of a required key that is missing. */
  readonly missing?: string;
  /** The path of the key that a misspelt one was probably meant for. */
  readonly meant?: string | undefined;
}

function explainIssue(schema: z.ZodType, document: Document, issue: $ZodIssue): readonly ExplainedIssue[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys")
    return issue.keys.slice(0, MAX_UNKNOWN_KEYS).map((key) => unknownKey(schema, document, path, key));
  const branch = issue.code === "invalid_union" ? findClosestAlternative(issue.errors) : undefined;
  if (branch) {
    return branch.flatMap((inner) =>
      explainIssue(schema, document, { ...inner, path: [...issue.path, ...inner.path] }),
    );
  }
  const value = valueAt(document.value, path);
  if (value === undefined && path.length > 0) return [missingKey(schema, document, path)];
  return [{ problem: wrongValue(schema, document, path, value, issue) }];
}

function missingKey(schema: z.ZodType, document: Document, path: DocumentPath): ExplainedIssue {
  const name = formatPath(path);
  return {
    problem: {
      code: `${document.kind}-missing-key`,
      message: `${name} is missing`,
      place: document.placeOf(path),
      fix: missingKeyFix(String(path.at(-1)), choicesAt(schema, path), descriptionAt(schema, path)),
    },
    missing: name,
  };
}

function wrongValue(
  schema: z.ZodType,
  document: Document,
  path: DocumentPath,
  value: unknown,
  issue: $ZodIssue,
): Problem {
  const name = path.length === 0 ? `the ${document.kind}` : formatPath(path);
  const problem = (code: string, message: string, fix: string): Problem => ({
    code: `${document.kind}-${code}`,
    message: `${name} ${message}`,
    place: document.placeOf(path, code === "wrong-key" ? "key" : "value"),
    fix,
  });

  if (issue.code === "invalid_key" || issue.code === "invalid_element") {
    return problem("wrong-key", "has an invalid name", keyFix(issue));
  }
  if (issue.message !== "" && value !== null) {
    return problem("wrong-value", `must be ${issue.message}, but is ${formatValue(value)}`, `Write ${issue.message}`);
  }
  const choices = choicesAt(schema, path);
  if (choices.length > 0 && (issue.code === "invalid_value" || issue.code === "invalid_union")) {
    const closest = typeof value === "string" ? findClosestMatch(value, choices.map(String)) : undefined;
    const meant = choices.find((choice) => choice === closest);
    const message = `must be ${formatChoices(choices)}, but is ${formatValue(value)}`;
    return problem("wrong-value", message, `Write ${formatChoices(meant === undefined ? choices : [meant])}`);
  }
  if (value === null || value === undefined) return problem("wrong-type", "is empty", emptyFix(schema, path));
  const { code, requirement, fix } = describeExpectation(issue, value, descriptionAt(schema, path));
  return problem(code, `${requirement}, but is ${formatValue(value)}`, fix);
}

function unknownKey(schema: z.ZodType, document: Document, path: DocumentPath, key: string): ExplainedIssue {
  const known = keysAt(schema, path);
  const meant = findClosestMatch(key, known);
  const where = path.length === 0 ? "" : ` in ${formatPath(path)}`;
  return {
    problem: {
      code: `${document.kind}-unknown-key`,
      message: `unknown key ${quoteText(key)}${where}`,
      place: document.placeOf([...path, key], "key"),
      fix: meant === undefined ? `Remove it, or write ${formatChoices(known)}` : `Write "${meant}"`,
    },
    meant: meant === undefined ? undefined : formatPath([...path, meant]),
  };
}

/** Of a union's alternatives, the one that was probably meant: its validation got furthest. */
function findClosestAlternative(alternatives: readonly (readonly $ZodIssue[])[]): readonly $ZodIssue[] | undefined {
  const depth = (issues: readonly $ZodIssue[]): number =>
    Math.min(...issues.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)));
  const [best] = alternatives
    .filter((issues) => issues.length > 0)
    .sort((a, b) => depth(b) - depth(a) || a.length - b.length);
  return best !== undefined && depth(best) > 0 ? best : undefined;
}

function missingKeyFix(key: string, choices: readonly Choice[], description: string | undefined): string {
  if (choices.length > 0 && choices.length < 5)
    return `Add ${choices.map((choice) => quoteText(`${key}: ${choice}`)).join(" or ")}`;
  return description === undefined ? `Add "${key}:"` : `Add "${key}:" (${lowerFirst(description)})`;
}

/** What a record's keys must be, if the schema's author described it. */
function keyFix(issue: Extract<$ZodIssue, { code: "invalid_key" | "invalid_element" }>): string {
  const [first] = issue.issues;
  return first?.message ? `Write ${first.message}` : "Write another name";
}

function emptyFix(schema: z.ZodType, path: DocumentPath): string {
  const description = descriptionAt(schema, path);
  const keys = keysAt(schema, path);
  if (description !== undefined) return `Write a value: ${lowerFirst(description)}`;
  return keys.length > 0 ? `Write at least one of its keys: ${keys.join(", ")}` : "Write a value";
}

function valueAt(root: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    return (value as Readonly<Record<string | number, unknown>>)[step];
  }, root);
}
