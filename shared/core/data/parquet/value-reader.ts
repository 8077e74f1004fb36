/** What a column of a Parquet file is in terms of a contract, and how its values are written in the strict form. */
import type { SchemaElement } from "hyparquet";
import { decodeUtf8 } from "../../../text/csv/utf8-decoder.ts";
import type { CompiledColumn } from "../compile-contract.ts";
import type { ColumnType } from "../contract.ts";
import type { CellKind } from "../typed-cell.ts";
import type { RawValue } from "./stored-values.ts";

/** What a stored value means, where it need not become text to be judged. */
export type StoredForm =
  /** As many `10^-scale`. */
  | { readonly kind: "integer"; readonly isSigned: boolean; readonly scale: number }
  | { readonly kind: "double" | "float" | "day" | "text"; readonly isSigned: true }
  /** As many `10^-decimals` seconds since 1970. */
  | { readonly kind: "tick"; readonly isSigned: true; readonly decimals: number };

export interface ValueReader {
  readonly kind: CellKind;
  /** The value in the strict form of contracts. A text that has lone surrogates is no UTF-8. */
  readonly toText: (value: RawValue) => string;
  readonly stored?: StoredForm | undefined;
}

/** What the type of a file's column is called, and what it can be read as. */
interface Reading extends ValueReader {
  readonly name: string;
  readonly types: readonly ColumnType[];
}

/** @returns the reader, or what the column is instead of what the contract asks for */
export function readerFor(element: SchemaElement, column: CompiledColumn): ValueReader | string {
  const reading = readingOf(element, column);
  if (reading === undefined) return typeName(element);
  const { types, name } = reading;
  if (types.includes(column.type)) return reading;
  if (column.type === "integer" && types.includes("number")) {
    if (column.spelling["decimal-integers"]) return reading;
    return `${name}, which decimal-integers: true allows where all values are whole`;
  }
  return name;
}

const INTEGER: readonly ColumnType[] = ["integer", "number"];

function readingOf(element: SchemaElement, { spelling }: CompiledColumn): Reading | undefined {
  const { type, logical_type: logical, converted_type: converted, scale = 0 } = element;
  const name = typeName(element);
  switch (logical?.type) {
    case "STRING":
    case "ENUM":
    case "JSON":
      return text(name);
    case "UUID":
      return { ...text(name), stored: undefined, toText: uuidText };
    case "DECIMAL":
      return decimal(name, logical.scale, type);
    case "DATE":
      return day(name);
    case "TIMESTAMP":
      return timestamp(name, UNITS[logical.unit] ?? 0, logical.isAdjustedToUTC);
    case "INTEGER":
      return integer(name, logical.isSigned, logical.bitWidth);
    case "FLOAT16":
      return { name, kind: "number", types: ["number"], toText: (value) => numberText(halfFloat(bytesOf(value))) };
    case undefined:
      break;
    default:
      return undefined;
  }
  switch (converted) {
    case "UTF8":
    case "ENUM":
    case "JSON":
      return text(name);
    case "DECIMAL":
      return decimal(name, scale, type);
    case "DATE":
      return day(name);
    case "TIMESTAMP_MILLIS":
    case "TIMESTAMP_MICROS":
      // Without more, old writers mean instants.
      return timestamp(name, converted === "TIMESTAMP_MILLIS" ? 3 : 6, true);
    case "UINT_8":
    case "UINT_16":
    case "UINT_32":
    case "UINT_64":
    case "INT_8":
    case "INT_16":
    case "INT_32":
    case "INT_64":
      return integer(name, converted.startsWith("INT"), Number(converted.slice(converted.indexOf("_") + 1)));
    case undefined:
      break;
    default:
      return undefined;
  }
  switch (type) {
    case "BOOLEAN":
      return { name, kind: "boolean", types: ["boolean"], toText: (value) => (value ? "true" : "false") };
    case "INT32":
    case "INT64":
      return integer(name, true, 64);
    case "FLOAT":
      return float(name, "float", shortest);
    case "DOUBLE":
      return float(name, "double", (value) => value);
    case "INT96":
      // It does not say whether it is an instant: it is what the contract says.
      return timestampOf(name, spelling.offset === "required", (value) => int96Nanoseconds(BigInt(value as bigint)), 9);
    default:
      return undefined;
  }
}

function typeName({
  type,
  logical_type: logical,
  converted_type: converted,
  repetition_type: repetition,
}: SchemaElement): string {
  if (repetition === "REPEATED") return "a list";
  if (type === undefined) return "a group of columns";
  if (logical?.type === "TIMESTAMP")
    return `TIMESTAMP of ${logical.unit}${logical.isAdjustedToUTC ? ", instants in UTC" : " without a zone"}`;
  if (logical?.type === "INTEGER") return `${logical.isSigned ? "INT" : "UINT"}_${logical.bitWidth}`;
  const named = logical?.type ?? converted;
  if (named !== undefined) return named;
  return type.endsWith("BYTE_ARRAY") ? `${type} that is not marked as text` : type;
}

