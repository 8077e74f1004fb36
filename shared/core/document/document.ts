/** A text that was read, and where in it each part stands. */
import { ActionFailure, type Place, type Problem } from "../../action/problem.ts";

/** Keys and indexes from the document's root. */
export type Path = readonly (string | number)[];

export interface Document {
  /** What it is, in one word: it starts the codes of all problems with it, `policy` in `policy-unknown-key`. */
  readonly what: string;
  /** As people know the file: its path from the repository's root. */
  readonly file: string;
  readonly value: unknown;
  /**
   * Where a part stands, from 1: its value, or the key that introduces it. For a part that is not there, the nearest part
   * around it.
   */
  placeOf(path: Path, part?: "key" | "value"): Place;
}

/** `gates[0].slices.poor-health`; the root is the empty text. */
export function writePath(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const name = /^[\w-]{1,60}$/.test(part) ? part : quote(part);
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

/** Text from a file, made short enough for a message and unmistakable in it. */
export function quote(text: string): string {
  const characters = [...text.slice(0, 2 * LONGEST_QUOTE)];
  return JSON.stringify(characters.length > LONGEST_QUOTE ? `${characters.slice(0, LONGEST_QUOTE).join("")}…` : text);
}

const LONGEST_QUOTE = 60;

/** `"a", "b" or "c"`: text in quotes, as a person would have to write it; numbers as they are. */
export function oneOf(values: readonly (string | number | boolean | null)[]): string {
  const quoted = values.map((value) => (typeof value === "string" ? quote(value) : String(value)));
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

/** @throws ActionFailure with these problems, if there are any. */
export function assertSound(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ActionFailure("mistake", problems);
}
