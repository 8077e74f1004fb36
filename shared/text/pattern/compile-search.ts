/** A pattern that may match anywhere in a text, in linear time. */
import { compilePattern, type Pattern } from "./pattern.ts";

/** @throws PatternError */
export function compileSearch(pattern: string): Pattern {
  // Compiled alone first, so that what is wrong is said about the pattern as it was written.
  compilePattern(pattern);
  return compilePattern(`(?:.|\n)*(?:${pattern})(?:.|\n)*`);
}
