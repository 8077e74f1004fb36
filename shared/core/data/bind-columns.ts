/** Finds each column of the contract in a file: by name, never by position, unless there is no header. */

import { findClosestMatch } from "../../text/document/closest-match.ts";
import { quoteText } from "../../text/document/document.ts";
import type { CompiledColumn, CompiledContract } from "./compile-contract.ts";
import type { FindingCollector } from "./finding-collector.ts";

/** The contract's column for each position in the file; undefined where a column is not in the contract. */
export type ColumnBinding = readonly (CompiledColumn | undefined)[];

/**
 * Binds by the header's names and adds what is wrong with them to `findings`. Where the first line has less than half of
 * the required names, or a name contains a line break, its "names" may be cells: none is shown, and nothing is bound.
 */
export function bindColumns(
  contract: CompiledContract,
  names: readonly string[],
  line: number,
  findings: FindingCollector,
): ColumnBinding {
  const byName = new Map(contract.columns.map((column) => [column.name, column]));
  const required = contract.columns.filter((column) => column.required);
  const missing = required.filter(({ name }) => !names.includes(name)).map(({ name }) => name);
  const unknown = names.filter((name) => !byName.has(name));
  const hasLineBreak = unknown.some((name) => /[\r\n]/.test(name));
  if (2 * missing.length > required.length || unknown.length === names.length || hasLineBreak) {
    const hint = delimiterHint(contract, names);
    const absent = missing.length === 0 ? "" : `; missing: ${formatNames(missing.map(quoteText))}`;
    const message = `the first line is not a header with the contract's columns${absent}`;
    findings.add("header", null, `${message}${hint}`, line);
    return names.map(() => undefined);
  }

  const show = (at: number): string => `${quoteText(names[at] ?? "")} (column ${at + 1})`;
  const first = new Map<string, number>();
  for (const [at, name] of names.entries()) {
    const earlier = first.get(name.toLowerCase());
    if (earlier === undefined) first.set(name.toLowerCase(), at);
    else {
      const how = names[earlier] === name ? "have the same name" : "differ only in upper and lower case";
      findings.add("duplicate-column", null, `${show(earlier)} and ${show(at)} ${how}`, line);
    }
  }
  const unexpected = [...names.keys()].filter((at) => !byName.has(names[at] ?? ""));
  for (const name of missing) {
    const similar = findClosestMatch(name, unknown);
    const hint = similar === undefined ? "" : `; it has ${quoteText(similar)}`;
    findings.add("missing-column", name, `the column is not in the header${hint}`, line);
  }
  if (contract["unexpected-columns"] === "fail" && unexpected.length > 0) {
    const counter = findings.createCounter(
      "unexpected-column",
      null,
      `not in the contract: ${formatNames(unexpected.map(show))}`,
    );
    for (const _ of unexpected) counter.increment(line);
  }
  return names.map((name, at) => (first.get(name.toLowerCase()) === at ? byName.get(name) : undefined));
}

/** A header read with the wrong delimiter is one long name. */
function delimiterHint({ csv, columns }: CompiledContract, names: readonly string[]): string {
  const other = [",", ";", "\t", "|"]
    .filter((delimiter) => delimiter !== csv.delimiter && names.length === 1)
    .find((delimiter) => names[0]?.split(delimiter).some((name) => name === columns[0]?.name));
  return other === undefined ? "" : `. It seems to be delimited by ${JSON.stringify(other)}`;
}

const MAX_SHOWN_NAMES = 10;

function formatNames(names: readonly string[]): string {
  const more = names.length - MAX_SHOWN_NAMES;
  return more > 0 ? `${names.slice(0, MAX_SHOWN_NAMES).join(", ")} and ${more} more` : names.join(", ");
}
