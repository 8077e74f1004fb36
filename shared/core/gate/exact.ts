/**
 * Decimal arithmetic without rounding. A float stands for the shortest decimal that reads back as it: that is what files
 * and people write, and what is shown. So `0.1 + 0.2` is `0.3` here, and a threshold of 0.9 is met by 0.9.
 */

/** `digits * 10^-scale`. */
export interface Exact {
  readonly digits: bigint;
  /** Not negative. */
  readonly scale: number;
}

/** @throws RangeError for NaN and infinities: nothing may be compared with them */
export function exact(value: number): Exact {
  const [, sign = "", whole = "", fraction = "", power = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  if (whole === "") throw new RangeError(`${value} is not a finite number`);
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const scale = fraction.length - Number(power);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

export function subtract(a: Exact, b: Exact): Exact {
  const scale = Math.max(a.scale, b.scale);
  return { digits: at(a, scale) - at(b, scale), scale };
}

/** Negative, zero or positive, as `a` is below, equal to or above `b`. */
export function compare(a: Exact, b: Exact): -1 | 0 | 1 {
  const { digits } = subtract(a, b);
  if (digits === 0n) return 0;
  return digits < 0n ? -1 : 1;
}

export const size = ({ digits, scale }: Exact): Exact => ({ digits: digits < 0n ? -digits : digits, scale });

/** `percent` hundredths of a value. */
export const share = (percent: Exact, of: Exact): Exact => ({
  digits: percent.digits * of.digits,
  scale: percent.scale + of.scale + 2,
});

/** All digits, without an exponent; from 25 characters on rounded, and `≈` says so. */
export function print({ digits, scale }: Exact): string {
  const text = `${digits < 0n ? -digits : digits}`.padStart(scale + 1, "0");
  const fraction = text.slice(text.length - scale).replace(/0+$/, "");
  const whole = `${digits < 0n ? "-" : ""}${text.slice(0, text.length - scale)}`;
  const full = fraction === "" || scale === 0 ? whole : `${whole}.${fraction}`;
  return full.length <= LONGEST ? full : `≈ ${Number(Number(full).toPrecision(6))}`;
}

const LONGEST = 24;

const at = ({ digits, scale }: Exact, wanted: number): bigint => digits * 10n ** BigInt(wanted - scale);
