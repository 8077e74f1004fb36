/** What can be drawn. */

export type Plot = CurvePlot | ConfusionMatrix;

/** Lines over the same steps. */
export interface CurvePlot {
  readonly kind: "curves";
  /** For example `loss`. */
  readonly title: string;
  readonly file: string;
  /** What the steps are, for example `epoch`. */
  readonly xName: string;
  /** In ascending order; finite, at least one. */
  readonly xs: readonly number[];
  /** At least one. */
  readonly series: readonly Series[];
  /** How many values of these columns, and steps, are not finite numbers: they are left out. */
  readonly skipped: number;
  /** Columns of the file that are left out because something in them is no number; only of its first plot. */
  readonly leftOut: readonly string[];
}

export interface Series {
  readonly name: string;
  /** As many as there are steps; finite. */
  readonly ys: readonly number[];
}

export interface ConfusionMatrix {
  readonly kind: "confusion";
  readonly title: string;
  readonly file: string;
  readonly labels: readonly string[];
  /** Rows: the actual class, columns: the predicted one; whole numbers from 0. */
  readonly counts: readonly (readonly number[])[];
}

/** A table with a header, all cells as they are written. */
export interface PlotTable {
  readonly file: string;
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** From 1; absent where the rows come from JSON. */
  readonly line?: number;
  readonly cells: readonly string[];
}

/** What can be drawn, for the one who wrote something else. */
export const PLOT_FIX =
  "Write a column of steps and one for each curve, the columns actual and predicted, or a square table of counts with the classes as header and first column";
