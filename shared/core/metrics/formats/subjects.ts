/** Rows about several things, such as models or commands: each value has the name of its column, and what its row is about. */
import { type FoundValue, isList } from "./format.ts";
import { labelRows } from "./labels.ts";
import { isBookkeeping } from "./nested.ts";
import { foundAt, numberAt, type Table } from "./rows.ts";
import { stepColumns } from "./steps.ts";

/**
 * `model,mae` with the rows `lr,2.0` and `rf,2.5` is `mae.lr` and `mae.rf`, as where pandas has these names in its index.
 *
 * @returns `undefined` unless texts tell all rows apart; for a log, and for a list of examples
 */
export function readSubjects(table: Table): readonly FoundValue[] | undefined {
  if (stepColumns(table).length > 0) return undefined;
  const textOf = (row: number, column: number): string | undefined => {
    const cell = table.rows[row]?.cells.at(column);
    const value = typeof cell === "string" ? table.readCell(cell).value : undefined;
    return typeof value === "string" ? value : undefined;
  };
  const subjects = labelRows(table.columns, table.rows.length, textOf);
  if (subjects === undefined) return undefined;
  const isOther = (at: number): boolean => !subjects.columns.has(at);
  if (!table.rows.some((row) => table.columns.some((_, at) => isOther(at) && numberAt(table, row, at) !== undefined)))
    return undefined;
  return table.rows.flatMap((row, index) =>
    table.columns.flatMap((name, at) => {
      const cell = row.cells.at(at);
      if (subjects.columns.has(at) || name === "" || isBookkeeping(name) || cell === undefined || isList(cell))
        return [];
      return [foundAt(table, row, at, { name: `${name}.${subjects.labels[index]}` })];
    }),
  );
}
