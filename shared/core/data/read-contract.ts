/** From a contract's text to a compiled contract, or every problem in it with line and column. */
import type { Problem } from "../../problem/problem.ts";
import {
  type Document,
  type DocumentPath,
  formatChoices,
  quoteText,
  throwIfProblems,
} from "../../text/document/document.ts";
import { validateOrThrow } from "../../text/document/validate-document.ts";
import { compilePattern } from "../../text/pattern/pattern.ts";
import { PatternError } from "../../text/pattern/pattern-reader.ts";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { type CellType, cellType } from "./cell-type.ts";
import { type CompiledContract, compileContract, spellOut } from "./compile-contract.ts";
import { type ColumnContract, type Contract, contract } from "./contract.ts";
import { resolveDialect, spellingOf } from "./dialect.ts";
import { translateContract } from "./languages/translate-contract.ts";
import type { TranslatedContract } from "./languages/translated-contract.ts";
import { compileRule } from "./rules/compile-rule.ts";
import { RuleError } from "./rules/rule-error.ts";
import { TEXT_FORMATS } from "./text-formats.ts";

/** @throws ActionError with every problem: YAML, schema, and rules that contradict each other or the column's type. */
export function readContract(text: string, file: string): CompiledContract {
  const written = readYaml(text, file, "contract");
  const translated = translateContract(written);
  const document = translated === undefined ? written : inOwnForm(written, translated);
  const value = validateOrThrow(contract, document);
  throwIfProblems([
    ...csvSettingsProblems(value, document),
    ...value.columns.flatMap((_, at) => columnProblems(value, at, document)),
  ]);
  throwIfProblems(rowProblems(value, document));
  const { language, version, skipped } = translated ?? {};
  const compiled = compileContract(value);
  return language === undefined
    ? compiled
    : { ...compiled, language: { name: language, version }, skipped: skipped ?? [] };
}

/** A contract of another language: its problems are told where it was written. */
const inOwnForm = (written: Document, { contract: value, toOriginal }: TranslatedContract): Document => ({
  ...{ kind: written.kind, file: written.file, value },
  placeOf: (path, part) => written.placeOf(toOriginal(path), part),
});

const isTextFormat = (format: string | readonly string[]): boolean =>
  typeof format === "string" && TEXT_FORMATS.includes(format);

const problem = (document: Document, path: DocumentPath, code: string, message: string, fix: string): Problem => ({
  code: `contract-${code}`,
  message,
  place: document.placeOf(path),
  fix,
});

