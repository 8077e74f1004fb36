/** One metric over time, as trackers of experiments write it: of it the last value counts. */
import { isFiniteNumber, isList, isObject, valueAt } from "./format.ts";

export interface LastOfSeries {
  readonly value: unknown;
  /** From the series on. */
  readonly path: readonly (string | number)[];
  readonly step?: number;
}

const STEPS = ["steps", "step", "epochs", "epoch", "iterations", "iters", "x"];
const VALUES = ["values", "value", "y"];
/** Seconds since 1970, as a clock of this century shows them. */
const MIN_TIME = 1e9;

/** `{"steps": [0, 1], "values": [0.9, 0.4]}` of Sacred, `x` and `y` of ClearML, `[[time, step, value]]` of TensorBoard. */
export function lastOfSeries(series: unknown): LastOfSeries | undefined {
  if (isList(series)) return lastOfSamples(series);
  if (!isObject(series)) return undefined;
  const listAt = (keys: readonly string[]) =>
    keys.map((key) => [key, valueAt(series, key)] as const).find(([, list]) => isList(list) && list.length > 0);
  const [steps, values] = [listAt(STEPS), listAt(VALUES)];
  if (steps === undefined || values === undefined) return undefined;
  const [times, measured] = [steps[1], values[1]];
  if (!isList(times) || !isList(measured) || times.length !== measured.length || !isAscending(times)) return undefined;
  const at = measured.length - 1;
  return { value: measured[at], path: [values[0], at], ...stepOf(times[at]) };
}

function lastOfSamples(list: readonly unknown[]): LastOfSeries | undefined {
  const isSample = (one: unknown): one is readonly unknown[] =>
    isList(one) && one.length === 3 && isFiniteNumber(one[0]) && one[0] >= MIN_TIME && Number.isInteger(one[1]);
  if (list.length === 0 || !list.every(isSample) || !isAscending(list.map((one) => one[1]))) return undefined;
  const at = list.length - 1;
  const last = list[at];
  return last && { value: last[2], path: [at, 2], ...stepOf(last[1]) };
}

/** Time that goes back is that of several runs. */
const isAscending = (times: readonly unknown[]): boolean =>
  times.every((time, at) => isFiniteNumber(time) && (at === 0 || time > Number(times[at - 1])));

const stepOf = (step: unknown): { readonly step?: number } =>
  Number.isInteger(step) && Number(step) >= 0 ? { step: Number(step) } : {};
