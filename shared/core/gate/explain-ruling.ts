/** What a rule compared, and what would make it end the other way. */
import type { Ruling } from "../../records/verdict.ts";
import {
  absolute,
  add,
  type Decimal,
  decimalOf,
  formatDecimal,
  percentOf,
  subtract,
} from "../../text/decimal/decimal.ts";

/** The values that satisfy a rule: from `low` to `high`, both included; `undefined`: no bound on that side. */
interface AllowedValues {
  readonly low?: Decimal;
  readonly high?: Decimal;
}

/** @returns `undefined` where no single value decides: slices against each other, numbers of examples, learned noise, no baseline */
function findAllowedValues(ruling: Ruling): AllowedValues | undefined {
  const { rule, limit, threshold, unit, baseline, better, tolerance } = ruling;
  if (tolerance === "learned" || rule === "max-gap" || rule === "min-n") return undefined;
  const effective = rule === "worst-slice" ? limit : rule;
  if (effective === "min") return { low: decimalOf(threshold) };
  if (effective === "max") return { high: decimalOf(threshold) };
  if (baseline === null || effective === undefined) return undefined;
  const before = decimalOf(baseline);
  const amount = unit === "percent" ? percentOf(decimalOf(threshold), absolute(before)) : decimalOf(threshold);
  const [below, above] = [subtract(before, amount), add(before, amount)];
  if (effective === "max-change") return { low: below, high: above };
  if (better === "neither") return undefined;
  const improves = effective === "min-improvement";
  if (better === "higher") return { low: improves ? above : below };
  return { high: improves ? below : above };
}

/** For example `holds from 0.81` or `holds up to 2.6`; `undefined` as `findAllowedValues`. */
export function describeAllowed(ruling: Ruling): string | undefined {
  const allowed = findAllowedValues(ruling);
  if (allowed === undefined) return undefined;
  const { low, high } = allowed;
  const unit = ruling.measure === undefined ? "" : ` ${ruling.measure}`;
  if (low !== undefined && high !== undefined)
    return `holds from ${formatDecimal(low)} to ${formatDecimal(high)}${unit}`;
  if (low !== undefined) return `holds from ${formatDecimal(low)}${unit} upwards`;
  return high === undefined ? undefined : `holds up to ${formatDecimal(high)}${unit}`;
}
