/** Keys that do not fit the keys beside them. */
import type { Problem } from "../../problem/problem.ts";
import { type Document, type DocumentPath, formatPath } from "../../text/document/document.ts";

/**
 * A key beside another one that gives it no meaning.
 *
 * @param beside the key and value that it stands beside, as written or by default
 * @param needs the key and value with which it would mean something
 */
export const misplacedKey = (
  path: DocumentPath,
  key: string,
  beside: string,
  needs: string,
  document: Document,
): Problem => ({
  code: "policy-misplaced-key",
  message: `${formatPath([...path, key])} means nothing with "${beside}"`,
  place: document.placeOf([...path, key], "key"),
  fix: `Remove it, or write "${needs}"`,
});

/** A key without which another one means nothing. */
export const missingKey = (path: DocumentPath, key: string, why: string, document: Document): Problem => ({
  code: "policy-missing-key",
  message: `${formatPath([...path, key])} is missing: ${why}`,
  place: document.placeOf(path, "key"),
  fix: `Add "${key}:"`,
});

/** A mapping by name without a name. */
export const emptyMapping = (path: DocumentPath, document: Document): Problem => ({
  code: "policy-wrong-value",
  message: `${formatPath(path)} must have at least 1 entry, but is empty`,
  place: document.placeOf(path),
  fix: "Write at least 1 entry, or remove it",
});

/** A short form and a long form of the same thing, both written. */
export const twoForms = (short: DocumentPath, long: DocumentPath, document: Document): Problem => ({
  code: "policy-two-forms",
  message: `${formatPath(short)} and ${formatPath(long)} exclude each other`,
  place: document.placeOf(short, "key"),
  fix: `Move it into ${formatPath(long)}, or remove ${formatPath(long)}`,
});
