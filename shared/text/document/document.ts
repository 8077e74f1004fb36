/** A parsed file, and where in it each part is. */
import { ActionError, type Place, type Problem } from "../../problem/problem.ts";

/** Keys and indexes from the document's root. */
export type DocumentPath = readonly (string | number)[];

export interface Document {
  /** What it is, in one word: the codes of its problems start with it, as in `policy-unknown-key`. */
  readonly kind: string;
  /** As users know the file: its path from the repository's root. */
  readonly file: string;
  readonly value: unknown;
  /**
   * Where a part is, from 1: its value, or the key before it. For a part that does not exist, the nearest part around it.
   */
  placeOf(path: DocumentPath, part?: "key" | "value"): Place;
}

/** Creates the error for what is at an offset of the text; `code` is without the document's kind. */
export type CreateParseError = (code: string, offset: number, message: string, fix: string) => ActionError;

/** `gates[0].slices.poor-health`; the root is the empty text. */
export function formatPath(path: DocumentPath): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const name = /^[\w-]{1,60}$/.test(part) ? part : quoteText(part);
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

/** Text from a file, shortened for a message and in quotes. */
export function quoteText(text: string): string {
  const characters = [...text.slice(0, 2 * MAX_QUOTE_LENGTH)];
  return JSON.stringify(
    characters.length > MAX_QUOTE_LENGTH ? `${characters.slice(0, MAX_QUOTE_LENGTH).join("")}…` : text,
  );
}

const MAX_QUOTE_LENGTH = 60;

/** `"a", "b" or "c"`: text in quotes, as a user would write it; numbers as they are. */
export function formatChoices(values: readonly (string | number | boolean | null)[]): string {
  const quoted = values.map((value) => (typeof value === "string" ? quoteText(value) : String(value)));
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

/** @throws ActionError with these problems, if there are any. */
export function throwIfProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ActionError("user-error", problems);
}
