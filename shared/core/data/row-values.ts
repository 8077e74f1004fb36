/** The values that some columns have together in one row. */
import type { CompiledColumn } from "./compile-contract.ts";
import { isNonFinite } from "./non-finite.ts";
import { Nulls } from "./nulls.ts";
import { type CellKind, fitsType, isScalar } from "./typed-cell.ts";

/** The contract's column for each position in the file; undefined where there is none, or its cells cannot be checked. */
export type ListedColumns = readonly (CompiledColumn | undefined)[];

/** The cells of a row by the column's position in the file. */
export interface RowCells {
  readonly cells: readonly string[];
  readonly quoted: readonly boolean[];
  /** In formats that have types. */
  readonly kinds?: readonly CellKind[];
}

/** Sees every row that has as many cells as there are columns. */
export type TakeRow = (row: RowCells, line: number) => void;

/** What a contract asks of the rows of a file. */
export interface RowCheck {
  readonly take: TakeRow;
  /** What can only be said once all rows were seen. */
  readonly finish?: (maxUnique: number) => void;
}

/** Something that looks at whole rows of a file, apart from the checks of its columns. */
export interface RowObserver {
  /** Called once for a file, when its columns are known; undefined when the file lacks a column it needs. */
  bind(binding: ListedColumns): TakeRow | undefined;
}

/** Null for a null; undefined for a row with a cell that breaks its own column, of which there is nothing to say. */
type ReadValues = (row: RowCells) => readonly (string | null)[] | undefined;

interface BoundColumn {
  readonly column: CompiledColumn;
  readonly position: number;
  readonly nulls: Nulls;
}

/** Values in the strict form. Undefined when one of the columns is not in the file. */
export function bindValues(names: readonly string[], binding: ListedColumns): ReadValues | undefined {
  const columns = names.flatMap((name) => {
    const position = binding.findIndex((column) => column?.name === name);
    const column = binding[position];
    return column === undefined ? [] : [{ column, position, nulls: new Nulls(column.spelling) }];
  });
  return columns.length === names.length ? (row) => readValues(columns, row) : undefined;
}

function readValues(
  columns: readonly BoundColumn[],
  { cells, quoted, kinds }: RowCells,
): readonly (string | null)[] | undefined {
  const values: (string | null)[] = [];
  for (const { column, position, nulls } of columns) {
    const cell = cells[position] ?? "";
    const kind = kinds?.[position];
    const mayBeSpelled = kind === undefined || isScalar(kind);
    const isNull = kind === "null" || (mayBeSpelled && nulls.has(cell, quoted[position] ?? false));
    if (!isNull && kind !== undefined && !fitsType(kind, column.type)) return undefined;
    const value = isNull ? null : readValue(column, cell, kind);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function readValue(
  { cellType, rules, spelling }: CompiledColumn,
  cell: string,
  kind: CellKind | undefined,
): string | null | undefined {
  const value = kind === "boolean" ? cell : cellType.read(cell);
  if (value === undefined) return spelling["non-finite"] === "as-null" && isNonFinite(cell) ? null : undefined;
  return rules.every((rule) => rule.isSatisfiedBy(value, cell)) ? value : undefined;
}

/**
 * The same text for the same values together; undefined where one of them is null, as a null is not equal to another one, or
 * breaks its column.
 */
export function bindKey(
  names: readonly string[],
  binding: ListedColumns,
): ((row: RowCells) => string | undefined) | undefined {
  const read = bindValues(names, binding);
  if (read === undefined) return undefined;
  const keys = names.map((name) => {
    const column = binding.find((each) => each?.name === name);
    return column?.cellType.key ?? String;
  });
  return (row) => {
    const values = read(row);
    if (values === undefined || values.includes(null)) return undefined;
    // With their lengths, so that "a", "bc" is not "ab", "c".
    return values.map((value, at) => withLength(keys[at]?.(value ?? "") ?? "")).join("");
  };
}

const withLength = (key: string): string => `${key.length}:${key}`;
