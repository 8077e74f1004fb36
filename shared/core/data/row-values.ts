/** The values that some columns have together in one row. */
import type { ColumnBinding } from "./bind-columns.ts";
import { cellType } from "./cell-type.ts";
import type { CompiledColumn } from "./compile-contract.ts";

/** The cells of a row by the column's position in the file. */
export interface RowCells {
  readonly cells: readonly string[];
  readonly quoted: readonly boolean[];
}

/** Sees every row that has as many cells as there are columns. */
export type TakeRow = (row: RowCells, line: number) => void;

/** Something that looks at whole rows of a file, apart from the checks of its columns. */
export interface RowObserver {
  /** Called once for a file, when its columns are known; undefined when the file lacks a column it needs. */
  bind(binding: ColumnBinding): TakeRow | undefined;
}

/** Null for a null; undefined for a row with a cell that breaks its own column, of which there is nothing to say. */
type ReadValues = (row: RowCells) => readonly (string | null)[] | undefined;

interface BoundColumn {
  readonly column: CompiledColumn;
  readonly position: number;
  readonly nulls: ReadonlySet<string>;
}

/** Cells as they are written. Undefined when one of the columns is not in the file. */
export function bindValues(names: readonly string[], binding: ColumnBinding): ReadValues | undefined {
  const columns = names.flatMap((name) => {
    const position = binding.findIndex((column) => column?.name === name);
    const column = binding[position];
    return column === undefined ? [] : [{ column, position, nulls: new Set(column.spelling["null-values"]) }];
  });
  return columns.length === names.length ? (row) => readValues(columns, row) : undefined;
}

function readValues(
  columns: readonly BoundColumn[],
  { cells, quoted }: RowCells,
): readonly (string | null)[] | undefined {
  const values: (string | null)[] = [];
  for (const { column, position, nulls } of columns) {
    const cell = cells[position] ?? "";
    if (!quoted[position] && nulls.has(cell)) values.push(null);
    else if (column.rules.every((rule) => rule.isSatisfiedBy(cell))) values.push(cell);
    else return undefined;
  }
  return values;
}

/**
 * The same text for the same values together; undefined where one of them is null, as a null is not equal to another one, or
 * breaks its column.
 */
export function bindKey(
  names: readonly string[],
  binding: ColumnBinding,
): ((row: RowCells) => string | undefined) | undefined {
  const read = bindValues(names, binding);
  if (read === undefined) return undefined;
  const keys = names.map((name) => {
    const column = binding.find((each) => each?.name === name);
    return column === undefined ? String : cellType(column.type, column.spelling).key;
  });
  return (row) => {
    const values = read(row);
    if (values === undefined || values.includes(null)) return undefined;
    // With their lengths, so that "a", "bc" is not "ab", "c".
    return values.map((value, at) => withLength(keys[at]?.(value ?? "") ?? "")).join("");
  };
}

const withLength = (key: string): string => `${key.length}:${key}`;
