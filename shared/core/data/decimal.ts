/** Decimal numbers as text: compared exactly, whatever their length. */

/** JSON's grammar of numbers: no plus sign, no leading zeros, no blanks, no hexadecimals, no `NaN`. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,4})?$/;
const INTEGER = /^(?:0|-?[1-9]\d*)$/;

export const isInteger = (text: string): boolean => INTEGER.test(text);

/** Text that is a number and that a 64-bit float can hold: `1e400` would be read as infinite by whoever comes next. */
export const isNumber = (text: string): boolean => NUMBER.test(text) && Number.isFinite(Number(text));

/** Digits the value needs after the point: 2 for `1.05` and `1.050`, 0 for `1.5e3`, 3 for `1e-3`. */
export function decimalsOf(text: string): number {
  const { digits, exponent } = parse(text);
  return digits === "" ? 0 : Math.max(0, -exponent);
}

/** Negative, zero or positive, as `a` is below, equal to or above `b`. Both must be numbers in text. */
export function compareDecimals(a: string, b: string): number {
  // Rounding to floats keeps the order, so only floats that are equal leave the question open.
  const [x, y] = [Number(a), Number(b)];
  if (x !== y) return x < y ? -1 : 1;
  const [left, right] = [parse(a), parse(b)];
  if (left.sign !== right.sign) return left.sign - right.sign;
  return left.sign * compareMagnitudes(left, right);
}

/** The same text for the same number: `1`, `1.0` and `10e-1` are one. */
export function canonicalDecimal(text: string): string {
  const { sign, digits, exponent } = parse(text);
  return `${sign < 0 ? "-" : ""}${digits}e${exponent}`;
}

/** `sign * digits * 10^exponent`; the digits have no zeros at either end, and are empty for zero. */
interface Decimal {
  readonly sign: -1 | 0 | 1;
  readonly digits: string;
  readonly exponent: number;
}

function parse(text: string): Decimal {
  const [, minus, whole = "", fraction = "", power = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(text) ?? [];
  const significant = `${whole}${fraction}`.replace(/^0+/, "");
  const digits = significant.replace(/0+$/, "");
  if (digits === "") return { sign: 0, digits, exponent: 0 };
  const exponent = Number(power) - fraction.length + (significant.length - digits.length);
  return { sign: minus === "-" ? -1 : 1, digits, exponent };
}

function compareMagnitudes(a: Decimal, b: Decimal): number {
  const order = a.digits.length + a.exponent - (b.digits.length + b.exponent);
  if (order !== 0) return order;
  if (a.digits === b.digits) return 0;
  // Equal magnitude and no trailing zeros: the digits compare like words.
  return a.digits < b.digits ? -1 : 1;
}
