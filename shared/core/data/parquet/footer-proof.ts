/** Which columns the footer proves good: by its counts of nulls, minima and maxima, without reading a page. */
import type { Statistics } from "hyparquet";
import { type CompiledColumn, mayBeNull } from "../compile-contract.ts";
import type { Leaf, ParquetFile } from "./parquet-file.ts";
import type { ValueReader } from "./value-reader.ts";

/**
 * Whether every value is good; false where that is not known. Floats may be NaN, of which statistics say nothing, and truncated
 * texts have no exact bounds.
 */
export function isProvenGood(
  { metadata }: ParquetFile,
  leaf: Leaf,
  column: CompiledColumn,
  reader: ValueReader,
): boolean {
  const { rules, unique, type, spelling } = column;
  if (unique || column["max-null-share"] !== undefined || spelling["null-values"].length > 0) return false;
  if (leaf.element.type === "FLOAT" || leaf.element.type === "DOUBLE" || leaf.element.type === "INT96") return false;
  const needsBounds = rules.length > 0 || type === "date" || type === "timestamp";
  if (needsBounds && !(type === "integer" && rules.every(({ check }) => check === "range"))) return false;
  return metadata.row_groups.every(({ columns, num_rows: rows }) => {
    const statistics = columns[leaf.position]?.meta_data?.statistics;
    if (rows === 0n) return true;
    const hasNoNull = leaf.maxDefinition === 0 || Number(statistics?.null_count ?? -1) === 0;
    if (!mayBeNull(column) && !hasNoNull) return false;
    return !needsBounds || areWithin(statistics, column, reader);
  });
}

function areWithin(statistics: Statistics | undefined, { rules, cellType }: CompiledColumn, { toText }: ValueReader) {
  // Not the older `min` and `max`, whose order for unsigned numbers is another.
  const bounds = [statistics?.min_value, statistics?.max_value];
  return bounds.every((bound) => {
    if (typeof bound !== "number" && typeof bound !== "bigint") return false;
    const value = cellType.read(toText(bound));
    return value !== undefined && rules.every((rule) => rule.isSatisfiedBy(value, value));
  });
}
