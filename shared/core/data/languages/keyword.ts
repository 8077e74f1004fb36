/** The keywords of a language, as one table: what becomes of each. */
import type { Mapping, SkippedCheck } from "./translated-contract.ts";

/** A column in this suite's own form, while it is made. */
export type ColumnDraft = Record<string, unknown>;

/** Returns why a value of the keyword cannot be checked; undefined when the draft has it now. */
export type TakeKeyword = (value: unknown, draft: ColumnDraft, all: Mapping) => string | undefined;

export type Keyword =
  /** Becomes a check of this suite. */
  | { readonly kind: "checked"; readonly as: string; readonly take: TakeKeyword }
  /** Says nothing that data could break. */
  | { readonly kind: "documentation" }
  | { readonly kind: "skipped"; readonly reason: string };

export type KeywordTable = Readonly<Record<string, Keyword>>;

export const DOCUMENTATION: Keyword = { kind: "documentation" };
export const skipped = (reason: string): Keyword => ({ kind: "skipped", reason });
export const checked = (as: string, take: TakeKeyword): Keyword => ({ kind: "checked", as, take });

/** Becomes the key of the same meaning, with the same value. */
export const renamed = (key: string): Keyword =>
  checked(`\`${key}\``, (value, draft) => {
    draft[key] = value;
    return undefined;
  });

/** The same words for many keywords. */
export const keywords = (names: readonly string[], keyword: Keyword): KeywordTable =>
  Object.fromEntries(names.map((name) => [name, keyword]));

/**
 * Applies a table to the keywords of one part, in the order of the table, so that a type is known before what depends on it.
 *
 * @param at before the name of a skipped keyword: `logicalTypeOptions.`, for example
 */
export function applyKeywords(
  table: KeywordTable,
  part: Mapping,
  draft: ColumnDraft,
  { column, at = "" }: { readonly column: string | null; readonly at?: string },
): readonly SkippedCheck[] {
  const known = Object.keys(table).filter((name) => Object.hasOwn(part, name));
  const unknown = Object.keys(part).filter((name) => !Object.hasOwn(table, name));
  return [...known, ...unknown].flatMap((name) => {
    const reason = applyKeyword(table[name] ?? skipped("it is not known"), part[name], draft, part);
    return reason === undefined ? [] : [{ check: `${at}${name}`, column, reason }];
  });
}

function applyKeyword(keyword: Keyword, value: unknown, draft: ColumnDraft, all: Mapping): string | undefined {
  switch (keyword.kind) {
    case "documentation":
      return undefined;
    case "skipped":
      return keyword.reason;
    case "checked":
      return keyword.take(value, draft, all);
  }
}
