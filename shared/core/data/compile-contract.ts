/** A contract whose rules were built once: all its files are checked with the same ones. */
import { buildCellRules, type CellRule } from "./cell-rules.ts";
import { type CellType, cellType } from "./cell-type.ts";
import type { ColumnContract, Contract, RuleContract } from "./contract.ts";
import { type CellSpelling, type CsvDialect, type CsvPreset, resolveDialect, spellingOf } from "./dialect.ts";
import { INTOLERANT } from "./finding-collector.ts";
import type { ContractLanguage, SkippedCheck } from "./languages/translated-contract.ts";
import { compileRule, type RowRule } from "./rules/compile-rule.ts";

export interface CompiledColumn extends ColumnContract {
  readonly spelling: CellSpelling;
  readonly cellType: CellType;
  /** For cells that have the type. */
  readonly rules: readonly CellRule[];
}

export interface CompiledRule extends RuleContract, RowRule {}

export interface CompiledContract extends Omit<Contract, "columns" | "csv" | "rules"> {
  readonly csv: CsvDialect;
  /** The one whose settings `csv` has, as far as the contract states no others. */
  readonly preset: CsvPreset | undefined;
  readonly columns: readonly CompiledColumn[];
  readonly rules: readonly CompiledRule[];
  /** Of a contract that was written in another language. */
  readonly language?: { readonly name: ContractLanguage; readonly version: string | undefined };
  /** What it asks and nobody checks. */
  readonly skipped?: readonly SkippedCheck[];
}

/** @throws RuleError, PatternError and FormatError for what `readContract` refuses with its place */
export function compileContract(contract: Contract): CompiledContract {
  const csv = resolveDialect(contract.csv);
  const columns = contract.columns.map((column) => ({
    ...column,
    ...(column.forbid === undefined && isForbidding(column) && contract.forbid && { forbid: contract.forbid }),
    spelling: spellingOf(column, csv),
  }));
  const rules = contract.rules.map(spellOut);
  return addRules({ ...contract, csv, preset: contract.csv.preset, columns, rules });
}

/** A date or a number with a fraction is no personal data. */
const isForbidding = ({ type }: ColumnContract): boolean => type === "string" || type === "integer";

/** A contract without its functions, which cannot go from thread to thread. */
export interface ResolvedContract extends Omit<CompiledContract, "columns" | "rules"> {
  readonly columns: readonly Omit<CompiledColumn, "cellType" | "rules">[];
  readonly rules: readonly RuleContract[];
}

export const withoutRules = (contract: CompiledContract): ResolvedContract => ({
  ...contract,
  columns: contract.columns.map(({ cellType: _, rules: __, ...column }) => column),
  rules: contract.rules.map(({ columns: _, isSatisfiedBy: __, ...rule }) => rule),
});

export function addRules(contract: ResolvedContract): CompiledContract {
  const columns = contract.columns.map((column) => {
    const { type, spelling } = column;
    return { ...column, cellType: cellType(type, spelling), rules: buildCellRules(column, spelling) };
  });
  const rules = contract.rules.map((rule) => ({ ...rule, ...compileRule(rule.check, columns) }));
  return { ...contract, columns, rules };
}

/** A rule that is only text has the usual tolerance. */
export const spellOut = (rule: Contract["rules"][number]): RuleContract =>
  typeof rule === "string" ? { check: rule, ...INTOLERANT } : rule;

export const mayBeNull = ({ nullable, "max-null-share": share }: ColumnContract): boolean =>
  nullable || share !== undefined;

/** How many checks a contract makes of one file: each column's presence, nulls, type, lines, rules and uniqueness, and the file's form. */
export function countChecks({ columns, rules: ofRows, unique: together }: CompiledContract): number {
  const ofColumns = columns.map(
    ({ type, spelling, rules, required, nullable, unique, ...column }) =>
      [
        type !== "string",
        !spelling.multiline,
        required,
        !nullable || column["max-null-share"] !== undefined,
        unique,
        ...SUMMARIES.map((key) => column[key] !== undefined),
      ].filter(Boolean).length + rules.length,
  );
  return ofColumns.reduce((sum, count) => sum + count, FILE_CHECK_COUNT + ofRows.length + together.length);
}

const SUMMARIES = ["max-age", "min-share", "max-share"] as const;

/** Header, names, width, blank lines, line ends, quotes, encoding, NUL, number of rows. */
const FILE_CHECK_COUNT = 9;
