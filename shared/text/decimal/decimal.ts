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
const INTEGER = /^(?:0|-?[1-9]\d*)$/;

export const isInteger = (text: string): boolean => INTEGER.test(text);

/** Whether text is a number that fits a 64-bit float: other programs would read `1e400` as infinity. */
export const isNumber = (text: string): boolean => NUMBER.test(text) && Number.isFinite(Number(text));

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

const add = (a: Decimal, b: Decimal): Decimal => subtract(a, { ...b, sign: negateSign(b.sign) });

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
export const decimalPlaces = (text: string): number => Math.max(0, -parseDecimal(text).exponent);

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
