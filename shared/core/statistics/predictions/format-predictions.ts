/** Results as a file that `readPredictions` reads back, with what comparisons need and nothing else of the original's rows. */
import { type CaseResult, DEFAULT_COLUMNS } from "./case-result.ts";

const COLUMNS = Object.keys(DEFAULT_COLUMNS) as readonly (keyof typeof DEFAULT_COLUMNS)[];

/** CSV; only the columns that any row has. */
export function formatPredictions(results: readonly CaseResult[]): string {
  const used = COLUMNS.filter((column) => results.some((result) => result[column] !== undefined));
  const rows = results.map((result) => used.map((column) => quote(String(result[column] ?? ""))));
  return [used, ...rows].map((cells) => `${cells.join(",")}\n`).join("");
}

const quote = (text: string): string => (/[",\r\n\t;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
