/** Checks what the cells of one row must be to each other, and which values occur in only one row. */
import type { CompiledContract, CompiledRule } from "./compile-contract.ts";
import type { FindingCollector } from "./finding-collector.ts";
import { bindKey, bindValues, type ListedColumns, type TakeRow } from "./row-values.ts";
import { SeenValues } from "./seen-values.ts";

/** What a contract asks of whole rows; what names a column that the file lacks is left out: that is a finding of its own. */
export function bindRowChecks(
  { rules, unique }: Pick<CompiledContract, "rules" | "unique">,
  binding: ListedColumns,
  findings: FindingCollector,
): readonly TakeRow[] {
  const checks = [
    ...rules.map((rule) => checkRule(rule, binding, findings)),
    ...unique.map((names) => checkUnique(names, binding, findings)),
  ];
  return checks.filter((check) => check !== undefined);
}

function checkRule(rule: CompiledRule, binding: ListedColumns, findings: FindingCollector): TakeRow | undefined {
  const read = bindValues(rule.columns, binding);
  if (read === undefined) return undefined;
  const reason = rule.description === undefined ? "" : ` (${rule.description})`;
  const counter = findings.createGroup(rule).createCounter("rule", null, `a row breaks ${rule.check}${reason}`);
  return (row, line) => {
    const values = read(row);
    if (values !== undefined && !rule.isSatisfiedBy(values)) counter.increment(line);
  };
}

function checkUnique(
  columns: readonly string[],
  binding: ListedColumns,
  findings: FindingCollector,
): TakeRow | undefined {
  const readKey = bindKey(columns, binding);
  if (readKey === undefined) return undefined;
  const names = columns.join(", ");
  const create = (message: string) => findings.createCounter("unique", null, message);
  const repeated = create(`a row repeats the values that ${names} have together in an earlier one`);
  const full = create(`${names} have more values than can be remembered; split the file`);
  const seen = new SeenValues();
  return (row, line) => {
    const key = readKey(row);
    if (key === undefined) return;
    const earlier = seen.add(key, line);
    if (earlier > 0) repeated.increment(line);
    else if (earlier < 0) full.increment(line);
  };
}
