/** From a contract's text to a contract that makes sense, or every fault in it with line and column. */
import type { Problem } from "../../action/problem.ts";
import { accept } from "../document/check.ts";
import { assertSound, type Document, type Path, quote } from "../document/document.ts";
import { compilePattern } from "../pattern/pattern.ts";
import { PatternRefused } from "../pattern/pattern-text.ts";
import { readYaml } from "../yaml/read-yaml.ts";
import { type CellType, cellType } from "./cell-type.ts";
import { type ColumnContract, type Contract, contract } from "./contract.ts";

/** @throws ActionFailure with every problem: YAML, shape, and rules that cannot hold or do not fit the column's type. */
export function readContract(text: string, file: string): Contract {
  const document = readYaml(text, file, "contract");
  const value = accept(contract, document);
  assertSound([
    ...dialectFaults(value, document),
    ...value.columns.flatMap((_, at) => columnFaults(value, at, document)),
  ]);
  return value;
}

const problem = (document: Document, path: Path, code: string, message: string, fix: string): Problem => ({
  code: `contract-${code}`,
  message,
  place: document.placeOf(path),
  fix,
});

function dialectFaults({ csv, rows }: Contract, document: Document): readonly Problem[] {
  const faults: Problem[] = [];
  if (/["\r\n\0]|[^\0-\x7f]/.test(csv.delimiter)) {
    const message = "csv.delimiter may not be a quote, a line end or beyond ASCII";
    faults.push(problem(document, ["csv", "delimiter"], "delimiter", message, 'Write for example ";" or "\\t"'));
  }
  if (rows.min > (rows.max ?? Number.POSITIVE_INFINITY)) {
    const message = `no number of rows is at least ${rows.min} and at most ${rows.max}`;
    faults.push(problem(document, ["rows", "max"], "contradiction", message, "Correct rows.min or rows.max"));
  }
  return faults;
}

/** The types each key has a meaning for. */
const FITS: Readonly<Partial<Record<keyof ColumnContract, readonly ColumnContract["type"][]>>> = {
  min: ["integer", "number", "date", "timestamp"],
  max: ["integer", "number", "date", "timestamp"],
  "min-length": ["string"],
  "max-length": ["string"],
  "max-decimals": ["number"],
};

function columnFaults({ columns }: Contract, at: number, document: Document): readonly Problem[] {
  const column = columns[at];
  if (column === undefined) return [];
  const faults: Problem[] = [];
  const fault = (path: Path, code: string, message: string, fix: string): void => {
    faults.push(problem(document, ["columns", at, ...path], code, `column ${quote(column.name)}: ${message}`, fix));
  };

  if (columns.findIndex(({ name }) => name === column.name) < at) {
    fault(["name"], "duplicate-column", "it is here twice", "Remove one of them");
  }
  for (const [key, types] of Object.entries(FITS)) {
    if (column[key as keyof ColumnContract] === undefined || types.includes(column.type)) continue;
    fault([key], "does-not-fit", `${key} has no meaning for type ${column.type}`, "Remove it, or change the type");
  }
  const type = cellType(column);
  const values: readonly (readonly [Path, unknown])[] = [
    ...(type.compare === undefined ? [] : [[["min"], column.min] as const, [["max"], column.max] as const]),
    ...(column.enum ?? []).map((value, index) => [["enum", index], value] as const),
  ];
  const odd = values.filter(([, value]) => value !== undefined && !type.holds(String(value)));
  for (const [path, value] of odd) {
    const message = `${path[0]} ${quote(String(value))} is no ${column.type}`;
    fault(path, "wrong-value", message, `Write ${type.wanted}`);
  }
  if (odd.length === 0) contradictions(column, type, fault);
  if (column.pattern !== undefined) {
    try {
      compilePattern(column.pattern);
    } catch (error) {
      if (!(error instanceof PatternRefused)) throw error;
      fault(["pattern"], "pattern", error.message, error.fix);
    }
  }
  return faults;
}

function contradictions(
  column: ColumnContract,
  { compare }: CellType,
  fault: (path: Path, code: string, message: string, fix: string) => void,
): void {
  const { min, max, "min-length": shortest = 0, "max-length": longest = Number.POSITIVE_INFINITY } = column;
  if (compare !== undefined && min !== undefined && max !== undefined && compare(String(min), String(max)) > 0) {
    fault(["max"], "contradiction", `nothing is at least ${min} and at most ${max}`, "Correct min or max");
  }
  if (shortest > longest) {
    const message = `nothing has at least ${shortest} and at most ${longest} characters`;
    fault(["max-length"], "contradiction", message, "Correct min-length or max-length");
  }
}
