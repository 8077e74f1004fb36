/** The words for kinds of values and for the bounds a schema sets. */
import type { $ZodIssue } from "zod/v4/core";
import { quote } from "./document.ts";

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: 'a mapping ("key: value")',
  record: 'a mapping ("key: value")',
  array: "a list",
  null: "empty",
};

export interface Expectation {
  readonly code: string;
  /** Completes "it …", for example `must be a number`. */
  readonly must: string;
  readonly write: string;
}

/** What one complaint asks for. */
export function expectation(issue: $ZodIssue, value: unknown, description: string | undefined): Expectation {
  switch (issue.code) {
    case "invalid_type": {
      const kind = KINDS[issue.expected] ?? `of type ${issue.expected}`;
      const write = isQuotedNumber(issue.expected, value) ? "Remove the quotes" : `Write ${kind}`;
      return { code: "wrong-type", must: `must be ${kind}`, write: unquotable(issue.expected, value) ?? write };
    }
    case "too_small":
      return bound("at least", issue.inclusive === false ? "more than" : "at least", issue.minimum, issue.origin);
    case "too_big":
      return bound("at most", issue.inclusive === false ? "less than" : "at most", issue.maximum, issue.origin);
    case "invalid_format": {
      const asked = lowerFirst(description ?? (issue.pattern ? `text that matches ${issue.pattern}` : issue.format));
      return { code: "wrong-value", must: "must have the right form", write: `Write ${asked}` };
    }
    case "not_multiple_of":
      return { code: "wrong-value", must: `must be a multiple of ${issue.divisor}`, write: "Write such a number" };
    default: {
      const asked = description ?? "what the documentation of this key says";
      return { code: "wrong-value", must: "must be what is asked for here", write: `Write ${asked}` };
    }
  }
}

function bound(count: "at least" | "at most", size: string, limit: number | bigint, origin: string): Expectation {
  const plural = (noun: string): string => `${count} ${limit} ${limit === 1 ? noun : `${noun.replace(/y$/, "ie")}s`}`;
  if (origin === "string")
    return { code: "wrong-value", must: `must have ${plural("character")}`, write: `Write ${plural("character")}` };
  if (origin === "array" || origin === "set" || origin === "object" || origin === "record") {
    return { code: "wrong-value", must: `must have ${plural("entry")}`, write: `Write ${plural("entry")}` };
  }
  return { code: "wrong-value", must: `must be ${size} ${limit}`, write: `Write a number that is ${size} ${limit}` };
}

/** A value in a message: short, and with its kind where that is what is wrong. */
export function show(value: unknown): string {
  if (typeof value === "string") return value === "" ? "empty text" : `the text ${quote(value)}`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (value === null || value === undefined) return "empty";
  return typeof value === "object" ? "a mapping" : String(value);
}

/** A description as it reads in the middle of a sentence. */
export const lowerFirst = (text: string): string =>
  /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

const isQuotedNumber = (expected: string, value: unknown): boolean =>
  (expected === "number" || expected === "int") && typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value);

const unquotable = (expected: string, value: unknown): string | undefined =>
  expected === "string" && (typeof value === "number" || typeof value === "boolean") ? "Put it in quotes" : undefined;
