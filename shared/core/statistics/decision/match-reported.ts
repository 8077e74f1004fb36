/** Do the predictions belong to the metrics that were reported? Otherwise a good file could stand for a bad model. */
import { type Inconclusive, inconclusive } from "../inconclusive.ts";

/** What a rounded number may be away from its value, as a share of the unit of its last digit. */
const ROUNDING = 0.5;
/** Programs write 1.0 as 1, which is no share that was rounded to whole numbers. */
const COARSEST_SHARE = 0.01;

/**
 * @param computed from the predictions
 * @param reported by the training, perhaps rounded
 * @returns `undefined` when they agree to the digits that were reported
 */
export function findMismatch(side: string, computed: number, reported: number): Inconclusive | undefined {
  const [digits = "", exponent = "0"] = String(reported).split("e");
  const written = 10 ** (Number(exponent) - (digits.split(".")[1]?.length ?? 0));
  const isWhole = Number.isInteger(reported) && computed >= 0 && computed <= 1;
  const unit = isWhole ? Math.min(written, COARSEST_SHARE) : written;
  // Double arithmetic in another order may differ in the last digits.
  if (Math.abs(computed - reported) <= ROUNDING * unit + 1e-9 * Math.abs(reported)) return undefined;
  const given = Number(computed.toPrecision(6));
  return inconclusive("not-comparable", `the ${side}'s predictions give ${given}, its metrics say ${reported}`);
}
