/** A CSV or TSV file as a table: cells trimmed, blank lines left out. */
import { userError } from "../../problem/problem.ts";
import { CsvReader } from "../../text/csv/csv-reader.ts";
import type { PlotTable, TableRow } from "./plot.ts";

/** @throws ActionError `plot-unreadable` for a row of another width, or a quote that is not closed */
export function readTable(text: string, file: string): PlotTable {
  const rows: TableRow[] = [];
  const refuse = (message: string, line: number): never => {
    const fix = "Write one cell for each column of the header, and close every quote";
    throw userError({ code: "plot-unreadable", message, place: { file, line }, fix });
  };
  const reader = new CsvReader(
    { delimiter: findDelimiter(text), padded: true },
    {
      onRecord({ width, cells, line }) {
        const trimmed = cells.slice(0, width).map((cell) => cell.trim());
        if (trimmed.length > 1 || trimmed[0] !== "") rows.push({ line, cells: trimmed });
      },
      onError(code, line) {
        if (code !== "stray-quote") refuse(`it is no CSV: ${code.replaceAll("-", " ")}`, line);
      },
    },
  );
  reader.push(text.replace(/^\uFEFF/, ""));
  reader.end();
  const [header, ...others] = rows;
  const odd = others.find(({ cells }) => cells.length !== header?.cells.length);
  if (odd !== undefined)
    refuse(`the header has ${header?.cells.length} columns, and this row has ${odd.cells.length}`, odd.line ?? 1);
  return { file, header: header?.cells ?? [], rows: others };
}

function findDelimiter(text: string): string {
  const [header = ""] = text.split(/\r?\n/, 1);
  return ["\t", ";"].find((candidate) => header.includes(candidate)) ?? ",";
}
