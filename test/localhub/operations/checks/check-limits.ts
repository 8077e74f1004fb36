/** Limits on the content of a check run. */

import { type ApiError, type FieldError, unprocessable, validationFailed } from "../../world/api-error.ts";
import type { Annotation, CheckAction } from "../../world/checks.ts";
import { countCharacters, tooLong } from "../conversations/text-limits.ts";

/**
 * For the summary and for the text, each. In the docs the unit is characters; GitHub counts bytes
 * ("summary exceeds a maximum bytesize of 65535": github/docs#35252, dorny/test-reporter#57).
 */
const OUTPUT_BYTES = 65_535;
/** GitHub docs, "Create a check run": annotations in one request; updates append more. */
const ANNOTATIONS_PER_REQUEST = 50;
/** GitHub docs, "Create a check run": 64 KB for an annotation's message and for its raw details. */
const ANNOTATION_BYTES = 65_536;
/** GitHub docs, "Create a check run", in characters. */
const ANNOTATION_TITLE = 255;
/** GitHub docs, "Create a check run": buttons, and the characters of their texts. */
const ACTION_LIMITS = { count: 3, label: 20, description: 40, identifier: 20 } as const;

/** @throws ApiError 422 */
export function assertOutput(output: { readonly summary?: string | null; readonly text?: string | null }): void {
  for (const field of ["summary", "text"] as const) {
    if (Buffer.byteLength(output[field] ?? "") > OUTPUT_BYTES) throw tooManyBytes("CheckRun", field, OUTPUT_BYTES);
  }
}

/** @throws ApiError 422 */
export function assertAnnotations(annotations: readonly Annotation[]): void {
  if (annotations.length > ANNOTATIONS_PER_REQUEST) throw tooManyItems(ANNOTATIONS_PER_REQUEST, annotations.length);
  for (const annotation of annotations) {
    if (Buffer.byteLength(annotation.message) > ANNOTATION_BYTES) {
      throw tooManyBytes("CheckAnnotation", "message", ANNOTATION_BYTES);
    }
    if (Buffer.byteLength(annotation.rawDetails ?? "") > ANNOTATION_BYTES) {
      throw tooManyBytes("CheckAnnotation", "raw_details", ANNOTATION_BYTES);
    }
    if (countCharacters(annotation.title ?? "") > ANNOTATION_TITLE) {
      throw validationFailed(tooLong("CheckAnnotation", "title", ANNOTATION_TITLE));
    }
    assertAnnotationRange(annotation);
  }
}

/** @throws ApiError 422 */
export function assertActions(actions: readonly CheckAction[]): void {
  if (actions.length > ACTION_LIMITS.count) throw tooManyItems(ACTION_LIMITS.count, actions.length);
  for (const action of actions) {
    for (const field of ["label", "description", "identifier"] as const) {
      const length = countCharacters(action[field]);
      if (length > ACTION_LIMITS[field]) {
        throw unprocessable(
          `Invalid request.\n\nOnly ${ACTION_LIMITS[field]} characters are allowed; ${length} were supplied.`,
        );
      }
    }
  }
}

/** Lines run forward, and columns are for one line only (GitHub docs, "Create a check run"). */
function assertAnnotationRange({ startLine, endLine, startColumn, endColumn }: Annotation): void {
  if (endLine < startLine) throw validationFailed(misplaced("end_line", "end_line must not be before start_line"));
  if (startLine === endLine || (startColumn === null && endColumn === null)) return;
  const message = "start_column and end_column can only be given where start_line and end_line are the same";
  throw validationFailed(misplaced("start_column", message));
}

const misplaced = (field: string, message: string): FieldError => ({
  resource: "CheckAnnotation",
  code: "custom",
  field,
  message,
});

const tooManyBytes = (resource: string, field: string, limit: number): ApiError =>
  validationFailed({ resource, code: "custom", field, message: `${field} exceeds a maximum bytesize of ${limit}` });

const tooManyItems = (limit: number, count: number): ApiError =>
  unprocessable(`Invalid request.\n\nNo more than ${limit} items are allowed; ${count} were supplied.`);
