/** How many rows a file may have. */
import type { CompiledContract } from "./compile-contract.ts";
import type { FindingCollector } from "./finding-collector.ts";

/** @param rows undefined for a file without a header */
export function checkRowCount(
  { min, max }: CompiledContract["rows"],
  rows: number | undefined,
  findings: FindingCollector,
): void {
  if (rows === undefined) findings.add("header", null, "the file is empty");
  else if (rows < min) {
    findings.add("row-count", null, `there are ${rows} rows; at least ${min} are required`);
  } else if (max !== undefined && rows > max) {
    findings.add("row-count", null, `there are ${rows} rows; at most ${max} are allowed`);
  }
}
