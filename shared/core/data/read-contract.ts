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
import { type CellType, strictType } from "./cell-type.ts";
import { type CompiledContract, compileContract, spellOut } from "./compile-contract.ts";
import { type ColumnContract, type Contract, contract } from "./contract.ts";
import { type AddProblem, addTo } from "./contract-problem.ts";
import { type CellSpelling, resolveDialect, spellingOf } from "./dialect.ts";
import { addSpellingProblems, dialectProblems } from "./dialect-problems.ts";
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
  throwIfProblems([...dialectProblems(value, document), ...rowsProblems(value, document)]);
  const dialect = resolveDialect(value.csv);
  const first = new Map(value.columns.map(({ name }, at): [string, number] => [name, at]).reverse());
  throwIfProblems(
    value.columns.flatMap((column, at) => {
      const add = addTo(document, ["columns", at], `column ${quoteText(column.name)}: `);
      if (first.get(column.name) !== at) add(["name"], "duplicate-column", "it appears twice", "Remove one of them");
      addColumnProblems(column, spellingOf(column, dialect), add);
      return add.problems;
    }),
  );
  throwIfProblems(rowProblems(value, document));
  const compiled = compileContract(value);
  if (translated === undefined) return compiled;
  const { language: name, version, skipped } = translated;
  return { ...compiled, language: { name, version }, skipped };
}

/** A contract of another language: its problems are told where it was written. */
const inOwnForm = (written: Document, { contract: value, toOriginal }: TranslatedContract): Document => ({
  ...{ kind: written.kind, file: written.file, value },
  placeOf: (path, part) => written.placeOf(toOriginal(path), part),
});

/** Of what is said about several columns: only of columns that are themselves right. */
function rowProblems({ rules, unique, ...rest }: Contract, document: Document): readonly Problem[] {
  const { columns } = compileContract({ ...rest, rules: [], unique: [] });
  const names = columns.map(({ name }) => name);
  const add = addTo(document, []);
  for (const [at, rule] of rules.entries()) {
    try {
      compileRule(spellOut(rule).check, columns);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      add(["rules", at, ...(typeof rule === "string" ? [] : ["check"])], "rule", error.message, error.fix);
    }
  }
  for (const [at, together] of unique.entries()) {
    for (const [nth, name] of together.entries()) {
      if (names.includes(name) && together.indexOf(name) === nth) continue;
      const what = names.includes(name) ? "is there twice" : "is no column of the contract";
      add(
        ["unique", at, nth],
        "unique",
        `unique: ${quoteText(name)} ${what}`,
        "Name columns of the contract, each once",
      );
    }
  }
  return add.problems;
}

function rowsProblems({ rows }: Contract, document: Document): readonly Problem[] {
  const add = addTo(document, ["rows"]);
  if (rows.min > (rows.max ?? Number.POSITIVE_INFINITY)) {
    const message = `rows.min ${rows.min} is above rows.max ${rows.max}, so no file could pass`;
    add(["max"], "contradiction", message, "Correct rows.min or rows.max");
  }
  return add.problems;
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
  offset: ["timestamp"],
  format: ["date", "timestamp", "string"],
  forbid: ["string", "integer"],
  "max-age": ["date", "timestamp"],
  "min-share": ["string", "integer", "boolean"],
  "max-share": ["string", "integer", "boolean"],
  decimal: ["integer", "number"],
  thousands: ["integer", "number"],
  "decimal-integers": ["integer"],
  "leading-dot": ["number"],
  "non-finite": ["integer", "number"],
  "true-values": ["boolean"],
  "false-values": ["boolean"],
};

const BOUNDS = ["min", "max", "above", "below"] as const;

function addColumnProblems(column: ColumnContract, spelling: CellSpelling, addProblem: AddProblem): void {
  for (const [key, types] of Object.entries(TYPES_FOR_KEY)) {
    if (column[key as keyof ColumnContract] === undefined || types.includes(column.type)) continue;
    addProblem([key], "does-not-fit", `${key} has no meaning for type ${column.type}`, "Remove it, or change the type");
  }
  if (column.type === "integer" && column["non-finite"] === "allow") {
    addProblem(["non-finite"], "does-not-fit", "no integer is NaN or infinite", "Write as-null, or change the type");
  }
  addSpellingProblems(column, spelling, addProblem);
  const type = strictType(column.type, spelling);
  const values: readonly (readonly [DocumentPath, unknown])[] = [
    ...(type.compare === undefined ? [] : BOUNDS.map((key) => [[key], column[key]] as const)),
    ...(column.enum ?? []).map((value, index) => [["enum", index], value] as const),
  ];
  const invalid = values.filter(([, value]) => value !== undefined && type.read(String(value)) === undefined);
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
}

const isTextFormat = (format: string | readonly string[]): boolean =>
  typeof format === "string" && TEXT_FORMATS.includes(format);

function addContradictions(column: ColumnContract, { compare }: CellType, addProblem: AddProblem): void {
  const { "min-share": least = 0, "max-share": most = 1 } = column;
  if (least > most) {
    const message = `min-share ${least} is above max-share ${most}, so no file could pass`;
    addProblem(["max-share"], "contradiction", message, "Correct min-share or max-share");
  }
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
