/** A contract whose rules were built once: all its files are checked with the same ones. */
import { buildCellRules, type CellRule } from "./cell-rules.ts";
import { type CellType, cellType } from "./cell-type.ts";
import type { ColumnContract, Contract } from "./contract.ts";
import { type CellSpelling, type CsvDialect, type CsvPreset, resolveDialect, spellingOf } from "./dialect.ts";

export interface CompiledColumn extends ColumnContract {
  readonly spelling: CellSpelling;
  readonly cellType: CellType;
  /** For cells that have the type. */
  readonly rules: readonly CellRule[];
}

export interface CompiledContract extends Omit<Contract, "columns" | "csv"> {
  readonly csv: CsvDialect;
  /** The one whose settings `csv` has, as far as the contract states no others. */
  readonly preset: CsvPreset | undefined;
  readonly columns: readonly CompiledColumn[];
}

export function compileContract(contract: Contract): CompiledContract {
  const csv = resolveDialect(contract.csv);
  const columns = contract.columns.map((column) => ({ ...column, spelling: spellingOf(column, csv) }));
  return addRules({ ...contract, csv, preset: contract.csv.preset, columns });
}

/** A contract without its functions, which cannot go from thread to thread. */
export interface ResolvedContract extends Omit<CompiledContract, "columns"> {
  readonly columns: readonly Omit<CompiledColumn, "cellType" | "rules">[];
}

export const withoutRules = (contract: CompiledContract): ResolvedContract => ({
  ...contract,
  columns: contract.columns.map(({ cellType: _, rules: __, ...column }) => column),
});

export function addRules(contract: ResolvedContract): CompiledContract {
  const columns = contract.columns.map((column) => {
    const { type, spelling } = column;
    return { ...column, cellType: cellType(type, spelling), rules: buildCellRules(column, spelling) };
  });
  return { ...contract, columns };
}

/** How many checks a contract makes of one file: each column's presence, nulls, type, lines, rules and uniqueness, and the file's form. */
export function countChecks({ columns }: CompiledContract): number {
  const ofColumns = columns.map(
    ({ type, spelling, rules, required, nullable, unique }) =>
      [type !== "string", !spelling.multiline, required, !nullable, unique].filter(Boolean).length + rules.length,
  );
  return ofColumns.reduce((sum, count) => sum + count, FILE_CHECK_COUNT);
}

/** Header, names, width, blank lines, line ends, quotes, encoding, NUL, number of rows. */
const FILE_CHECK_COUNT = 9;
