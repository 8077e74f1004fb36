/** A contract's dialect, as the reader of CSV wants it. */
import type { CsvOptions } from "../../text/csv/csv-format.ts";
import { type CsvDialect, NONE } from "./dialect.ts";

export const csvOptions = (csv: CsvDialect, maxRecordLength: number): CsvOptions => ({
  delimiter: csv.delimiter,
  quote: csv.quote === NONE ? null : csv.quote,
  escape: csv.escape,
  comment: csv.comment === NONE ? null : csv.comment,
  skipLines: csv["skip-lines"],
  trim: csv.trim,
  maxRecordLength,
});
