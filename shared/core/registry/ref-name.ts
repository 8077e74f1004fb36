/**
 * Names of models and environments inside names of tags and branches. Letters, digits, `_` and `-` stand for themselves (`-`
 * not as the first character); every other byte of the name's UTF-8 is `=` and two hex digits in capitals. So no name contains
 * what git refuses or the grammar of tags uses, names without other characters are unchanged, and the way back is unique.
 */
import { type ActionError, userError } from "../../problem/problem.ts";
import { quoteText } from "../../text/document/document.ts";

/** In bytes, escaped: a tag is a file `<model>#<environment>#<number>.lock` in some clones, and names end at 255 there. */
const MAX_BYTES = { model: 100, environment: 130 } as const;

export type NameKind = keyof typeof MAX_BYTES;

/** @throws ActionError `name-not-for-git` for a name that is too long, or cannot be written as UTF-8 */
export function escapeName(name: string, kind: NameKind): string {
  const escaped = escapeBytes(name);
  if (escaped === undefined || escaped === "") throw nameNotForGit(name, kind, "it cannot be written as UTF-8");
  const limit = MAX_BYTES[kind];
  if (escaped.length <= limit) return escaped;
  const rule = `in a tag it would have ${escaped.length} bytes, and it may have ${limit}; every character but letters, digits, _ and - takes three for each of its bytes`;
  throw nameNotForGit(name, kind, rule);
}

/** @returns the name and whether it is escaped exactly as `escapeName` does; `undefined` for what is no escaped name */
export function unescapeName(text: string): { readonly name: string; readonly isExact: boolean } | undefined {
  if (!/^(?:[A-Za-z0-9_-]|=[0-9A-Fa-f]{2})+$/.test(text)) return undefined;
  try {
    const name = decodeURIComponent(text.replaceAll("=", "%"));
    return { name, isExact: escapeBytes(name) === text };
  } catch {
    return undefined;
  }
}

export const ledgerBranchName = (model: string): string => `mlops-ledger/${escapeName(model, "model")}`;

function escapeBytes(name: string): string | undefined {
  if (!name.isWellFormed()) return undefined;
  // What a URL leaves as it is, beside letters, digits, _ and -.
  const inUrl = encodeURIComponent(name).replaceAll(
    /[.!~*'()]|^-/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return inUrl.replaceAll("%", "=");
}

const nameNotForGit = (name: string, kind: NameKind, rule: string): ActionError =>
  userError({
    code: "name-not-for-git",
    message: `git cannot hold the name of the ${kind} ${quoteText(name)}: ${rule}`,
    fix: `Give the ${kind} a shorter name in the policy`,
  });
