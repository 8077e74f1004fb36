/** A text that was read, and where in it each part stands. */
import { ActionError, type Place, type Problem } from "../../problem/problem.ts";

/** Keys and indexes from the document's root. */
export type DocumentPath = readonly (string | number)[];

export interface Document {
  /** What it is, in one word: it starts the codes of all problems with it, `policy` in `policy-unknown-key`. */
  readonly kind: string;
  /** As people know the file: its path from the repository's root. */
  readonly file: string;
  readonly value: unknown;
  /**
   * Where a part stands, from 1: its value, or the key that introduces it. For a part that is not there, the nearest part
   * around it.
   */
  placeOf(path: DocumentPath, part?: "key" | "value"): Place;
}

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

/** Text from a file, made short enough for a message and unmistakable in it. */
export function quoteText(text: string): string {
  const characters = [...text.slice(0, 2 * MAX_QUOTE_LENGTH)];
  return JSON.stringify(
    characters.length > MAX_QUOTE_LENGTH ? `${characters.slice(0, MAX_QUOTE_LENGTH).join("")}…` : text,
  );
}

const MAX_QUOTE_LENGTH = 60;

/** `"a", "b" or "c"`: text in quotes, as a person would have to write it; numbers as they are. */
export function formatChoices(values: readonly (string | number | boolean | null)[]): string {
  const quoted = values.map((value) => (typeof value === "string" ? quoteText(value) : String(value)));
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

/** @throws ActionError with these problems, if there are any. */
export function throwIfProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ActionError("user-error", problems);
}
