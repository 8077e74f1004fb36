/** Columns over a step: as DVCLive, Keras' CSVLogger and Lightning's CSVLogger write them. */
import { userError } from "../../problem/problem.ts";
import { quoteText } from "../../text/document/document.ts";
import { type CurvePlot, PLOT_FIX, type PlotTable } from "./plot.ts";

/** What says how far the training was, the first that is there; none of them is drawn. */
const STEP_NAMES = ["step", "global_step", "iteration", "iter", "epoch", "batch", "index"];
const NOT_DRAWN = new Set([...STEP_NAMES, "", "timestamp", "time", "wall_time", "walltime", "duration"]);

/** More lines in one chart cannot be told apart. */
const MAX_SERIES = 4;

/**
 * One plot for each metric: `loss` and `val_loss` are two lines of one, where both were measured at the same steps.
 * @throws ActionError `plot-unreadable` when no column is a curve
 */
export function readCurves({ file, header, rows }: PlotTable): readonly CurvePlot[] {
  const names = header.map((name) => name.toLowerCase());
  const step = STEP_NAMES.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? 0;
  const sorted = rows
    .map(({ cells }) => ({ x: toNumber(cells[step]) ?? Number.NaN, cells }))
    .filter(({ x }) => Number.isFinite(x))
    .sort((a, b) => a.x - b.x);
  const leftOut: string[] = [];
  const columns = header.flatMap((name, at): readonly Column[] => {
    if (at === step || NOT_DRAWN.has(names[at] ?? "")) return [];
    const values = sorted.map(({ cells }) => toNumber(cells[at]));
    const read = values.filter((value) => value !== undefined);
    if (read.length < values.length) leftOut.push(name);
    const skipped = read.filter((value) => value !== null && !Number.isFinite(value)).length;
    return read.length === values.length && read.some(isDrawn) ? [{ name, values: read, skipped }] : [];
  });
  if (columns.length === 0) {
    throw userError({
      code: "plot-unreadable",
      message: `no column has numbers over ${quoteText(header[step] ?? "")}`,
      place: { file },
      fix: PLOT_FIX,
    });
  }
  const about = { file, xName: header[step] ?? "", xs: sorted.map(({ x }) => x), lost: rows.length - sorted.length };
  return group(columns).map((group, at) => toPlot(group, { ...about, leftOut: at === 0 ? leftOut : [] }));
}

interface Column {
  readonly name: string;
  /** `null` where nothing is written. */
  readonly values: readonly (number | null)[];
  readonly skipped: number;
}

/** Columns of one metric, as long as they were measured at the same steps. */
function group(columns: readonly Column[]): readonly (readonly Column[])[] {
  const groups = new Map<string, Column[]>();
  for (const column of columns) {
    const steps = column.values.map((value) => (isDrawn(value) ? "x" : "-")).join("");
    const base = baseName(column.name);
    let key = `${base} ${steps}`;
    while ((groups.get(key)?.length ?? 0) >= MAX_SERIES) key += "+";
    groups.set(key, [...(groups.get(key) ?? []), column]);
  }
  return [...groups.values()];
}

const isDrawn = (value: number | null | undefined): value is number => Number.isFinite(value);

const baseName = (name: string): string =>
  name.replace(/^(?:val|valid|validation|train|training|test|eval)[_/. -]/i, "");

function toPlot(
  columns: readonly Column[],
  { lost, xs, ...about }: Pick<CurvePlot, "file" | "xName" | "xs" | "leftOut"> & { readonly lost: number },
): CurvePlot {
  const [first] = columns;
  return {
    kind: "curves",
    title: first === undefined || columns.length === 1 ? (first?.name ?? "") : baseName(first.name),
    ...about,
    xs: xs.filter((_, at) => isDrawn(first?.values[at])),
    series: columns.map(({ name, values }) => ({ name, ys: values.filter(isDrawn) })),
    skipped: columns.reduce((sum, { skipped }) => sum + skipped, lost),
  };
}

/** @returns `null` for nothing, NaN or an infinity for what is no finite number, `undefined` for any other text */
function toNumber(cell = ""): number | null | undefined {
  if (/^(?:|na|n\/a|none|null)$/i.test(cell)) return null;
  if (/^[+-]?(?:nan|inf|infinity)$/i.test(cell)) return Number.NaN;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(cell) ? Number(cell) : undefined;
}
