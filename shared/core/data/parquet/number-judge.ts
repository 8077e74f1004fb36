/** Judges numbers, days and timestamps as they are stored, by bounds that were put into the same form. */
import { canonicalDecimal } from "../../../text/decimal/decimal.ts";
import { epochDay, epochTicks } from "../../../text/timestamp/timestamp.ts";
import { GOOD } from "../column-check.ts";
import type { CompiledColumn } from "../compile-contract.ts";
import type { StoredForm } from "./value-reader.ts";

/** The value has to be judged as text. */
export const UNKNOWN = -9;

/** @returns the number of the first rule that the value breaks, good, or unknown */
export type NumberJudge = (value: number) => number;

/** One bound, as a float in the unit of what is stored. */
interface Bound {
  readonly isLeast: boolean;
  readonly value: number;
  /** The number of its rule. */
  readonly rule: number;
  /** What is to be said of a value that is the same float. */
  readonly atBound: number;
}

/** Undefined where a rule needs the text. */
export function numberJudge(column: CompiledColumn, form: StoredForm): NumberJudge | undefined {
  const { rules, spelling } = column;
  const isPlain = rules.every(({ check }) => check === "range" || check === "decimals");
  if (!isPlain || spelling["null-values"].length > 0) return undefined;
  switch (form.kind) {
    case "text":
      return undefined;
    case "double":
    case "float":
      return floatJudge(column, form.kind === "float");
    case "integer":
      return integerJudge(column, form.scale);
    case "day":
      return within(
        boundsJudge(boundsOf(column, (bound) => wholeBound(BigInt(epochDay(bound)), true))),
        FIRST_DAY,
        DAY_AFTER,
      );
    case "tick": {
      const perDay = DAY_SECONDS * 10 ** form.decimals;
      const judge = boundsJudge(boundsOf(column, (bound) => tickBound(bound, form.decimals)));
      return within(judge, FIRST_DAY * perDay, DAY_AFTER * perDay);
    }
  }
}

const DAY_SECONDS = 86_400;
/** Of the years that have four digits. */
const [FIRST_DAY, DAY_AFTER] = [epochDay("0001-01-01"), epochDay("9999-12-31") + 1];

const within =
  (judge: NumberJudge, first: number, end: number): NumberJudge =>
  (value) =>
    value > first && value < end ? judge(value) : UNKNOWN;

/** Rounding to floats keeps the order, so that only a value which is the same float as a bound needs more than floats. */
function boundsJudge(bounds: readonly Bound[]): NumberJudge {
  const above = Math.max(...bounds.flatMap(({ isLeast, value }) => (isLeast ? [value] : [])), Number.NEGATIVE_INFINITY);
  const below = Math.min(...bounds.flatMap(({ isLeast, value }) => (isLeast ? [] : [value])), Number.POSITIVE_INFINITY);
  return (value) => {
    if (value > above && value < below) return GOOD;
    for (const bound of bounds) {
      if (bound.isLeast ? value < bound.value : value > bound.value) return bound.rule;
      if (value === bound.value && bound.atBound !== GOOD) return bound.atBound;
    }
    return GOOD;
  };
}

/** What a contract's bound is in the unit of what is stored: the whole number below or at it. */
interface StoredBound {
  readonly floor: bigint;
  readonly isWhole: boolean;
}

const wholeBound = (floor: bigint, isWhole: boolean): StoredBound => ({ floor, isWhole });

/** The rules of a column in their order: `min`, `max`, `above`, `below`. All become bounds that are allowed themselves. */
function boundsOf(column: CompiledColumn, read: (bound: string) => StoredBound): readonly Bound[] {
  return rangesOf(column).map(({ text, isLeast, isAllowed }, rule) => {
    const { floor, isWhole } = read(text);
    const next = isLeast ? (isWhole && isAllowed ? 0n : 1n) : isWhole && !isAllowed ? -1n : 0n;
    const value = Number(floor + next);
    return { isLeast, value, rule, atBound: Number.isSafeInteger(value) ? GOOD : UNKNOWN };
  });
}

