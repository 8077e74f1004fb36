/** What each type of a column accepts, and how its values are told apart and ordered. Cells stay text throughout. */
import type { ColumnContract, ColumnType } from "./contract.ts";
import { canonicalDecimal, compareDecimals, isInteger, isNumber } from "./decimal.ts";
import { isDate, isTimestamp, momentKey } from "./moment.ts";

export interface CellType {
  /** Completes "should be …". */
  readonly wanted: string;
  readonly holds: (cell: string) => boolean;
  /** The same text for the same value. */
  readonly key: (cell: string) => string;
  /** Absent where there is no order. */
  readonly compare?: (a: string, b: string) => number;
}

export function cellType({ type, offset }: Pick<ColumnContract, "type" | "offset">): CellType {
  if (type !== "timestamp") return TYPES[type];
  return {
    wanted: `a timestamp like ${offset === "none" ? "2024-02-29 13:45:00" : "2024-02-29T13:45:00Z"}, ${offset === "none" ? "without" : "with"} an offset`,
    holds: (cell) => isTimestamp(cell, offset),
    key: momentKey,
    compare: (a, b) => compareText(momentKey(a), momentKey(b)),
  };
}

const same = (cell: string): string => cell;
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** As C, pandas, R and SQL write it; `0` and `1` are integers. */
const BOOLEAN = /^(?:true|false|True|False|TRUE|FALSE)$/;

const TYPES: Readonly<Record<Exclude<ColumnType, "timestamp">, CellType>> = {
  string: { wanted: "text", holds: () => true, key: same },
  integer: {
    wanted: "a whole number like -7 or 42, without leading zeros",
    holds: isInteger,
    key: same,
    compare: compareDecimals,
  },
  number: {
    wanted: "a finite number like -0.5, 42 or 1.5e-7",
    holds: isNumber,
    key: canonicalDecimal,
    compare: compareDecimals,
  },
  boolean: { wanted: "true or false", holds: (cell) => BOOLEAN.test(cell), key: (cell) => cell.toLowerCase() },
  date: { wanted: "a day like 2024-02-29 that exists", holds: isDate, key: same, compare: compareText },
};
