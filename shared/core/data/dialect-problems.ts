/** Settings of a dialect that no file could satisfy, or that could be read in two ways. */
import type { Problem } from "../../problem/problem.ts";
import { canonicalEncoding } from "../../text/csv/text-decoding.ts";
import type { Document } from "../../text/document/document.ts";
import { compileFormat, FormatError, type TimeFormat } from "../../text/timestamp/format.ts";
import type { ColumnContract, Contract } from "./contract.ts";
import { type AddProblem, addTo } from "./contract-problem.ts";
import { type CellSpelling, type CsvSettings, NONE, resolveDialect } from "./dialect.ts";

export function dialectProblems({ csv: settings }: Contract, document: Document): readonly Problem[] {
  const add = addTo(document, ["csv"]);
  const csv = resolveDialect(settings);
  const characters = (["delimiter", "quote", "comment"] as const).filter((key) => csv[key] !== NONE);
  for (const [at, key] of characters.entries()) {
    if (/[\r\n\0\\]|[^\0-\x7f]/.test(csv[key])) {
      const message = `csv.${key} must be an ASCII character other than a line end or a backslash`;
      add(
        [key],
        key,
        message,
        key === "delimiter" ? 'Write for example ";" or "\\t"' : `Write another one, or ${NONE}`,
      );
    }
    const same = characters.slice(0, at).find((other) => csv[other] === csv[key]);
    if (same === undefined) continue;
    // The one that the contract states is the one to point to: the other may be a default.
    const [stated, other] = settings[key] === undefined ? [same, key] : [key, same];
    add([stated], stated, `csv.${stated} and csv.${other} are the same character`, "Write another one");
  }
  if (canonicalEncoding(csv.encoding) === undefined) {
    const fix = "Write for example utf-8, utf-16le, windows-1252 or shift_jis";
    add(["encoding"], "encoding", `csv.encoding ${JSON.stringify(csv.encoding)} is not known`, fix);
  }
  addValueProblems(csv, settings, add, "csv.");
  addFormatProblems(settings["date-format"], "date", (...rest) => add(["date-format"], ...rest));
  addFormatProblems(settings["timestamp-format"], "timestamp", (...rest) => add(["timestamp-format"], ...rest));
  return add.problems;
}

/** What a column says of its spelling, together with what the dialect says. */
export function addSpellingProblems(column: ColumnContract, spelling: CellSpelling, add: AddProblem): void {
  addValueProblems(spelling, column, add, "");
  // Of a text it is a kind of text.
  if (column.type === "string") return;
  const formats = addFormatProblems(
    column.format ?? (column.type === "timestamp" ? spelling.formats : undefined),
    column.type,
    (...rest) => add(["format"], ...rest),
  );
  if (column.type !== "timestamp" || formats === undefined) return;
  const isRequired = spelling.offset === "required";
  if (formats.some(({ hasOffset }) => hasOffset === isRequired)) return;
  const message = `no format has ${isRequired ? "an" : "no"} offset, and offset is ${spelling.offset}`;
  const fix = isRequired ? "Add %z to the format" : "Remove %z from the format, or set offset: required";
  add([column.format === undefined ? "type" : "format"], "contradiction", message, fix);
}

type Spelling = Pick<CellSpelling, "decimal" | "thousands" | "true-values" | "false-values">;

/** @param stated what is written at this place */
function addValueProblems(
  spelling: Spelling,
  stated: Partial<Spelling> | CsvSettings,
  add: AddProblem,
  prefix: string,
): void {
  const { decimal, thousands, "true-values": yes, "false-values": no } = spelling;
  const key = stated.thousands === undefined ? "decimal" : "thousands";
  if (stated.decimal === undefined && stated.thousands === undefined) {
    // Nothing of its own.
  } else if (thousands === decimal) {
    const fix = `Write ${prefix}thousands: ${NONE} or another mark`;
    add([key], "contradiction", `${prefix}decimal and ${prefix}thousands are the same mark`, fix);
  } else if (thousands !== NONE && /[\p{L}\p{N}+\-"\r\n]/u.test(thousands)) {
    add(
      [key],
      "thousands",
      `${prefix}thousands must be a mark that is no part of a number`,
      'Write for example "," or " "',
    );
  }
  const both = yes.find((word) => no.includes(word));
  if (both !== undefined && (stated["true-values"] ?? stated["false-values"]) !== undefined) {
    const at = stated["false-values"] === undefined ? "true-values" : "false-values";
    add([at], "contradiction", `${JSON.stringify(both)} means both true and false`, "Remove it from one of them");
  }
}

/** The formats; undefined when one of them is wrong, or is `iso`, which has every offset. */
function addFormatProblems(
  stated: string | readonly string[] | undefined,
  type: string,
  add: (code: string, message: string, fix: string) => void,
): readonly TimeFormat[] | undefined {
  const formats = stated === undefined ? [] : [stated].flat();
  const compiled: TimeFormat[] = [];
  for (const format of formats.filter((one) => one !== "iso")) {
    const shown = `format ${JSON.stringify(format)}`;
    try {
      const one = compileFormat(format);
      compiled.push(one);
      if (type === "date" && one.hasTime) {
        add("format", `${shown} has a time, and the type is date`, "Remove the time, or change the type");
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      add("format", `${shown}: ${error.message}`, error.fix);
    }
  }
  return compiled.length > 0 && compiled.length === formats.length ? compiled : undefined;
}
