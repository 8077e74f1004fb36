/** From one column of a contract to the rules that each of its cells must satisfy. */

import { decimalPlaces } from "../../text/decimal/decimal.ts";
import { formatChoices } from "../../text/document/document.ts";
import { compileSearch } from "../../text/pattern/compile-search.ts";
import { compilePattern } from "../../text/pattern/pattern.ts";
import { type CellType, cellType, strictType } from "./cell-type.ts";
import type { CheckCode } from "./checks.ts";
import type { ColumnContract } from "./contract.ts";
import type { CellSpelling } from "./dialect.ts";
import { findPersonalData } from "./personal-data.ts";
import { findTextFormat } from "./text-formats.ts";

export interface CellRule {
  readonly check: CheckCode;
  readonly message: string;
  /** @param value as the type reads the cell; @param cell as it is written */
  readonly isSatisfiedBy: (value: string, cell: string) => boolean;
}

/** The rules in order, for cells that have the column's type. */
export function buildCellRules(column: ColumnContract, spelling: CellSpelling): readonly CellRule[] {
  const type = cellType(column.type, spelling);
  const own = strictType(column.type, spelling);
  const rules: CellRule[] = [...rangeRules(column, type)];
  if (column.enum !== undefined) {
    const allowed = new Set(column.enum.map((value) => type.key(own.read(String(value)) ?? String(value))));
    rules.push({
      check: "enum",
      message: `should be ${formatAllowedValues(column.enum)}`,
      isSatisfiedBy: (value) => allowed.has(type.key(value)),
    });
  }
  if (column.pattern !== undefined) {
    const pattern = compilePattern(column.pattern);
    rules.push({
      check: "pattern",
      message: `should match ${column.pattern} as a whole`,
      isSatisfiedBy: (_, cell) => pattern.matches(cell),
    });
  }
  const anywhere = column["pattern-anywhere"];
  if (anywhere !== undefined) {
    const pattern = compileSearch(anywhere);
    const message = `should contain a match of ${anywhere}`;
    rules.push({ check: "pattern", message, isSatisfiedBy: (_, cell) => pattern.matches(cell) });
  }
  const format =
    column.type === "string" && typeof column.format === "string" ? findTextFormat(column.format) : undefined;
  if (format !== undefined) {
    rules.push({
      check: "format",
      message: `should be ${format.expected}`,
      isSatisfiedBy: (_, cell) => format.accepts(cell),
    });
  }
  for (const kind of (column.forbid ?? []).map(findPersonalData)) {
    const message = `should contain no ${kind.name}`;
    rules.push({ check: "personal-data", message, isSatisfiedBy: (_, cell) => !kind.isIn(cell) });
  }
  rules.push(...lengthRules(column));
  const decimals = column["max-decimals"];
  if (decimals !== undefined) {
    const message = `should have at most ${decimals} decimals`;
    rules.push({ check: "decimals", message, isSatisfiedBy: (value) => decimalPlaces(value) <= decimals });
  }
  return rules;
}

function rangeRules({ min, max, above, below }: ColumnContract, { compare }: CellType): readonly CellRule[] {
  if (compare === undefined) return [];
  const rules: CellRule[] = [];
  if (min !== undefined) {
    const least = String(min);
    rules.push({
      check: "range",
      message: `should be at least ${least}`,
      isSatisfiedBy: (value) => compare(value, least) >= 0,
    });
  }
  if (max !== undefined) {
    const most = String(max);
    rules.push({
      check: "range",
      message: `should be at most ${most}`,
      isSatisfiedBy: (value) => compare(value, most) <= 0,
    });
  }
  if (above !== undefined) {
    const bound = String(above);
    const message = `should be above ${bound}`;
    rules.push({ check: "range", message, isSatisfiedBy: (value) => compare(value, bound) > 0 });
  }
  if (below !== undefined) {
    const bound = String(below);
    const message = `should be below ${bound}`;
    rules.push({ check: "range", message, isSatisfiedBy: (value) => compare(value, bound) < 0 });
  }
  return rules;
}

function lengthRules({ "min-length": min, "max-length": max }: ColumnContract): readonly CellRule[] {
  const rules: CellRule[] = [];
  if (min !== undefined) {
    const message = `should have at least ${min} characters`;
    rules.push({
      check: "length",
      message,
      isSatisfiedBy: (cell) => cell.length >= min && countCodePoints(cell) >= min,
    });
  }
  if (max !== undefined) {
    const message = `should have at most ${max} characters`;
    rules.push({
      check: "length",
      message,
      isSatisfiedBy: (cell) => cell.length <= max || countCodePoints(cell) <= max,
    });
  }
  return rules;
}

/** Counts an emoji of one code point as one character. */
function countCodePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) if ((text.charCodeAt(at) & 0xfc00) !== 0xdc00) count += 1;
  return count;
}

const MAX_SHOWN_VALUES = 8;

function formatAllowedValues(values: readonly (string | number | boolean)[]): string {
  const shown = values.slice(0, MAX_SHOWN_VALUES);
  return values.length > MAX_SHOWN_VALUES
    ? `one of ${values.length} values: ${formatChoices(shown)} …`
    : formatChoices(shown);
}
