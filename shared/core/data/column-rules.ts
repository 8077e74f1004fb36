/** From one column of a contract to the rules each of its cells must hold. */
import { oneOf } from "../document/document.ts";
import { compilePattern } from "../pattern/pattern.ts";
import { type CellType, cellType } from "./cell-type.ts";
import type { Check } from "./checks.ts";
import type { ColumnContract, Contract } from "./contract.ts";
import { decimalsOf } from "./decimal.ts";

export interface Rule {
  readonly check: Check;
  readonly message: string;
  readonly holds: (cell: string) => boolean;
}

/** The rules in order: the type first, and the others only for cells that have the type. */
export function rulesOf(column: ColumnContract): readonly Rule[] {
  const type = cellType(column);
  const rules: Rule[] = [];
  if (column.type !== "string") {
    rules.push({ check: "type", message: `should be ${type.wanted}`, holds: type.holds });
  }
  rules.push(...bounds(column, type));
  if (column.enum !== undefined) {
    const allowed = new Set(column.enum.map((value) => type.key(String(value))));
    const holds = (cell: string): boolean => allowed.has(type.key(cell));
    rules.push({ check: "enum", message: `should be ${shortList(column.enum)}`, holds });
  }
  if (column.pattern !== undefined) {
    const pattern = compilePattern(column.pattern);
    rules.push({
      check: "pattern",
      message: `should match ${column.pattern} as a whole`,
      holds: (cell) => pattern.matches(cell),
    });
  }
  rules.push(...lengths(column));
  const decimals = column["max-decimals"];
  if (decimals !== undefined) {
    const message = `should have at most ${decimals} decimals`;
    rules.push({ check: "decimals", message, holds: (cell) => decimalsOf(cell) <= decimals });
  }
  return rules;
}

function bounds({ min, max }: ColumnContract, { compare }: CellType): readonly Rule[] {
  if (compare === undefined) return [];
  const rules: Rule[] = [];
  if (min !== undefined) {
    const least = String(min);
    rules.push({ check: "range", message: `should be at least ${least}`, holds: (cell) => compare(cell, least) >= 0 });
  }
  if (max !== undefined) {
    const most = String(max);
    rules.push({ check: "range", message: `should be at most ${most}`, holds: (cell) => compare(cell, most) <= 0 });
  }
  return rules;
}

function lengths({ "min-length": min, "max-length": max }: ColumnContract): readonly Rule[] {
  const rules: Rule[] = [];
  if (min !== undefined) {
    const message = `should have at least ${min} characters`;
    rules.push({ check: "length", message, holds: (cell) => cell.length >= min && characters(cell) >= min });
  }
  if (max !== undefined) {
    const message = `should have at most ${max} characters`;
    rules.push({ check: "length", message, holds: (cell) => cell.length <= max || characters(cell) <= max });
  }
  return rules;
}

/** Characters as people count code points: an emoji of one code point is one. */
function characters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) if ((text.charCodeAt(at) & 0xfc00) !== 0xdc00) count += 1;
  return count;
}

const MOST_SHOWN = 8;

function shortList(values: readonly (string | number | boolean)[]): string {
  const shown = values.slice(0, MOST_SHOWN);
  return values.length > MOST_SHOWN ? `one of ${values.length} values: ${oneOf(shown)} …` : oneOf(shown);
}

/** How many checks a contract makes of one file: each column's presence, nulls, rules and uniqueness, and the file's form. */
export function countChecks({ columns }: Contract): number {
  const ofColumns = columns.map(
    (column) =>
      rulesOf(column).length + (column.required ? 1 : 0) + (column.nullable ? 0 : 1) + (column.unique ? 1 : 0),
  );
  return ofColumns.reduce((sum, count) => sum + count, CHECKS_OF_FORM);
}

/** Header, names, width, blank lines, line ends, quotes, encoding, NUL, number of rows. */
const CHECKS_OF_FORM = 9;
