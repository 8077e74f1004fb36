/** A pattern of a JSON Schema, which may match anywhere in a text, in linear time. */
import { compilePattern } from "../../text/pattern/pattern.ts";

/** @throws PatternError */
export function compileSearch(pattern: string): { test(text: string): boolean; toString(): string } {
  // Compiled alone first, so that what is wrong is said about the pattern as it was written.
  compilePattern(pattern);
  const anywhere = compilePattern(`(?:.|\n)*(?:${pattern})(?:.|\n)*`);
  // `ajv` takes patterns with the same text for one.
  return { test: (text) => anywhere.matches(text), toString: () => pattern };
}
