/**
 * Decimal numbers without rounding, whatever their length. A float is taken as the shortest decimal that reads back as
 * the same float: that is what programs and people write, and what is shown. So `0.1 + 0.2` is `0.3` here, and 0.9 meets
 * a threshold of 0.9.
 */

/** `sign * digits * 10^exponent`. The digits have no zeros at either end, and are empty for zero: one form per value. */
export interface Decimal {
  readonly sign: -1 | 0 | 1;
  readonly digits: string;
  readonly exponent: number;
}

export const ZERO: Decimal = { sign: 0, digits: "", exponent: 0 };

/** JSON's grammar of numbers: no plus sign, no leading zeros, no whitespace, no hexadecimals, no `NaN`. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,4})?$/;
/** A number of fewer characters without an exponent is always finite. */
const MAX_FINITE_LENGTH = 300;
const MINUS = 45;
const POINT = 46;
const ZERO_DIGIT = 48;

/** Digits without leading zeros, with a minus or without; zero has none. */
export function isInteger(text: string): boolean {
  const first = text.charCodeAt(0) === MINUS ? 1 : 0;
  if (text.charCodeAt(first) === ZERO_DIGIT) return text.length === 1;
  const end = skipDigits(text, first);
  return end === text.length && end > first;
}

/** Whether text is a number that fits a 64-bit float: other programs would read `1e400` as infinity. */
export function isNumber(text: string): boolean {
  return isShortNumber(text) || (NUMBER.test(text) && Number.isFinite(Number(text)));
}

/** Whether it is one of the numbers that are usual in tables, several times faster than the grammar tells. */
function isShortNumber(text: string): boolean {
  if (text.length > MAX_FINITE_LENGTH) return false;
  const first = text.charCodeAt(0) === MINUS ? 1 : 0;
  const end = text.charCodeAt(first) === ZERO_DIGIT ? first + 1 : skipDigits(text, first);
  if (end === first) return false;
  if (end === text.length) return true;
  return text.charCodeAt(end) === POINT && end + 1 < text.length && skipDigits(text, end + 1) === text.length;
}

/** Where the digits end that begin at `from`. */
function skipDigits(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO_DIGIT;
    if (digit < 0 || digit > 9) break;
  }
  return at;
}

/** @param text a number that `isNumber` accepts or `String` printed */
function parseDecimal(text: string): Decimal {
  const [, minus, whole = "", fraction = "", power = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(text) ?? [];
  return normalize(minus === "-", `${whole}${fraction}`, Number(power) - fraction.length);
}

/** @throws RangeError for NaN and infinities: nothing may be compared with them */
export function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a finite number`);
  return parseDecimal(String(value));
}

/** Negative, zero or positive, as `a` is below, equal to or above `b`. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const order = a.sign === b.sign ? a.sign * compareMagnitudes(a, b) : a.sign - b.sign;
  if (order === 0) return 0;
  return order < 0 ? -1 : 1;
}

/** The same for numbers in text. Rounding to floats keeps the order, so only equal floats need the exact comparison. */
export function compareTexts(a: string, b: string): -1 | 0 | 1 {
  const [x, y] = [Number(a), Number(b)];
  if (x !== y) return x < y ? -1 : 1;
  return compare(parseDecimal(a), parseDecimal(b));
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const difference = unitsOf(a, exponent) - unitsOf(b, exponent);
  return normalize(difference < 0n, String(difference < 0n ? -difference : difference), exponent);
}

export const add = (a: Decimal, b: Decimal): Decimal => subtract(a, { ...b, sign: negateSign(b.sign) });

const negateSign = (sign: Decimal["sign"]): Decimal["sign"] => (sign === 0 ? 0 : sign === 1 ? -1 : 1);

export const absolute = ({ sign, digits, exponent }: Decimal): Decimal => ({
  sign: sign === 0 ? 0 : 1,
  digits,
  exponent,
});

export const multiply = (a: Decimal, b: Decimal): Decimal => scaledProduct(a, b, 0);

/** The same for numbers in text; the result is exact, as `canonicalDecimal` writes it. */
export const addTexts = (a: string, b: string): string => writeDecimal(add(parseDecimal(a), parseDecimal(b)));
export const subtractTexts = (a: string, b: string): string => writeDecimal(subtract(parseDecimal(a), parseDecimal(b)));
export const multiplyTexts = (a: string, b: string): string => writeDecimal(multiply(parseDecimal(a), parseDecimal(b)));

/** `percent` hundredths of a value. */
export const percentOf = (percent: Decimal, of: Decimal): Decimal => scaledProduct(percent, of, -2);

function scaledProduct(a: Decimal, b: Decimal, exponent: number): Decimal {
  const digits = String(unitsOf(absolute(a), a.exponent) * unitsOf(absolute(b), b.exponent));
  return normalize(a.sign !== b.sign, digits, a.exponent + b.exponent + exponent);
}

const MAX_LENGTH = 24;

/** All digits, without an exponent; more than 24 characters are rounded and marked with `≈`. */
export function formatDecimal({ sign, digits, exponent }: Decimal): string {
  const minus = sign < 0 ? "-" : "";
  const length = exponent < 0 ? Math.max(digits.length, 1 - exponent) + 1 : digits.length + exponent;
  if (minus.length + length > MAX_LENGTH) return `≈ ${Number(Number(`${minus}${digits}e${exponent}`).toPrecision(6))}`;
  if (exponent >= 0) return `${minus}${digits}${"0".repeat(exponent)}` || "0";
  const padded = digits.padStart(1 - exponent, "0");
  return `${minus}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** The same text for the same number: `1`, `1.0` and `10e-1` are equal. */
export const canonicalDecimal = (text: string): string => writeDecimal(parseDecimal(text));

const writeDecimal = ({ sign, digits, exponent }: Decimal): string =>
  `${sign < 0 ? "-" : ""}${digits || "0"}e${exponent}`;

/** Digits the value needs after the point: 2 for `1.05` and `1.050`, 0 for `1.5e3`, 3 for `1e-3`. */
export function decimalPlaces(text: string): number {
  const point = text.indexOf(".");
  // Without zeros at its end and without an exponent, the fraction is needed as it is.
  const last = text.charCodeAt(text.length - 1);
  if (point >= 0 && last !== ZERO_DIGIT && skipDigits(text, point + 1) === text.length) return text.length - point - 1;
  return Math.max(0, -parseDecimal(text).exponent);
}

function normalize(negative: boolean, written: string, exponent: number): Decimal {
  const significant = written.replace(/^0+/, "");
  const digits = significant.replace(/0+$/, "");
  if (digits === "") return ZERO;
  return { sign: negative ? -1 : 1, digits, exponent: exponent + (significant.length - digits.length) };
}

/** The value as a multiple of `10^unit`; `unit` must not be above the value's own exponent. */
const unitsOf = ({ sign, digits, exponent }: Decimal, unit: number): bigint =>
  BigInt(sign) * BigInt(digits || "0") * 10n ** BigInt(exponent - unit);

function compareMagnitudes(a: Decimal, b: Decimal): number {
  const order = a.digits.length + a.exponent - (b.digits.length + b.exponent);
  if (order !== 0) return order;
  if (a.digits === b.digits) return 0;
  // Equal magnitude and no trailing zeros: the digits compare as text.
  return a.digits < b.digits ? -1 : 1;
}
