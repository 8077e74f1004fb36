/** Checks what the cells of one row must be to each other, and which values occur in only one row. */
import { cellType } from "./cell-type.ts";
import type { CompiledColumn, CompiledContract, CompiledRule } from "./compile-contract.ts";
import type { FindingCollector, FindingCounter } from "./finding-collector.ts";
import { SeenValues } from "./seen-values.ts";

/** The cells of a row by the column's position in the file. */
export interface RowCells {
  readonly cells: readonly string[];
  readonly quoted: readonly boolean[];
}

interface BoundColumn {
  readonly column: CompiledColumn;
  readonly position: number;
  readonly nulls: ReadonlySet<string>;
}

/** Decides of one row; undefined where a column is not in the file: that is a finding of its own. */
type RowDecision = (row: RowCells, line: number) => void;

export class RowCheck {
  readonly #decisions: readonly RowDecision[];

  /** @param binding the contract's column for each position in the file */
  constructor(
    { rules, unique }: Pick<CompiledContract, "rules" | "unique">,
    binding: readonly (CompiledColumn | undefined)[],
    findings: FindingCollector,
  ) {
    const bind = (names: readonly string[]) => bindColumns(names, binding);
    this.#decisions = [
      ...rules.flatMap((rule) => {
        const columns = bind(rule.columns);
        return columns === undefined ? [] : [decideRule(rule, columns, findings)];
      }),
      ...unique.flatMap((names) => {
        const columns = bind(names);
        return columns === undefined ? [] : [decideUnique(columns, findings)];
      }),
    ];
  }

  check(row: RowCells, line: number): void {
    for (const decide of this.#decisions) decide(row, line);
  }
}

function bindColumns(
  names: readonly string[],
  binding: readonly (CompiledColumn | undefined)[],
): readonly BoundColumn[] | undefined {
  const columns = names.flatMap((name) => {
    const position = binding.findIndex((column) => column?.name === name);
    const column = binding[position];
    return column === undefined ? [] : [{ column, position, nulls: new Set(column.spelling["null-values"]) }];
  });
  return columns.length === names.length ? columns : undefined;
}

function decideRule(rule: CompiledRule, columns: readonly BoundColumn[], findings: FindingCollector): RowDecision {
  const reason = rule.description === undefined ? "" : ` (${rule.description})`;
  const counter = findings.createGroup(rule).createCounter("rule", null, `a row breaks ${rule.check}${reason}`);
  return (row, line) => {
    const values = readValues(columns, row);
    if (values !== undefined && !rule.isSatisfiedBy(values)) counter.increment(line);
  };
}

function decideUnique(columns: readonly BoundColumn[], findings: FindingCollector): RowDecision {
  const names = columns.map(({ column }) => column.name).join(", ");
  const repeated = findings.createCounter(
    "unique",
    null,
    `a row repeats the values that ${names} have together in an earlier one`,
  );
  const full = findings.createCounter(
    "unique",
    null,
    `${names} have more values than can be remembered; split the file`,
  );
  const keys = columns.map(({ column }) => cellType(column.type, column.spelling).key);
  const seen = new SeenValues();
  return (row, line) => {
    const values = readValues(columns, row);
    // As in SQL, a null is not equal to another one.
    if (values === undefined || values.includes(null)) return;
    remember(
      seen,
      values.map((value, at) => keys[at]?.(value ?? "") ?? ""),
      line,
      { repeated, full },
    );
  };
}

function remember(
  seen: SeenValues,
  values: readonly string[],
  line: number,
  { repeated, full }: Readonly<Record<"repeated" | "full", FindingCounter>>,
): void {
  // With their lengths, so that "a", "bc" is not "ab", "c".
  const earlier = seen.add(values.map((value) => `${value.length}:${value}`).join(""), line);
  if (earlier > 0) repeated.increment(line);
  else if (earlier < 0) full.increment(line);
}

/** Null for a null; undefined where a cell breaks its own column, as there is nothing to say of the row then. */
function readValues(
  columns: readonly BoundColumn[],
  { cells, quoted }: RowCells,
): readonly (string | null)[] | undefined {
  const values: (string | null)[] = [];
  for (const { column, position, nulls } of columns) {
    const cell = cells[position] ?? "";
    if (!quoted[position] && nulls.has(cell)) values.push(null);
    else if (column.rules.every((rule) => rule.isSatisfiedBy(cell))) values.push(cell);
    else return undefined;
  }
  return values;
}
