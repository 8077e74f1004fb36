/** Describes what a schema expects: the kind of a value and its bounds. */
import type { $ZodIssue } from "zod/v4/core";
import { quoteText } from "./document.ts";

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
  readonly requirement: string;
  readonly fix: string;
}

/** What one validation issue expects. */
export function describeExpectation(issue: $ZodIssue, value: unknown, description: string | undefined): Expectation {
  switch (issue.code) {
    case "invalid_type": {
      const kind = KINDS[issue.expected] ?? `of type ${issue.expected}`;
      const fix = isQuotedNumber(issue.expected, value) ? "Remove the quotes" : `Write ${kind}`;
      return { code: "wrong-type", requirement: `must be ${kind}`, fix: unquotable(issue.expected, value) ?? fix };
    }
    case "too_small":
      return describeBound(
        "at least",
        issue.inclusive === false ? "more than" : "at least",
        issue.minimum,
        issue.origin,
      );
    case "too_big":
      return describeBound("at most", issue.inclusive === false ? "less than" : "at most", issue.maximum, issue.origin);
    case "invalid_format": {
      const format = lowerFirst(description ?? (issue.pattern ? `text that matches ${issue.pattern}` : issue.format));
      return { code: "wrong-value", requirement: "must have the right format", fix: `Write ${format}` };
    }
    case "not_multiple_of":
      return { code: "wrong-value", requirement: `must be a multiple of ${issue.divisor}`, fix: "Write such a number" };
    default: {
      const valid = description ?? "a value as the documentation of this key describes it";
      return { code: "wrong-value", requirement: "must be a valid value", fix: `Write ${valid}` };
    }
  }
}

function describeBound(
  count: "at least" | "at most",
  size: string,
  limit: number | bigint,
  origin: string,
): Expectation {
  const plural = (noun: string): string => `${count} ${limit} ${limit === 1 ? noun : `${noun.replace(/y$/, "ie")}s`}`;
  if (origin === "string")
    return {
      code: "wrong-value",
      requirement: `must have ${plural("character")}`,
      fix: `Write ${plural("character")}`,
    };
  if (origin === "array" || origin === "set" || origin === "object" || origin === "record") {
    return { code: "wrong-value", requirement: `must have ${plural("entry")}`, fix: `Write ${plural("entry")}` };
  }
  return {
    code: "wrong-value",
    requirement: `must be ${size} ${limit}`,
    fix: `Write a number that is ${size} ${limit}`,
  };
}

/** A value as messages show it: short, and with its kind where that may be wrong. */
export function formatValue(value: unknown): string {
  if (typeof value === "string") return value === "" ? "empty text" : `the text ${quoteText(value)}`;
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
