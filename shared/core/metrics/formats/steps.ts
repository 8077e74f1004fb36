/** Columns that say when a row of a log was written. */
import { findColumn, numberAt, type Row, type Table } from "./rows.ts";

/** The coarse ones first: steps may begin anew in each epoch. */
const STEPS = [
  "epoch",
  "training_iteration",
  "iteration",
  "iter",
  "global_step",
  "step",
  "batch",
  // Weights & Biases' exports.
  "_step",
  "time/iterations",
  "time/total_timesteps",
] as const;

/** The indices of those that a table has, the coarse ones first. */
export const stepColumns = (table: Table): readonly number[] =>
  STEPS.map((name) => findColumn(table, name)).filter((at) => at >= 0);

/** To be kept beside a value: the finest one of a training's progress. */
export function stepOf(table: Table, row: Row): { readonly step?: number } {
  const [known] = ["step", "global_step", "training_iteration", "iteration", "iter", "epoch", "_step"]
    .map((name) => numberAt(table, row, findColumn(table, name)))
    .filter((step) => Number.isInteger(step) && Number(step) >= 0);
  return known === undefined ? {} : { step: known };
}
