/** A small CSV in memory: rows of cells with the line each row starts on. Data files have a reader of their own. */
import { mistake } from "../../action/problem.ts";

export interface Row {
  /** From 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Blank lines are left out; cells lose the blanks around them, which some tools pad with. @throws ActionFailure */
export function readTable(text: string, file: string): readonly Row[] {
  const rows: Row[] = [];
  const separator = separatorOf(text);
  let line = 1;
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length) {
    const start = line;
    const cells: string[] = [];
    for (let more = true; more; ) {
      const cell = readCell(text, at, separator);
      if (cell === undefined) {
        const fix = "Close the quote, and double a quote inside a cell";
        throw mistake({ code: "metrics-not-csv", message: "a quote is not closed", place: { file, line: start }, fix });
      }
      cells.push(cell.value.trim());
      line += text.slice(at, cell.end).split("\n").length - 1;
      at = cell.end;
      more = text[at] === separator;
      if (more) at += 1;
    }
    if (text[at] === "\r") at += 1;
    if (text[at] === "\n") {
      at += 1;
      line += 1;
    }
    if (cells.length > 1 || cells[0] !== "") rows.push({ line: start, cells });
  }
  return rows;
}

/** The header decides; with a semicolon numbers may carry a decimal comma, which is then refused as no number. */
function separatorOf(text: string): string {
  const header = text.slice(0, (text.indexOf("\n") + 1 || text.length + 1) - 1);
  return ["\t", ";"].find((candidate) => header.includes(candidate)) ?? ",";
}

/** A cell in quotes, as RFC 4180 has it, or all up to the separator or line end; `undefined`: the quote stays open. */
function readCell(
  text: string,
  at: number,
  separator: string,
): { readonly value: string; readonly end: number } | undefined {
  const plain = new RegExp(`[^${separator}\r\n]*`, "y");
  const quoted = /[ ]*"((?:[^"]|"")*)"[ ]*/y;
  quoted.lastIndex = at;
  const inQuotes = quoted.exec(text);
  if (inQuotes !== null) return { value: (inQuotes[1] ?? "").replaceAll('""', '"'), end: quoted.lastIndex };
  plain.lastIndex = at;
  const value = plain.exec(text)?.[0] ?? "";
  return value.trimStart().startsWith('"') ? undefined : { value, end: at + value.length };
}
