/** What each type of a column accepts, and how its values are compared and ordered. Cells always stay text. */

import { canonicalDecimal, compareTexts, decimalPlaces, isInteger } from "../../text/decimal/decimal.ts";
import { type NumberReader, numberReader } from "../../text/decimal/number-reader.ts";
import { compileFormat } from "../../text/timestamp/format.ts";
import { isDate, isTimestamp, timestampKey } from "../../text/timestamp/timestamp.ts";
import type { ColumnType } from "./contract.ts";
import { type CellSpelling, NONE, STRICT_SPELLING } from "./dialect.ts";
import { compareNonFinite, isNonFinite, nonFiniteKey } from "./non-finite.ts";

export interface CellType {
  /** Completes "should be …". */
  readonly expected: string;
  /**
   * A cell's value in the strict form, which is also that of a contract's own values: digit by digit, nothing rounded.
   * Undefined where the cell is none of this type. A cell in the strict form is returned as it is.
   */
  readonly read: (cell: string) => string | undefined;
  /** The same text for the same value. As `compare`, of what `read` returned. */
  readonly key: (value: string) => string;
  /** Absent where there is no order. NaN where the two have none. */
  readonly compare?: (a: string, b: string) => number;
}

/** @throws FormatError for a format that makes no sense */
export function cellType(type: ColumnType, spelling: CellSpelling): CellType {
  switch (type) {
    case "string":
      return { expected: "text", read: same, key: same };
    case "integer":
      return integerType(spelling);
    case "number":
      return numberType(spelling);
    case "boolean":
      return booleanType(spelling);
    case "date":
      return { expected: dateExample(spelling), read: dateReader(spelling), key: same, compare: compareText };
    case "timestamp":
      return {
        expected: timestampExample(spelling),
        read: timestampReader(spelling),
        key: timestampKey,
        compare: (a, b) => compareText(timestampKey(a), timestampKey(b)),
      };
  }
}

/** The type as contracts write its values. */
export const strictType = (type: ColumnType, { offset, "non-finite": nonFinite }: CellSpelling): CellType =>
  cellType(type, { ...STRICT_SPELLING, offset, "non-finite": nonFinite });

const same = (cell: string): string => cell;
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const readNumberAs = ({ decimal, thousands, "leading-dot": leadingDot }: CellSpelling): NumberReader =>
  numberReader({ decimal, thousands: thousands === NONE ? null : thousands, leadingDot });

function integerType(spelling: CellSpelling): CellType {
  const readNumber = readNumberAs(spelling);
  if (spelling["decimal-integers"]) {
    return {
      expected: "a whole number like -7, 42 or 42.0",
      read(cell) {
        const value = readNumber(cell);
        return value === undefined || decimalPlaces(value) > 0 ? undefined : value;
      },
      key: canonicalDecimal,
      compare: compareTexts,
    };
  }
  const isGrouped = spelling.thousands !== NONE;
  return {
    expected: `a whole number like -7 or ${isGrouped ? `1${spelling.thousands}042` : "42"}, without leading zeros`,
    read: isGrouped ? (cell) => onlyIf(isInteger, readNumber(cell)) : (cell) => onlyIf(isInteger, cell),
    key: same,
    compare: compareTexts,
  };
}

const onlyIf = (accepts: (text: string) => boolean, text: string | undefined): string | undefined =>
  text !== undefined && accepts(text) ? text : undefined;

function numberType(spelling: CellSpelling): CellType {
  const readNumber = readNumberAs(spelling);
  const [mark, group] = [spelling.decimal, spelling.thousands === NONE ? "" : spelling.thousands];
  const expected = `a finite number like -0${mark}5, ${group === "" ? "42" : `1${group}042`} or 1${mark}5e-7`;
  if (spelling["non-finite"] !== "allow")
    return { expected, read: readNumber, key: canonicalDecimal, compare: compareTexts };
  return {
    expected: expected.replace("finite ", ""),
    read: (cell) => readNumber(cell) ?? (isNonFinite(cell) ? nonFiniteKey(cell) : undefined),
    key: (value) => (isNonFinite(value) ? value : canonicalDecimal(value)),
    compare: (a, b) => (isNonFinite(a) || isNonFinite(b) ? compareNonFinite(a, b) : compareTexts(a, b)),
  };
}

function booleanType({ "true-values": yes, "false-values": no }: CellSpelling): CellType {
  const values = new Map([
    ...yes.map((word) => [word, "true"] as const),
    ...no.map((word) => [word, "false"] as const),
  ]);
  return { expected: `${yes[0]} or ${no[0]}`, read: (cell) => values.get(cell), key: same };
}

function dateReader({ formats }: CellSpelling): (cell: string) => string | undefined {
  return firstOf(formats.map((format) => (format === "iso" ? asIt(isDate) : readAs(format, isDate))));
}

function timestampReader({ formats, offset }: CellSpelling): (cell: string) => string | undefined {
  const isValid = (text: string): boolean => isTimestamp(text, offset);
  return firstOf(formats.map((format) => (format === "iso" ? asIt(isValid) : readAs(format, isValid))));
}

type Reader = (cell: string) => string | undefined;

const asIt =
  (accepts: (cell: string) => boolean): Reader =>
  (cell) =>
    accepts(cell) ? cell : undefined;

/** A format without a time is midnight where a time is asked for. */
function readAs(format: string, accepts: (iso: string) => boolean): Reader {
  const { toIso } = compileFormat(format);
  return (cell) => {
    const iso = toIso(cell);
    if (iso === undefined || accepts(iso)) return iso;
    return onlyIf(accepts, `${iso} 00:00:00`);
  };
}

function firstOf(readers: readonly Reader[]): Reader {
  const [only] = readers;
  if (readers.length === 1 && only !== undefined) return only;
  return (cell) => {
    for (const read of readers) {
      const value = read(cell);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

const others = (formats: readonly string[]): string => formats.filter((format) => format !== "iso").join(" or ");

function dateExample({ formats }: CellSpelling): string {
  return formats.includes("iso") ? "an existing day like 2024-02-29" : `an existing day in the form ${others(formats)}`;
}

function timestampExample({ formats, offset }: CellSpelling): string {
  const withOffset = offset === "none" ? "without an offset" : "with an offset";
  if (!formats.includes("iso")) return `a timestamp in the form ${others(formats)}, ${withOffset}`;
  return `a timestamp like ${offset === "none" ? "2024-02-29 13:45:00" : "2024-02-29T13:45:00Z"}, ${withOffset}`;
}
