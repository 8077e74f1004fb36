/** Finds each column of the contract in a file: by name, never by position, unless there is no header. */

import { trimBlanks } from "../../text/csv/quoting.ts";
import { findClosestMatch } from "../../text/document/closest-match.ts";
import { quoteText } from "../../text/document/document.ts";
import type { CompiledColumn, CompiledContract } from "./compile-contract.ts";
import { NONE } from "./dialect.ts";
import type { FindingCollector } from "./finding-collector.ts";

/** A column that the contract does not have and lets be there. */
export const UNLISTED = "unlisted";

/** For each position in the file; undefined where the cells cannot be checked, for which there is a finding. */
export type ColumnBinding = readonly (CompiledColumn | typeof UNLISTED | undefined)[];

/**
 * Binds by the header's names and adds what is wrong with them to `findings`. Where the first line has less than half of
 * the required names, or a name that is not allowed contains a line break, its "names" may be cells: none is shown, and
 * nothing is bound.
 */
export function bindColumns(
  contract: CompiledContract,
  names: readonly string[],
  line: number,
  findings: FindingCollector,
): ColumnBinding {
  const byName = new Map(contract.columns.map((column) => [column.name, column]));
  const present = new Set(names);
  const required = contract.columns.filter((column) => column.required);
  const missing = required.filter(({ name }) => !present.has(name)).map(({ name }) => name);
  const isIndex = (at: number): boolean => at === 0 && names[0] === "" && contract.csv["unnamed-index"];
  const unlisted = [...names.keys()].filter((at) => !byName.has(names[at] ?? "") && !isIndex(at));
  const unknown = unlisted.map((at) => names[at] ?? "");
  const areAllowed = contract["unexpected-columns"] === "allow";
  const hasLineBreak = !areAllowed && unknown.some((name) => /[\r\n]/.test(name));
  if (2 * missing.length > required.length || unknown.length === names.length || hasLineBreak) {
    const hint = delimiterHint(contract, names) ?? preambleHint(contract, names);
    const absent = missing.length === 0 ? "" : `; missing: ${formatNames(missing.map(quoteText))}`;
    const message = `the first line is not a header with the contract's columns${absent}`;
    findings.add("header", null, `${message}${hint}`, line);
    return names.map(() => undefined);
  }

  const show = (at: number): string => `${quoteText(names[at] ?? "")} (column ${at + 1})`;
  const duplicates = findDuplicates(names, byName);
  for (const [at, earlier] of duplicates) {
    const how = names[earlier] === names[at] ? "have the same name" : "differ only in upper and lower case";
    findings.add("duplicate-column", null, `${show(earlier)} and ${show(at)} ${how}`, line);
  }
  for (const name of missing) {
    findings.add("missing-column", name, `the column is not in the header${similarHint(name, missing, unknown)}`, line);
  }
  if (!areAllowed && unlisted.length > 0) {
    const counter = findings.createCounter(
      "unexpected-column",
      null,
      `not in the contract: ${formatNames(unlisted.map(show))}${unlisted[0] === 0 && names[0] === "" ? INDEX_HINT : ""}`,
    );
    for (const _ of unlisted) counter.increment(line);
  }
  return names.map((name, at) => (duplicates.has(at) ? undefined : (byName.get(name) ?? UNLISTED)));
}

const INDEX_HINT = '; csv.unnamed-index: true ignores a first column without a name, and name: "" checks it';

/** The earlier position of each name that is there before. Names of the contract may differ in case alone. */
function findDuplicates(names: readonly string[], listed: ReadonlyMap<string, unknown>): ReadonlyMap<number, number> {
  const [exact, folded] = [new Map<string, number>(), new Map<string, number>()];
  const duplicates = new Map<number, number>();
  for (const [at, name] of names.entries()) {
    const similar = folded.get(name.toLowerCase());
    const areListed = similar !== undefined && listed.has(name) && listed.has(names[similar] ?? "");
    const earlier = exact.get(name) ?? (areListed ? undefined : similar);
    if (earlier !== undefined) duplicates.set(at, earlier);
    exact.set(name, exact.get(name) ?? at);
    folded.set(name.toLowerCase(), similar ?? at);
  }
  return duplicates;
}

/** More comparisons than these would take longer than the file. */
const MAX_COMPARISONS = 10_000;

function similarHint(name: string, missing: readonly string[], unknown: readonly string[]): string {
  if (missing.length * unknown.length > MAX_COMPARISONS) return "";
  if (unknown.some((other) => trimBlanks(other) === name))
    return "; it has the name with blanks around it, which csv.trim: true leaves out";
  const similar = findClosestMatch(name, unknown);
  return similar === undefined ? "" : `; it has ${quoteText(similar)}`;
}

/** A header read with the wrong delimiter is one long name. */
function delimiterHint({ csv, columns }: CompiledContract, names: readonly string[]): string | undefined {
  const other = [",", ";", "\t", "|"]
    .filter((delimiter) => delimiter !== csv.delimiter && names.length === 1)
    .find((delimiter) => names[0]?.split(delimiter).some((name) => name === columns[0]?.name));
  return other === undefined ? undefined : `. It seems to be delimited by ${JSON.stringify(other)}: set csv.delimiter`;
}

/** Lines that say something about the table before it begins. */
function preambleHint({ csv, columns }: CompiledContract, names: readonly string[]): string {
  if (csv.comment === NONE && names[0]?.startsWith("#")) {
    return '. It begins with #: csv.comment: "#" leaves such lines out, and csv.skip-lines the first ones';
  }
  if (names[0]?.startsWith("sep="))
    return ". It is Excel's line that names the delimiter: csv.skip-lines: 1 leaves it out";
  return names.length === 1 && columns.length > 1 ? ". If the table begins further down, set csv.skip-lines" : "";
}

const MAX_SHOWN_NAMES = 10;

function formatNames(names: readonly string[]): string {
  const more = names.length - MAX_SHOWN_NAMES;
  return more > 0 ? `${names.slice(0, MAX_SHOWN_NAMES).join(", ")} and ${more} more` : names.join(", ");
}
