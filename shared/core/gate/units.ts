/** Units of measured values and of thresholds, and how one becomes another of its kind. */
import { type Decimal, decimalOf, multiply } from "../../text/decimal/decimal.ts";

/** In multiples of the first of each kind, which has no fractions of it. Money has no rate. */
const KINDS: readonly Readonly<Record<string, number>>[] = [
  { ns: 1, us: 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3600e9 },
  { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, kiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 },
  { J: 1, Wh: 3600, kWh: 3_600_000 },
  { g: 1, kg: 1000 },
  { USD: 1 },
  { EUR: 1 },
];

/** As programs also write them. */
const OTHER_SPELLINGS: Readonly<Record<string, string>> = {
  ...{ sec: "s", secs: "s", second: "s", seconds: "s", msec: "ms", milliseconds: "ms", µs: "us", μs: "us", usec: "us" },
  ...{ minutes: "min", hours: "h", bytes: "B", byte: "B", KB: "kB", KiB: "kiB", joules: "J", $: "USD", "€": "EUR" },
};

/**
 * How many of the smallest unit of its kind a unit is.
 *
 * @returns `undefined` for units of different kinds, or one that is not known
 */
function factorsOf(from: string, to: string): { readonly from: number; readonly to: number } | undefined {
  const kind = KINDS.find((units) => nameOf(from) in units && nameOf(to) in units);
  const [a, b] = [kind?.[nameOf(from)], kind?.[nameOf(to)]];
  return a === undefined || b === undefined ? undefined : { from: a, to: b };
}

const nameOf = (unit: string): string => OTHER_SPELLINGS[unit] ?? unit;

/**
 * @param value in the unit `from`
 * @returns in the unit `to`; `undefined` for units of different kinds. Exact wherever the result is a decimal number of at most
 *   17 digits
 */
export function convertUnit(value: number, from: string, to: string): number | undefined {
  const factors = factorsOf(from, to);
  if (factors === undefined) return undefined;
  if (factors.from === factors.to) return value;
  const [larger, smaller] = [Math.max(factors.from, factors.to), Math.min(factors.from, factors.to)];
  const ratio = larger / smaller;
  if (factors.from > factors.to) return toNumber(multiply(decimalOf(value), decimalOf(ratio)));
  // A thousandth is a decimal number, a sixtieth is not.
  const isPowerOfTen = /^10*$/.test(String(ratio));
  return isPowerOfTen ? toNumber(multiply(decimalOf(value), decimalOf(1 / ratio))) : value / ratio;
}

const toNumber = ({ sign, digits, exponent }: Decimal): number =>
  Number(`${sign < 0 ? "-" : ""}${digits || "0"}e${exponent}`);
