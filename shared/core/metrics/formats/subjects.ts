/** Rows about several things, such as models or commands: each value has the name of its column, and what its row is about. */
import { type FoundValue, isList } from "./format.ts";
import { isBookkeeping } from "./nested.ts";
import { findColumn, foundAt, type Table, textAt } from "./rows.ts";
import { stepColumns } from "./steps.ts";

/** Columns that name what is measured, as leaderboards, comparisons and benchmarks have them. */
const SUBJECTS = [
  "model",
  "model_name",
  "method",
  "algorithm",
  "command",
  "class",
  "dataset",
  "task",
  "split",
  "subset",
];
/** Columns of a list of examples: their rows are no results. */
const EXAMPLES = ["id", "label", "target", "y_true", "y_pred", "prediction", "predicted", "true_label"];
const MAX_ROWS = 200;

/**
 * `model,mae` with the rows `lr,2.0` and `rf,2.5` is `mae.lr` and `mae.rf`, as where pandas has these names in its index.
 *
 * @returns `undefined` unless these columns tell all rows apart; for a log, and for a list of examples
 */
export function readSubjects(table: Table): readonly FoundValue[] | undefined {
  if (table.rows.length < 2 || table.rows.length > MAX_ROWS) return undefined;
  if (findColumn(table, ...EXAMPLES) >= 0 || stepColumns(table).length > 0) return undefined;
  const isOfText = (column: number): boolean =>
    table.rows.every((row) => {
      const cell = row.cells.at(column);
      return typeof cell === "string" && cell !== "" && typeof table.readCell(cell).value === "string";
    });
  const subjects = SUBJECTS.map((name) => findColumn(table, name)).filter((at) => at >= 0 && isOfText(at));
  if (subjects.length === 0) return undefined;
  const labels = table.rows.map((row) => subjects.map((at) => textAt(row, at)).join("."));
  if (new Set(labels).size < table.rows.length) return undefined;
  return table.rows.flatMap((row, index) =>
    table.columns.flatMap((name, at) => {
      const cell = row.cells.at(at);
      if (subjects.includes(at) || name === "" || isBookkeeping(name) || cell === undefined || isList(cell)) return [];
      return [foundAt(table, row, at, { name: `${name}.${labels[index]}` })];
    }),
  );
}