function csvSettingsProblems({ csv: settings, rows }: Contract, document: Document): readonly Problem[] {
  const csv = resolveDialect(settings);
  const problems: Problem[] = [];
  if (/["\r\n\0]|[^\0-\x7f]/.test(csv.delimiter)) {
    const message = "csv.delimiter must be an ASCII character other than a quote or a line end";
    problems.push(problem(document, ["csv", "delimiter"], "delimiter", message, 'Write for example ";" or "\\t"'));
  }
  if (rows.min > (rows.max ?? Number.POSITIVE_INFINITY)) {
    const message = `rows.min ${rows.min} is above rows.max ${rows.max}, so no file could pass`;
    problems.push(problem(document, ["rows", "max"], "contradiction", message, "Correct rows.min or rows.max"));
  }
  return problems;
}

/** The types for which each key has a meaning. */
const TYPES_FOR_KEY: Readonly<Partial<Record<keyof ColumnContract, readonly ColumnContract["type"][]>>> = {
  min: ["integer", "number", "date", "timestamp"],
  max: ["integer", "number", "date", "timestamp"],
  above: ["integer", "number", "date", "timestamp"],
  below: ["integer", "number", "date", "timestamp"],
  "min-length": ["string"],
  "max-length": ["string"],
  "max-decimals": ["number"],
};

function columnProblems({ columns, csv }: Contract, at: number, document: Document): readonly Problem[] {
  const column = columns[at];
  if (column === undefined) return [];
  const problems: Problem[] = [];
  const addProblem = (path: DocumentPath, code: string, message: string, fix: string): void => {
    problems.push(
      problem(document, ["columns", at, ...path], code, `column ${quoteText(column.name)}: ${message}`, fix),
    );
  };

  if (columns.findIndex(({ name }) => name === column.name) < at) {
    addProblem(["name"], "duplicate-column", "it appears twice", "Remove one of them");
  }
  for (const [key, types] of Object.entries(TYPES_FOR_KEY)) {
    if (column[key as keyof ColumnContract] === undefined || types.includes(column.type)) continue;
    addProblem([key], "does-not-fit", `${key} has no meaning for type ${column.type}`, "Remove it, or change the type");
  }
  const type = cellType(column.type, spellingOf(column, resolveDialect(csv)));
  const values: readonly (readonly [DocumentPath, unknown])[] = [
    ...(type.compare === undefined
      ? []
      : [
          [["min"], column.min] as const,
          [["max"], column.max] as const,
          [["above"], column.above] as const,
          [["below"], column.below] as const,
        ]),
    ...(column.enum ?? []).map((value, index) => [["enum", index], value] as const),
  ];
  const invalid = values.filter(([, value]) => value !== undefined && !type.accepts(String(value)));
  for (const [path, value] of invalid) {
    const message = `${path[0]} ${quoteText(String(value))} is not a valid ${column.type}`;
    addProblem(path, "wrong-value", message, `Write ${type.expected}`);
  }
  if (invalid.length === 0) addContradictions(column, type, addProblem);
  for (const key of ["pattern", "pattern-anywhere"] as const) {
    const pattern = column[key];
    if (pattern === undefined) continue;
    try {
      compilePattern(pattern);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      addProblem([key], "pattern", error.message, error.fix);
    }
  }
  if (column.type === "string" && column.format !== undefined && !isTextFormat(column.format)) {
    const fix = `Write one of ${formatChoices(TEXT_FORMATS)}, or use pattern`;
    addProblem(["format"], "wrong-value", "no text has such a format", fix);
  }
  return problems;
}

function addContradictions(
  column: ColumnContract,
  { compare }: CellType,
  addProblem: (path: DocumentPath, code: string, message: string, fix: string) => void,
): void {
  const { min, max, "min-length": shortest = 0, "max-length": longest = Number.POSITIVE_INFINITY } = column;
  if (compare !== undefined && min !== undefined && max !== undefined && compare(String(min), String(max)) > 0) {
    addProblem(
      ["max"],
      "contradiction",
      `min ${min} is above max ${max}, so no value could pass`,
      "Correct min or max",
    );
  }
  if (shortest > longest) {
    const message = `min-length ${shortest} is above max-length ${longest}, so no value could pass`;
    addProblem(["max-length"], "contradiction", message, "Correct min-length or max-length");
  }
}

/** Of what is said about several columns: only of columns that are themselves right. */
function rowProblems({ rules, unique, ...contract }: Contract, document: Document): readonly Problem[] {
  const { columns } = compileContract({ ...contract, rules: [], unique: [] });
  const names = columns.map(({ name }) => name);
  return [
    ...rules.flatMap((rule, at) => {
      try {
        compileRule(spellOut(rule).check, columns);
        return [];
      } catch (error) {
        if (!(error instanceof RuleError)) throw error;
        const path = ["rules", at, ...(typeof rule === "string" ? [] : ["check"])];
        return [problem(document, path, "rule", error.message, error.fix)];
      }
    }),
    ...unique.flatMap((together, at) =>
      together.flatMap((name, nth) => {
        if (names.includes(name) && together.indexOf(name) === nth) return [];
        const message = names.includes(name) ? "is there twice" : "is no column of the contract";
        const fix = "Name columns of the contract, each once";
        return [problem(document, ["unique", at, nth], "unique", `unique: ${quoteText(name)} ${message}`, fix)];
      }),
    ),
  ];
}
