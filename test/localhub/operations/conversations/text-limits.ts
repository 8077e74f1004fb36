/** How long the texts of a conversation may be. */
import type { FieldError } from "../../world/api-error.ts";
import { validationFailed } from "../../world/api-error.ts";

/**
 * GitHub's error names the limit: "Body is too long (maximum is 65536 characters)". A character is a code point: 65,536
 * rainbow emoji (131,072 UTF-16 units) are accepted (measured in dead-claudia/github-limits#13). At four bytes a code
 * point that is also the 262,144 bytes of its database column; GitHub was seen to accept more ASCII than documented,
 * the local GitHub follows the documentation.
 */
const BODY_LIMIT = 65_536;

/** GitHub's error: "title is too long (maximum is 256 characters)". */
const TITLE_LIMIT = 256;

/** For comments and reviews GitHub's errors differ from those for issues and pull requests. */
export function assertComment(resource: string, body: string): void {
  if (body.trim() === "") throw validationFailed(unprocessableText(resource, "Body cannot be blank"));
  assertBody(resource, body);
}

export function assertBody(resource: string, body: string): void {
  if (countCharacters(body) <= BODY_LIMIT) return;
  throw validationFailed(unprocessableText(resource, `Body is too long (maximum is ${BODY_LIMIT} characters)`));
}

/** The title and text of an issue or a pull request. @throws ApiError 422 with GitHub's message. */
export function assertTitleAndBody(
  resource: string,
  texts: { readonly title?: string; readonly body?: string | null },
): void {
  const errors: FieldError[] = [];
  if (texts.title !== undefined) {
    if (texts.title.trim() === "") errors.push({ resource, code: "missing_field", field: "title" });
    if (countCharacters(texts.title) > TITLE_LIMIT) errors.push(tooLong(resource, "title", TITLE_LIMIT));
  }
  if (countCharacters(texts.body ?? "") > BODY_LIMIT) errors.push(tooLong(resource, "body", BODY_LIMIT));
  if (errors.length > 0) throw validationFailed(...errors);
}

/** @returns The error of a field that has more than `limit` characters. */
export const tooLong = (resource: string, field: string, limit: number): FieldError => ({
  resource,
  code: "custom",
  field,
  message: `${field} is too long (maximum is ${limit} characters)`,
});

/** In code points. */
export function countCharacters(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

const unprocessableText = (resource: string, message: string): FieldError => ({
  resource,
  code: "unprocessable",
  field: "data",
  message,
});
