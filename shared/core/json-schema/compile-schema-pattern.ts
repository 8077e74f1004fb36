/** A pattern of a JSON Schema as `ajv` takes it. */
import { compileSearch } from "../../text/pattern/compile-search.ts";

/** @throws PatternError */
export function compileSchemaPattern(pattern: string): { test(text: string): boolean; toString(): string } {
  const anywhere = compileSearch(pattern);
  // `ajv` takes patterns with the same text for one.
  return { test: (text) => anywhere.matches(text), toString: () => pattern };
}
