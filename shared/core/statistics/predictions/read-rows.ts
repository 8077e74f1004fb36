/** Rows of a file of predictions, by its content: CSV, TSV or JSON Lines. */
import { userError } from "../../../problem/problem.ts";
import { CsvReader } from "../../../text/csv/csv-reader.ts";
import { JsonParser } from "../../../text/json/json-parser.ts";

export interface Row {
  /** From 1. */
  readonly line: number;
  /** A cell by the name of its column; `undefined`: it has none. */
  readonly cell: (column: string) => string | undefined;
}

/** @throws ActionError `predictions-not-csv`, or `predictions-` with a code of `readJson` */
export function readRows(text: string, file: string): readonly Row[] {
  const content = text.replace(/^\uFEFF/, "");
  return content.trimStart().startsWith("{") ? readJsonLines(content, file) : readCsv(content, file);
}

function readCsv(text: string, file: string): readonly Row[] {
  const refuse = (message: string, line: number): never => {
    const fix = "Write one cell for each column of the header, and close every quote";
    throw userError({ code: "predictions-not-csv", message, place: { file, line }, fix });
  };
  let columns: ReadonlyMap<string, number> | undefined;
  const rows: Row[] = [];
  const [header = ""] = text.split(/\r?\n/, 1);
  const reader = new CsvReader(
    { delimiter: ["\t", ";"].find((candidate) => header.includes(candidate)) ?? ",", padded: true },
    {
      onRecord({ width, cells, line }) {
        const own = cells.slice(0, width).map((cell) => cell.trim());
        if (own.length === 1 && own[0] === "") return;
        if (columns === undefined) {
          columns = new Map(own.map((name, at) => [name, at]));
          if (columns.size !== width) refuse("a column appears twice", line);
          return;
        }
        const at = columns;
        if (width !== at.size) refuse(`the header has ${at.size} columns, and this row has ${width}`, line);
        // An empty cell is no value: a model that answers with nothing writes a text that says so.
        rows.push({ line, cell: (column) => own[at.get(column) ?? -1] || undefined });
      },
      onError(code, line) {
        if (code !== "stray-quote") refuse(`it is no CSV: ${code.replaceAll("-", " ")}`, line);
      },
    },
  );
  reader.push(text);
  reader.end();
  return rows;
}

function readJsonLines(text: string, file: string): readonly Row[] {
  return text.split("\n").flatMap((json, at): readonly Row[] => {
    if (json.trim() === "") return [];
    const line = at + 1;
    const value = new JsonParser(json, (code, offset, message, fix) =>
      userError({ code: `predictions-${code}`, message, place: { file, line, column: offset + 1 }, fix }),
    ).parse();
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      const message = "it is not an object";
      throw userError({ code: "predictions-not-json", message, place: { file, line }, fix: "Write one object a line" });
    }
    const cells = new Map(Object.entries(value));
    return [{ line, cell: (column) => toCell(cells.get(column)) }];
  });
}

/** Objects and lists name nothing that could be compared. */
const toCell = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value) || undefined
    : undefined;
