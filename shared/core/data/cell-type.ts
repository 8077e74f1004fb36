/** What each type of a column accepts, and how its values are compared and ordered. Cells always stay text. */

import { canonicalDecimal, compareTexts, isInteger, isNumber } from "../../text/decimal/decimal.ts";
import { isDate, isTimestamp, timestampKey } from "../../text/timestamp/timestamp.ts";
import type { ColumnType } from "./contract.ts";
import type { CellSpelling } from "./dialect.ts";

export interface CellType {
  /** Completes "should be …". */
  readonly expected: string;
  readonly accepts: (cell: string) => boolean;
  /** The same text for the same value. */
  readonly key: (cell: string) => string;
  /** Absent where there is no order. */
  readonly compare?: (a: string, b: string) => number;
}

export function cellType(type: ColumnType, { offset }: Pick<CellSpelling, "offset">): CellType {
  if (type !== "timestamp") return TYPES[type];
  return {
    expected: `a timestamp like ${offset === "none" ? "2024-02-29 13:45:00" : "2024-02-29T13:45:00Z"}, ${offset === "none" ? "without" : "with"} an offset`,
    accepts: (cell) => isTimestamp(cell, offset),
    key: timestampKey,
    compare: (a, b) => compareText(timestampKey(a), timestampKey(b)),
  };
}

const same = (cell: string): string => cell;
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** As C, pandas, R and SQL write it; `0` and `1` are integers. */
const BOOLEAN = /^(?:true|false|True|False|TRUE|FALSE)$/;

const TYPES: Readonly<Record<Exclude<ColumnType, "timestamp">, CellType>> = {
  string: { expected: "text", accepts: () => true, key: same },
  integer: {
    expected: "a whole number like -7 or 42, without leading zeros",
    accepts: isInteger,
    key: same,
    compare: compareTexts,
  },
  number: {
    expected: "a finite number like -0.5, 42 or 1.5e-7",
    accepts: isNumber,
    key: canonicalDecimal,
    compare: compareTexts,
  },
  boolean: { expected: "true or false", accepts: (cell) => BOOLEAN.test(cell), key: (cell) => cell.toLowerCase() },
  date: { expected: "an existing day like 2024-02-29", accepts: isDate, key: same, compare: compareText },
};
