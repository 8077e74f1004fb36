/** Days `YYYY-MM-DD` and timestamps `YYYY-MM-DD hh:mm:ss`, with their bounds. */
import { isDay } from "../../../text/timestamp/timestamp.ts";
import {
  AS_TEXT,
  answer,
  type ByteKinds,
  type CellScanner,
  DIGIT_ZERO,
  finishCell,
  ORDINARY,
  SUSPICIOUS,
} from "./cell-scanner.ts";
import { type Bounds, boundsVerdict } from "./number-bounds.ts";

const DASH = 45;
const COLON = 58;
const SPACE = 32;
const LETTER_T = 84;
const NO_DAY = -1;
/** Larger than a number of two digits, also when it is added to one. */
const NO_DIGITS = 100_000;

/** The digits of the day as one number: its order is that of days. */
export const dayNumber = (date: string): number => Number(date.slice(0, 10).replaceAll("-", ""));
export const secondNumber = (timestamp: string): number => Number(timestamp.slice(0, 19).replaceAll(/\D/g, ""));

export function dateScanner(kinds: ByteKinds, bounds: Bounds): CellScanner {
  return (bytes, from) => {
    const day = readDay(bytes, from);
    const end = day === NO_DAY ? from : from + 10;
    const kind = kinds[bytes[end] ?? 0];
    if (day === NO_DAY || kind === ORDINARY || kind === SUSPICIOUS) return finishCell(kinds, bytes, end, AS_TEXT);
    const verdict = boundsVerdict(bounds, day);
    return verdict < 0 ? end : answer(end, verdict);
  };
}

/** Timestamps without an offset and without a fraction of a second; others are judged as text. */
export function timestampScanner(kinds: ByteKinds, bounds: Bounds): CellScanner {
  return (bytes, from) => {
    const day = readDay(bytes, from);
    if (day === NO_DAY) return finishCell(kinds, bytes, from, AS_TEXT);
    const separator = bytes[from + 10];
    if (separator !== SPACE && separator !== LETTER_T) return finishCell(kinds, bytes, from + 10, AS_TEXT);
    const hour = twoDigits(bytes, from + 11);
    if (hour > 23 || bytes[from + 13] !== COLON) return finishCell(kinds, bytes, from + 11, AS_TEXT);
    const minute = twoDigits(bytes, from + 14);
    if (minute > 59 || bytes[from + 16] !== COLON) return finishCell(kinds, bytes, from + 14, AS_TEXT);
    const second = twoDigits(bytes, from + 17);
    if (second > 59) return finishCell(kinds, bytes, from + 17, AS_TEXT);
    const end = from + 19;
    const kind = kinds[bytes[end] ?? 0];
    if (kind === ORDINARY || kind === SUSPICIOUS) return finishCell(kinds, bytes, end, AS_TEXT);
    const verdict = boundsVerdict(bounds, 1e6 * day + (1e4 * hour + 100 * minute + second));
    return verdict < 0 ? end : answer(end, verdict);
  };
}

/** The day as a number; no byte after one that ends the cell is taken for a part of it, as that is no digit and no dash. */
function readDay(bytes: Uint8Array, from: number): number {
  const year = 100 * twoDigits(bytes, from) + twoDigits(bytes, from + 2);
  const month = twoDigits(bytes, from + 5);
  const day = twoDigits(bytes, from + 8);
  if (bytes[from + 4] !== DASH || bytes[from + 7] !== DASH || year >= NO_DIGITS || day >= NO_DIGITS) return NO_DAY;
  return isDay(year, month, day) ? 10_000 * year + 100 * month + day : NO_DAY;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - DIGIT_ZERO;
  const ones = (bytes[at + 1] ?? 0) - DIGIT_ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : NO_DIGITS;
}
