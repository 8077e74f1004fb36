/** Checks what the cells of one row must be to each other, and which values occur in only one row. */
import type { SpillSpace } from "./column-check.ts";
import { bindSummaries } from "./column-summary-check.ts";
import type { CompiledContract, CompiledRule } from "./compile-contract.ts";
import { type FindingCollector, MAX_LINES } from "./finding-collector.ts";
import { bindKey, bindValues, type ListedColumns, type RowCheck } from "./row-values.ts";
import { findRepeats } from "./unique/find-repeats.ts";
import { ValueLog } from "./unique/value-log.ts";

interface Around {
  readonly findings: FindingCollector;
  readonly spill: SpillSpace | undefined;
  /** Milliseconds since 1970, where it is known. */
  readonly now: number | undefined;
}

/** What a contract asks of whole rows; what names a column that the file lacks is left out: that is a finding of its own. */
export function bindRowChecks(
  contract: Pick<CompiledContract, "columns" | "rules" | "unique">,
  binding: ListedColumns,
  around: Around,
): readonly RowCheck[] {
  const { rules, unique } = contract;
  const checks = [
    ...rules.map((rule) => checkRule(rule, binding, around)),
    ...unique.map((names) => checkUnique(names, binding, around)),
    ...bindSummaries(contract, binding, around),
  ];
  return checks.filter((check) => check !== undefined);
}

function checkRule(rule: CompiledRule, binding: ListedColumns, { findings }: Around): RowCheck | undefined {
  const read = bindValues(rule.columns, binding);
  if (read === undefined) return undefined;
  const reason = rule.description === undefined ? "" : ` (${rule.description})`;
  const counter = findings.createGroup(rule).createCounter("rule", null, `a row breaks ${rule.check}${reason}`);
  return {
    take: (row, line) => {
      const values = read(row);
      if (values !== undefined && !rule.isSatisfiedBy(values)) counter.increment(line);
    },
  };
}

function checkUnique(
  columns: readonly string[],
  binding: ListedColumns,
  { findings, spill }: Around,
): RowCheck | undefined {
  const readKey = bindKey(columns, binding);
  if (readKey === undefined) return undefined;
  const names = columns.join(", ");
  const message = `a row repeats the values that ${names} have together in an earlier one`;
  const repeated = findings.createCounter("unique", null, message);
  const log = new ValueLog(spill?.file, spill?.memoryPerColumn);
  return {
    take: (row, line) => {
      const key = readKey(row);
      if (key !== undefined) log.addText(key, line);
    },
    finish: (maxUnique) => {
      const { values, count, first } = findRepeats([{ partitions: log.partitions, spill: spill?.file }], MAX_LINES);
      repeated.addAll(count, first);
      if (values - count > maxUnique) {
        findings.exceed("unique-values", `${names} have more than ${maxUnique} values together`);
      }
    },
  };
}
