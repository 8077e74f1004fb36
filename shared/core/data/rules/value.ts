/** The parts of a rule that have a value: columns, numbers, texts, and what is computed from them. */
import { addTexts, multiplyTexts, subtractTexts } from "../../../text/decimal/decimal.ts";
import { findClosestMatch } from "../../../text/document/closest-match.ts";
import { quoteText } from "../../../text/document/document.ts";
import type { CellType } from "../cell-type.ts";
import type { ColumnType } from "../contract.ts";
import type { CellSpelling } from "../dialect.ts";
import type { Arithmetic, Expression } from "./expression.ts";
import { RuleError } from "./rule-error.ts";

/** What a rule needs to know of a column. */
export interface RuleColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly spelling: CellSpelling;
  readonly cellType: CellType;
}

export type ValueType = "number" | "text" | "boolean" | "date" | "timestamp";

/** Reads a value as text: the same text for the same value, except for numbers. Null where it is unknown. */
export type ReadValue = (cells: readonly (string | null)[]) => string | null;

export interface Value {
  readonly type: ValueType;
  readonly at: number;
  readonly read: ReadValue;
  /** Of a text in quotes, which may stand for a date as well. */
  readonly literal?: string;
  /** Of a column. */
  readonly column?: RuleColumn;
}

export interface Scope {
  /** The columns of the rule, in the order of the cells. */
  readonly names: readonly string[];
  readonly contract: readonly RuleColumn[];
}

/** @throws RuleError where the part has no value, or one of another type */
export function compileValue(expression: Expression, scope: Scope): Value {
  const { at } = expression;
  switch (expression.kind) {
    case "column": {
      const column = requireColumn(expression.name, at, scope.contract);
      return { ...readColumn(column, scope.names.indexOf(expression.name)), at, column };
    }
    case "number":
      return { type: "number", at, read: () => expression.text };
    case "text":
      return { type: "text", at, read: () => expression.text, literal: expression.text };
    case "length": {
      const of = compileValue(expression.of, scope);
      if (of.type !== "text")
        throw new RuleError(at, "length needs a text", "Use length(…) with a column of type string");
      return { type: "number", at, read: (cells) => mapValue(of.read(cells), (text) => String([...text].length)) };
    }
    case "arithmetic": {
      const sides = [expression.left, expression.right].map((side) => compileValue(side, scope));
      const wrong = sides.find(({ type }) => type !== "number");
      if (wrong !== undefined)
        throw new RuleError(wrong.at, "a number is expected", "Add, subtract and multiply numbers only");
      return { type: "number", at, read: compute(COMPUTE[expression.operator], sides) };
    }
    default:
      throw new RuleError(at, "a value is expected", "Join conditions with and, or");
  }
}

function requireColumn(name: string, at: number, contract: readonly RuleColumn[]): RuleColumn {
  const column = contract.find((each) => each.name === name);
  if (column !== undefined) return column;
  const names = contract.map((each) => each.name);
  const closest = findClosestMatch(name, names);
  const fix = closest === undefined ? "Name a column of the contract" : `Did you mean ${quoteText(closest)}?`;
  throw new RuleError(at, `there is no column ${quoteText(name)}`, `${fix} Texts are written in single quotes`);
}

function readColumn(column: RuleColumn, position: number): Pick<Value, "type" | "read"> {
  const { key } = column.cellType;
  const read: ReadValue = (cells) => mapValue(cells[position] ?? null, key);
  switch (column.type) {
    case "string":
      return { type: "text", read };
    case "integer":
    case "number":
      return { type: "number", read };
    default:
      return { type: column.type, read };
  }
}

const mapValue = (value: string | null, map: (value: string) => string): string | null =>
  value === null ? null : map(value);

const COMPUTE: Readonly<Record<Arithmetic, (a: string, b: string) => string>> = {
  "+": addTexts,
  "-": subtractTexts,
  "*": multiplyTexts,
};

const compute =
  (operation: (a: string, b: string) => string, [left, right]: readonly Value[]): ReadValue =>
  (cells) => {
    const [a, b] = [left?.read(cells) ?? null, right?.read(cells) ?? null];
    return a === null || b === null ? null : operation(a, b);
  };
