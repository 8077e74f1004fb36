/** Mermaid's `xychart-beta`: one of the three kinds of charts that every release knows that GitHub may use. */

/** The colours of Okabe and Ito, which can be told apart by everybody and on both backgrounds, and their squares as text. */
export const COLOURS = [
  { colour: "#0072b2", square: "🟦" },
  { colour: "#e69f00", square: "🟧" },
  { colour: "#009e73", square: "🟩" },
  { colour: "#cc79a7", square: "🟪" },
] as const;

export interface XyChart {
  readonly kind: "line" | "bar";
  /** What is written below; quotes and line ends cannot be escaped there, so only plain text is given. */
  readonly labels: readonly string[];
  readonly series: readonly (readonly number[])[];
  /** From where to where the axis of values goes; as far as the values unless given. */
  readonly range?: readonly [low: number, high: number] | undefined;
}

/** @returns `undefined` for numbers that its grammar cannot write: those far from 1 */
export function xyChart({ kind, labels, series, range = rangeOf(series.flat()) }: XyChart): string | undefined {
  if (!series.flat().every(canBeDrawn)) return undefined;
  const palette = COLOURS.slice(0, series.length).map(({ colour }) => colour);
  return [
    "---",
    "config:",
    "  themeVariables:",
    "    xyChart:",
    `      plotColorPalette: "${palette.join(", ")}"`,
    "---",
    "xychart-beta",
    `  x-axis [${labels.map((label) => `"${label}"`).join(", ")}]`,
    ...(range === undefined ? [] : [`  y-axis ${range.map(toChartNumber).join(" --> ")}`]),
    ...series.map((ys) => `  ${kind} [${ys.map(toChartNumber).join(", ")}]`),
  ].join("\n");
}

/** All are equal: without a range, nothing would be drawn. */
function rangeOf(numbers: readonly number[]): XyChart["range"] {
  const [first = 0] = numbers;
  const margin = Math.abs(first) || 1;
  return numbers.every((number) => number === first) ? [first - margin, first + margin] : undefined;
}

/** Mermaid cannot escape a label, so a chart shows only names without special characters. */
export const isSafeLabel = (label: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,31}$/u.test(label);

/** Not those far from 1: the grammar of charts has no exponents. */
const canBeDrawn = (number: number): boolean => number === 0 || (Math.abs(number) < 1e15 && Math.abs(number) > 1e-9);

/** Six digits, without an exponent. */
const toChartNumber = (number: number): string => plain().format(number);

let numbers: Intl.NumberFormat | undefined;
/** Made with the first chart: it takes time, and most actions draw none. */
const plain = (): Intl.NumberFormat =>
  (numbers ??= new Intl.NumberFormat("en", {
    useGrouping: false,
    maximumSignificantDigits: 6,
    maximumFractionDigits: 20,
  }));