function rangesOf({ min, max, above, below }: CompiledColumn) {
  const ranges = [
    { text: min, isLeast: true, isAllowed: true },
    { text: max, isLeast: false, isAllowed: true },
    { text: above, isLeast: true, isAllowed: false },
    { text: below, isLeast: false, isAllowed: false },
  ];
  return ranges.flatMap(({ text, ...range }) => (text === undefined ? [] : [{ ...range, text: String(text) }]));
}

function tickBound(text: string, decimals: number): StoredBound {
  const { seconds, fraction } = epochTicks(text);
  const ticks =
    BigInt(seconds) * 10n ** BigInt(decimals) + BigInt(fraction.slice(0, decimals).padEnd(decimals, "0") || "0");
  return wholeBound(ticks, /^0*$/.test(fraction.slice(decimals)));
}

/** A decimal as a multiple of `10^-scale`. */
function scaledBound(text: string, scale: number): StoredBound {
  const [digits = "0", power] = canonicalDecimal(text).split("e");
  const exponent = Number(power) + scale;
  if (exponent >= 0) return wholeBound(BigInt(digits) * 10n ** BigInt(exponent), true);
  const unit = 10n ** BigInt(-exponent);
  const truncated = BigInt(digits) / unit;
  // No digit at the end is zero: what is cut off is something.
  return wholeBound(digits.startsWith("-") ? truncated - 1n : truncated, false);
}

/** Whole numbers that stand for as many `10^-scale`. */
function integerJudge(column: CompiledColumn, scale: number): NumberJudge | undefined {
  const { "max-decimals": most = scale, rules } = column;
  if (scale < 0 || scale > MAX_SCALE || (scale > 0 && column.type === "integer")) return undefined;
  const judge = boundsJudge(boundsOf(column, (bound) => scaledBound(bound, scale)));
  if (most >= scale) return judge;
  const unit = 10 ** (scale - most);
  const tooMany = rules.findIndex(({ check }) => check === "decimals");
  return (value) => {
    const verdict = judge(value);
    if (verdict !== GOOD) return verdict;
    if (!Number.isSafeInteger(value)) return UNKNOWN;
    return value % unit === 0 ? GOOD : tooMany;
  };
}

const MAX_SCALE = 22;

/** Decimals of so many digits are never the same float. */
const [DOUBLE_DIGITS, SINGLE_DIGITS] = [15, 6];
const MAX_POWER = 22;

/** Floats, whose shortest decimals count; whole ones beyond 2^53 have others. */
function floatJudge(column: CompiledColumn, isSingle: boolean): NumberJudge {
  const { type, "max-decimals": decimals } = column;
  const judge = boundsJudge(
    rangesOf(column).map(({ text, isLeast, isAllowed }, rule) => {
      const value = isSingle ? Math.fround(Number(text)) : Number(text);
      const atBound = !isDistinct(text, isSingle) ? UNKNOWN : isAllowed ? GOOD : rule;
      return { isLeast, value, rule, atBound };
    }),
  );
  return (value) => {
    const isWhole = Number.isSafeInteger(value);
    if (!isWhole && (type === "integer" || !Number.isFinite(value) || Number.isInteger(value))) return UNKNOWN;
    const verdict = judge(value);
    if (verdict !== GOOD || isWhole || decimals === undefined) return verdict;
    return !isSingle && hasDecimals(value, decimals) ? GOOD : UNKNOWN;
  };
}

/** Whether the float that is nearest to the bound has it as its shortest decimal. */
function isDistinct(bound: string, isSingle: boolean): boolean {
  const [digits = "", power] = canonicalDecimal(bound).replace("-", "").split("e");
  return digits.length <= (isSingle ? SINGLE_DIGITS : DOUBLE_DIGITS) && Math.abs(Number(power)) <= MAX_POWER;
}

const MAX_WHOLE = 1e15;

/** Whether the float is the one next to a decimal of so many places: then its shortest decimal has no more. */
function hasDecimals(value: number, decimals: number): boolean {
  if (decimals > DOUBLE_DIGITS) return false;
  const scale = 10 ** decimals;
  const whole = Math.round(value * scale);
  return Math.abs(whole) < MAX_WHOLE && whole / scale === value;
}
