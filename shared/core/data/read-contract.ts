/** From a contract's text to a contract that makes sense, or every fault in it with line and column. */
import type { Problem } from "../../problem/problem.ts";
import { type Document, type DocumentPath, quoteText, throwIfProblems } from "../../text/document/document.ts";
import { validateOrThrow } from "../../text/document/validate-document.ts";
import { compilePattern } from "../../text/pattern/pattern.ts";
import { PatternError } from "../../text/pattern/pattern-reader.ts";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { type CellType, cellType } from "./cell-type.ts";
import { type ColumnContract, type Contract, contract } from "./contract.ts";

/** @throws ActionError with every problem: YAML, shape, and rules that cannot hold or do not fit the column's type. */
export function readContract(text: string, file: string): Contract {
  const document = readYaml(text, file, "contract");
  const value = validateOrThrow(contract, document);
  throwIfProblems([
    ...csvSettingsProblems(value, document),
    ...value.columns.flatMap((_, at) => columnProblems(value, at, document)),
  ]);
  return value;
}

const problem = (document: Document, path: DocumentPath, code: string, message: string, fix: string): Problem => ({
  code: `contract-${code}`,
  message,
  place: document.placeOf(path),
  fix,
});

function csvSettingsProblems({ csv, rows }: Contract, document: Document): readonly Problem[] {
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
const TYPES_FOR_KEY: Readonly<Partial<Record<keyof ColumnContract, readonly ColumnContract["type"][]>>> = {
  min: ["integer", "number", "date", "timestamp"],
  max: ["integer", "number", "date", "timestamp"],
  "min-length": ["string"],
  "max-length": ["string"],
  "max-decimals": ["number"],
};

function columnProblems({ columns }: Contract, at: number, document: Document): readonly Problem[] {
  const column = columns[at];
  if (column === undefined) return [];
  const faults: Problem[] = [];
  const fault = (path: DocumentPath, code: string, message: string, fix: string): void => {
    faults.push(problem(document, ["columns", at, ...path], code, `column ${quoteText(column.name)}: ${message}`, fix));
  };

  if (columns.findIndex(({ name }) => name === column.name) < at) {
    fault(["name"], "duplicate-column", "it is here twice", "Remove one of them");
  }
  for (const [key, types] of Object.entries(TYPES_FOR_KEY)) {
    if (column[key as keyof ColumnContract] === undefined || types.includes(column.type)) continue;
    fault([key], "does-not-fit", `${key} has no meaning for type ${column.type}`, "Remove it, or change the type");
  }
  const type = cellType(column);
  const values: readonly (readonly [DocumentPath, unknown])[] = [
    ...(type.compare === undefined ? [] : [[["min"], column.min] as const, [["max"], column.max] as const]),
    ...(column.enum ?? []).map((value, index) => [["enum", index], value] as const),
  ];
  const odd = values.filter(([, value]) => value !== undefined && !type.accepts(String(value)));
  for (const [path, value] of odd) {
    const message = `${path[0]} ${quoteText(String(value))} is no ${column.type}`;
    fault(path, "wrong-value", message, `Write ${type.expected}`);
  }
  if (odd.length === 0) contradictions(column, type, fault);
  if (column.pattern !== undefined) {
    try {
      compilePattern(column.pattern);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      fault(["pattern"], "pattern", error.message, error.fix);
    }
  }
  return faults;
}

function contradictions(
  column: ColumnContract,
  { compare }: CellType,
  fault: (path: DocumentPath, code: string, message: string, fix: string) => void,
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
