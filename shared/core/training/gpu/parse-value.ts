/** One cell of `nvidia-smi --format=csv`. */

/** `null` for `[N/A]`, `[Not Supported]`, `[GPU is lost]` and the like, and for an empty cell. */
export const parseText = (cell: string | undefined): string | null =>
  cell === undefined || cell === "" || cell.startsWith("[") || cell === "N/A" ? null : cell;

/** With or without its unit. */
export function parseNumber(cell: string | undefined): number | null {
  const number = /^(-?\d{1,12}(?:\.\d{1,12})?)(?: [\w%]{1,8})?$/.exec(cell ?? "")?.[1];
  return number === undefined ? null : Number(number);
}

const MEBIBYTE = 1024 * 1024;

/** From MiB, in which `nvidia-smi` counts. */
export function parseMebibytes(cell: string | undefined): number | null {
  const number = parseNumber(cell);
  return number === null || number < 0 ? null : Math.round(number * MEBIBYTE);
}

/** `Yes`, `Active`, `Enabled`, 1, and their opposites. */
export function parseFlag(cell: string | undefined): boolean | null {
  if (cell === undefined) return null;
  if (/^(?:Yes|Active|Enabled|1)$/i.test(cell)) return true;
  return /^(?:No|Not Active|Disabled|0)$/i.test(cell) ? false : null;
}

/** Rows as wide as asked for; messages between them are left out. */
export const parseRows = (output: string, width: number): readonly (readonly string[])[] =>
  output
    .split(/\r?\n/)
    .map((line) => line.split(",").map((cell) => cell.trim()))
    .filter((cells) => cells.length === width && width > 1);
