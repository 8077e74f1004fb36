/** A pandas frame of one row, as `to_json()` writes it. */
import { found, isList, isObject, type MetricFormat, valueAt } from "./format.ts";

/** `{"mae": {"0": 2.6}}` */
export const pandasFrame: MetricFormat = {
  name: "pandas to_json()",
  recognises: (value) =>
    isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every((column) => isObject(column) && Object.keys(column).join() === "0"),
  read: (source) =>
    Object.entries(isObject(source.value) ? source.value : {}).map(([name, column]) =>
      found(source, [name, "0"], name, valueAt(column, "0")),
    ),
};

/** `{"columns": ["mae"], "index": [0], "data": [[2.6]]}` */
export const pandasSplit: MetricFormat = {
  name: 'pandas to_json(orient="split")',
  recognises: (value) =>
    ["columns", "index", "data"].every((key) => isList(valueAt(value, key))) && listAt(value, "data").length === 1,
  read(source) {
    const [row] = listAt(source.value, "data");
    return listAt(source.value, "columns").map((name, at) =>
      found(source, ["data", 0, at], String(name), isList(row) ? row[at] : undefined),
    );
  },
};

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = valueAt(value, key);
  return isList(list) ? list : [];
}
