/** Whether files are those of a version: each of them, and no other. */
import type { Problem } from "../../../problem/problem.ts";
import type { FileRecord } from "../../../records/fields.ts";
import { quoteText } from "../../../text/document/document.ts";

/** What was found in a folder. */
export type FoundEntry =
  | ({ readonly kind: "file" } & FileRecord)
  /** Something that is no plain file: a link, a pipe, a pointer. */
  | { readonly kind: "other"; readonly path: string; readonly what: string };

/** @returns a problem for each file that is missing, has other content, is no plain file, or should not be there */
export function compareFiles(expected: readonly FileRecord[], found: readonly FoundEntry[]): readonly Problem[] {
  const entries = new Map(found.map((entry) => [entry.path, entry]));
  const wanted = new Set(expected.map(({ path }) => path));
  const differing = expected.flatMap((file) => compareFile(file, entries.get(file.path)) ?? []);
  const extra = found.filter(({ path }) => !wanted.has(path)).map(extraFile);
  return [...differing, ...extra];
}

function compareFile(file: FileRecord, found: FoundEntry | undefined): Problem | undefined {
  const { path, bytes, digest } = file;
  if (found === undefined) {
    return {
      code: "model-file-missing",
      message: `the model's file ${quoteText(path)} is missing`,
      fix: "Fetch the whole model again; the paths are those of its training",
    };
  }
  if (found.kind === "other") return notAFile(found);
  if (found.bytes === bytes && found.digest === digest) return undefined;
  const has = `${found.bytes} bytes with ${shorten(found.digest)}`;
  return {
    code: "model-file-differs",
    message: `${quoteText(path)} has ${has}, and the version has ${bytes} bytes with ${shorten(digest)}`,
    fix: "Deploy nothing of it; find out what changed it, and fetch the registered bytes",
  };
}

const notAFile = ({ path, what }: Extract<FoundEntry, { kind: "other" }>): Problem => ({
  code: "model-file-not-plain",
  message: `${quoteText(path)} is ${what}, where the model has a file`,
  fix: "Put the file itself there",
});

const extraFile = (found: FoundEntry): Problem => ({
  code: "model-file-extra",
  message: `${quoteText(found.path)} is ${found.kind === "file" ? "a file" : found.what} that the version does not have`,
  fix: 'Remove it, or name it in the input "ignore" if it is no part of what is deployed',
});

const shorten = (digest: string): string => `${digest.slice(0, 19)}…`;