const bytesOf = (value: RawValue): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array(0));

const text = (name: string): Reading => ({
  ...{ name, kind: "text", types: ["string"], stored: { kind: "text", isSigned: true } },
  toText: (value) => decodeUtf8(bytesOf(value)),
});

const day = (name: string): Reading => ({
  ...{ name, kind: "text", types: ["date"], stored: { kind: "day", isSigned: true } },
  toText: (value) => dayText(Number(value)),
});

const float = (name: string, kind: "double" | "float", round: (value: number) => number): Reading => ({
  ...{ name, kind: "number", types: ["number"], stored: { kind, isSigned: true } },
  toText: (value) => numberText(round(Number(value))),
});

function uuidText(value: RawValue): string {
  const hex = Array.from(bytesOf(value), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function integer(name: string, isSigned: boolean, bits: number): Reading {
  const unsigned = (value: RawValue): string =>
    typeof value === "bigint" ? String(BigInt.asUintN(64, value)) : String(Number(value) >>> 0);
  const stored = { kind: "integer", isSigned: isSigned || bits === 0, scale: 0 } as const;
  return { name, kind: "number", types: INTEGER, stored, toText: stored.isSigned ? String : unsigned };
}

function decimal(name: string, scale: number, type: SchemaElement["type"]): Reading {
  const toDigits = type?.endsWith("BYTE_ARRAY")
    ? (value: RawValue) => bigEndian(bytesOf(value))
    : (value: RawValue) => BigInt(Number.isInteger(value) ? (value as number) : (value as bigint));
  return {
    name,
    kind: "number",
    types: scale === 0 ? INTEGER : ["number"],
    stored: { kind: "integer", isSigned: true, scale },
    toText: (value) => scaledText(toDigits(value), scale),
  };
}

/** Of a number in two's complement. */
function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

function scaledText(digits: bigint, scale: number): string {
  if (scale <= 0) return String(digits * 10n ** BigInt(-scale));
  const padded = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  return `${digits < 0n ? "-" : ""}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** The shortest decimal that is the same float of 64 bits; whole numbers in digits. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Number.isInteger(value) ? String(BigInt(value)) : String(value);
}

/** The number whose shortest decimal is that of a float of 32 bits. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number.isFinite(value) ? Number(value.toPrecision(9)) : value;
}

function halfFloat([low = 0, high = 0]: Uint8Array): number {
  const sign = high & 0x80 ? -1 : 1;
  const exponent = (high >> 2) & 31;
  const fraction = ((high & 3) << 8) | low;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

const UNITS: Readonly<Record<string, number>> = { MILLIS: 3, MICROS: 6, NANOS: 9 };
const DAY_SECONDS = 86_400;
const UNIX_EPOCH_AS_JULIAN_DAY = 2_440_588n;

const timestamp = (name: string, decimals: number, isInstant: boolean): Reading =>
  timestampOf(name, isInstant, (value) => BigInt(value as bigint | number), decimals);

function timestampOf(
  name: string,
  isInstant: boolean,
  ticksOf: (value: RawValue) => bigint,
  decimals: number,
): Reading {
  const perSecond = 10n ** BigInt(decimals);
  const toText = (value: RawValue): string => {
    const ticks = ticksOf(value);
    const fraction = ((ticks % perSecond) + perSecond) % perSecond;
    const seconds = Number((ticks - fraction) / perSecond);
    const second = ((seconds % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS;
    const [hours, minutes] = [Math.floor(second / 3600), Math.floor(second / 60) % 60];
    const time = [hours, minutes, second % 60].map((part) => String(part).padStart(2, "0")).join(":");
    const digits = fraction === 0n ? "" : `.${String(fraction).padStart(decimals, "0")}`;
    return `${dayText((seconds - second) / DAY_SECONDS)} ${time}${digits}${isInstant ? "Z" : ""}`;
  };
  return { name, kind: "text", types: ["timestamp"], stored: { kind: "tick", isSigned: true, decimals }, toText };
}

/** As hyparquet has it: the day above the nanoseconds of the day. */
const int96Nanoseconds = (value: bigint): bigint =>
  ((value >> 64n) - UNIX_EPOCH_AS_JULIAN_DAY) * BigInt(DAY_SECONDS) * 10n ** 9n + BigInt.asIntN(64, value);

/** Days since 1970. Years that have not four digits are written so that no contract takes them for a day. */
function dayText(days: number): string {
  const date = new Date(days * DAY_SECONDS * 1000);
  return Number.isNaN(date.getTime()) ? `day ${days}` : (date.toISOString().split("T")[0] ?? "");
}
