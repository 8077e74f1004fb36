/** What is wrong with the syntax of a file, as findings. */
import type { CsvErrorCode } from "../../text/csv/csv-format.ts";
import type { CheckCode } from "./checks.ts";

type SyntaxCode = Exclude<CsvErrorCode, "record-too-long">;

export const CSV_ERRORS: Readonly<Record<SyntaxCode, readonly [CheckCode, string]>> = {
  "stray-quote": ["quoting", "a cell without quotes contains a quote"],
  "text-after-quote": ["quoting", "text follows the closing quote of a cell"],
  "backslash-quote": [
    "quoting",
    "text follows a quote that has a backslash before it; csv.escape: backslash reads that as a quote within the text",
  ],
  "bare-carriage-return": ["line-end", "a carriage return is not followed by a line feed"],
  "unclosed-quote": ["readable", "a quote opens here and is never closed"],
};
