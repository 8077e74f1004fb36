/** Rows with named columns, whether a table or a list of objects was written. */
import type { Place } from "../../../problem/problem.ts";
import { type FoundValue, isFiniteNumber } from "./format.ts";

export interface Table {
  /** As written. */
  readonly columns: readonly string[];
  /** The first column of a name in lower case. */
  readonly index: ReadonlyMap<string, number>;
  readonly rows: readonly Row[];
  /** The value of a cell; a table of text has numbers as text, and percent. */
  readonly readCell: (cell: unknown) => Pick<FoundValue, "value" | "unit">;
}

export interface Row {
  readonly cells: Cells;
  readonly placeOf: (column: number) => Place;
}

/** By the index of the column; an array is one. */
export interface Cells {
  entries(): Iterable<[number, unknown]>;
  at(column: number): unknown;
}

/** Keras' CSVLogger and R write `NA` where they have no value; a number that is none is `nan` in both. */
export const isEmpty = (cell: unknown): boolean => cell === undefined || cell === "" || cell === "NA";

export function createTable({ columns, rows, readCell }: Omit<Table, "index">): Table {
  const index = new Map(columns.map((column, at) => [column.toLowerCase(), at] as const).toReversed());
  return { columns, rows, readCell, index };
}

/** The column of the first of some names that the table has, upper and lower case alike; -1 for none. */
export const findColumn = ({ index }: Table, ...names: readonly string[]): number =>
  names.map((name) => index.get(name)).find((at) => at !== undefined) ?? -1;

export const textAt = (row: Row, column: number): string => {
  const cell = column < 0 ? undefined : row.cells.at(column);
  return typeof cell === "string" || typeof cell === "number" ? String(cell) : "";
};

export function numberAt(table: Table, row: Row, column: number): number | undefined {
  if (column < 0) return undefined;
  const { value } = table.readCell(row.cells.at(column));
  return isFiniteNumber(value) ? value : undefined;
}

/** A cell under the name of its column. */
export const foundAt = (table: Table, row: Row, column: number, more: Partial<FoundValue> = {}): FoundValue => ({
  name: table.columns[column] ?? "",
  ...table.readCell(row.cells.at(column)),
  place: () => row.placeOf(column),
  ...more,
});

/** The same rows without one column. */
export function withoutColumn(table: Table, column: number): Table {
  return selectColumns(table, (_, at) => at !== column);
}

/** The same rows with some columns, and other names for them where wanted. */
export function selectColumns(
  table: Table,
  isWanted: (name: string, at: number) => boolean,
  rename: (name: string) => string = (name) => name,
): Table {
  const kept = table.columns.map((_, at) => at).filter((at) => isWanted(table.columns[at] ?? "", at));
  return createTable({
    readCell: table.readCell,
    columns: kept.map((at) => rename(table.columns[at] ?? "")),
    rows: table.rows.map(({ cells, placeOf }) => ({
      cells: kept.map((at) => cells.at(at)),
      placeOf: (at) => placeOf(kept[at] ?? 0),
    })),
  });
}
