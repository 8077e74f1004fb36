/** A contract whose rules were built once: all its files are checked with the same ones. */
import { buildCellRules, type CellRule } from "./cell-rules.ts";
import type { ColumnContract, Contract } from "./contract.ts";
import { type CellSpelling, type CsvDialect, resolveDialect, spellingOf } from "./dialect.ts";

export interface CompiledColumn extends ColumnContract {
  readonly spelling: CellSpelling;
  readonly rules: readonly CellRule[];
}

export interface CompiledContract extends Omit<Contract, "columns" | "csv"> {
  readonly csv: CsvDialect;
  readonly columns: readonly CompiledColumn[];
}

export function compileContract(contract: Contract): CompiledContract {
  const csv = resolveDialect(contract.csv);
  const columns = contract.columns.map((column) => {
    const spelling = spellingOf(column, csv);
    return { ...column, spelling, rules: buildCellRules(column, spelling) };
  });
  return { ...contract, csv, columns };
}

/** How many checks a contract makes of one file: each column's presence, nulls, rules and uniqueness, and the file's form. */
export function countChecks({ columns }: CompiledContract): number {
  const ofColumns = columns.map(
    ({ rules, required, nullable, unique }) =>
      rules.length + (required ? 1 : 0) + (nullable ? 0 : 1) + (unique ? 1 : 0),
  );
  return ofColumns.reduce((sum, count) => sum + count, FILE_CHECK_COUNT);
}

/** Header, names, width, blank lines, line ends, quotes, encoding, NUL, number of rows. */
const FILE_CHECK_COUNT = 9;
