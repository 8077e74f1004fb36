/** From a record's text to the record, whichever version was written. */
import type { Problem } from "../problem/problem.ts";
import { type Document, quoteText, throwIfProblems } from "../text/document/document.ts";
import { validateOrThrow } from "../text/document/validate-document.ts";
import { readJson } from "../text/json/read-json.ts";
import {
  NEWEST_VERSION,
  OLDEST_VERSION,
  parseSchemaName,
  type ReadRecord,
  type RecordFormat,
  type RecordVersion,
  schemaName,
} from "./record-format.ts";

/** Where a record came from, and who reads it. */
export interface RecordSource {
  /** As users know it. */
  readonly file: string;
  /** The action that reads: a record of a newer release asks to update it. */
  readonly reader: string;
  /** Whether the workflow that runs is the default branch's, although the record is a pull request's. */
  readonly onDefaultBranch?: boolean;
}

/**
 * Reads and validates a record. Records may come from a run that an untrusted user started: nothing is read leniently.
 *
 * @param format one of this folder's, for example `verdictRecord`
 * @throws ActionError: `record-newer`, `record-older`, `record-other-kind`, or every problem with line and column; all
 *   codes start with `record-`
 */
export const readRecord = <One, Two>(
  format: RecordFormat<One, Two>,
  text: string,
  source: RecordSource,
): ReadRecord<Two> => readRecordDocument(format, readJson(text, source.file, "record"), source);

/** The same for a file that was parsed already. */
export function readRecordDocument<One, Two>(
  format: RecordFormat<One, Two>,
  document: Document,
  source: RecordSource,
): ReadRecord<Two> {
  const version = findVersion(format, document, source);
  const typed = { ...document, kind: "record" };
  // A strict schema leaves nothing out and adds nothing: its result is what was written, in the schema's order of keys.
  if (version === 1) {
    const written = validateOrThrow(format.schemas[1], typed);
    return { record: format.upgrade(written), version, written };
  }
  const written = validateOrThrow(format.schemas[2], typed);
  return { record: written, version, written };
}

/** A wrong kind or version is reported alone: other differences follow from it. */
function findVersion<One, Two>(
  { kind, writer }: RecordFormat<One, Two>,
  document: Document,
  { reader, onDefaultBranch }: RecordSource,
): RecordVersion {
  const name = schemaOf(document.value);
  const found = parseSchemaName(name);
  const fail = (problem: Omit<Problem, "place">): never => {
    throwIfProblems([{ ...problem, place: document.placeOf(["schema"]) }]);
    throw new Error("a problem was not thrown");
  };
  if (found?.kind !== kind) {
    const required = quoteText(schemaName(kind, NEWEST_VERSION));
    const message =
      name === undefined
        ? `this is not a record of mlops-actions; ${required} is required`
        : `this is the record ${quoteText(name)}, not ${required}`;
    return fail({ code: "record-other-kind", message, fix: `Give the file that ${writer} writes` });
  }
  if (found.version > NEWEST_VERSION) {
    const where = onDefaultBranch ? ": on workflow_run, that is the workflow on the default branch" : "";
    return fail({
      code: "record-newer",
      message: `the record ${quoteText(schemaName(kind, found.version))} was written by a newer release`,
      fix: `Update ${reader} in the workflow that reads it${where}`,
    });
  }
  if (found.version < OLDEST_VERSION) {
    return fail({
      code: "record-older",
      message: `the record ${quoteText(schemaName(kind, found.version))} was written by a release of ${writer} that is too old`,
      fix: `Update ${writer}, and make the record again`,
    });
  }
  return found.version as RecordVersion;
}

function schemaOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("schema" in value)) return undefined;
  return typeof value.schema === "string" ? value.schema : undefined;
}
