/** pandas frames as `to_json()` writes them, in each of its orientations but lists of records. */
import { reportFrame } from "./classification-report.ts";
import { type FoundValue, isList, isObject, type MetricFormat, type MetricSource, valueAt } from "./format.ts";
import { readRows } from "./kinds-of-rows.ts";
import { createTable, type Row, type Table } from "./rows.ts";

/** `{"mae": {"0": 2.6}}`. One that says nothing about its rows is read as nested objects: each value has the row in its name. */
export const pandasFrame: MetricFormat = {
  name: "pandas to_json()",
  recognises: (value) => readFrame({ path: "", value, placeOf: () => ({ file: "" }) }) !== undefined,
  read: (source) => readFrame(source) ?? [],
};

function readFrame(source: MetricSource): readonly FoundValue[] | undefined {
  if (!isObject(source.value)) return undefined;
  const columns = Object.entries(source.value);
  const [first] = columns;
  if (first === undefined || !isObject(first[1])) return undefined;
  const labels = Object.keys(first[1]);
  const isFrame = columns.every(
    ([, column]) =>
      isObject(column) &&
      Object.keys(column).length === labels.length &&
      labels.every((label) => Object.hasOwn(column, label)),
  );
  if (!isFrame || labels.length === 0) return undefined;
  const table = tableOf(
    ["", ...columns.map(([name]) => name)],
    labels.map((label) => [label, ...columns.map(([, column]) => valueAt(column, label))]),
    (row, column) => source.placeOf([columns[column - 1]?.[0] ?? "", labels[row] ?? ""]),
  );
  return labels.every((label, at) => label === String(at)) ? readRows(table) : reportFrame(table);
}

/** `{"columns": ["mae"], "index": [0], "data": [[2.6]]}` */
export const pandasSplit: MetricFormat = {
  name: 'pandas to_json(orient="split")',
  recognises: (value) => readSplit({ path: "", value, placeOf: () => ({ file: "" }) }) !== undefined,
  read: (source) => readSplit(source) ?? [],
};

function readSplit({ value, placeOf }: MetricSource): readonly FoundValue[] | undefined {
  const [index, data] = [valueAt(value, "index"), valueAt(value, "data")];
  const names =
    valueAt(value, "columns") ??
    (valueAt(value, "name") === undefined ? undefined : [valueAt(value, "name") ?? "value"]);
  if (!isList(names) || !isList(index) || !isList(data) || index.length !== data.length || data.length === 0)
    return undefined;
  const rows = data.map((row, at) => [index[at], ...(isList(row) ? row : [row])]);
  if (!rows.every((row) => row.length === names.length + 1)) return undefined;
  // Columns of several levels are lists.
  const columns = names.map((name) => (isList(name) ? name.join(".") : String(name)));
  return readRows(tableOf(["", ...columns], rows, (row, column) => placeOf(["data", row, column - 1])));
}

/** `{"schema": {"fields": …}, "data": [{"index": 0, "mae": 2.6}]}` */
export const pandasTable: MetricFormat = {
  name: 'pandas to_json(orient="table")',
  recognises: (value) => readTableSchema({ path: "", value, placeOf: () => ({ file: "" }) }) !== undefined,
  read: (source) => readTableSchema(source) ?? [],
};

function readTableSchema({ value, placeOf }: MetricSource): readonly FoundValue[] | undefined {
  const [data, fields] = [valueAt(value, "data"), valueAt(value, "schema", "fields")];
  if (!isList(data) || !isList(fields) || data.length === 0) return undefined;
  const names = fields.map((field) => String(valueAt(field, "name") ?? ""));
  const rows = data.map((row) => names.map((name) => valueAt(row, name)));
  const columns = names.map((name) => (name === "index" ? "" : name));
  return readRows(tableOf(columns, rows, (row, column) => placeOf(["data", row, names[column] ?? ""])));
}

function tableOf(
  columns: readonly string[],
  cells: readonly (readonly unknown[])[],
  placeOf: (row: number, column: number) => ReturnType<Row["placeOf"]>,
): Table {
  const rows = cells.map((row, at) => ({ cells: row, placeOf: (column: number) => placeOf(at, column) }));
  return createTable({ columns, rows, readCell: (value) => ({ value }) });
}
