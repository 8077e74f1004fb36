/** Checks a Parquet file against a contract: one row group after the other, and of each only what the contract asks about. */
import { findClosestMatch } from "../../../text/document/closest-match.ts";
import { quoteText } from "../../../text/document/document.ts";
import type { CheckSurroundings } from "../check-surroundings.ts";
import { addRules, type CompiledColumn, type CompiledContract, withoutRules } from "../compile-contract.ts";
import type { CheckedFile } from "../csv-check.ts";
import { STRICT_SPELLING } from "../dialect.ts";
import { describeTolerated, FindingCollector } from "../finding-collector.ts";
import { checkRowCount } from "../row-count.ts";
import { TableCheck } from "../table-check.ts";
import type { TypedCell } from "../typed-cell.ts";
import { ColumnJudge } from "./column-judge.ts";
import { isProvenGood } from "./footer-proof.ts";
import { readPages } from "./pages.ts";
import { type PageTools, ParquetError, ParquetTooLarge, type RandomAccess } from "./parquet-error.ts";
import { type Leaf, type ParquetFile, readFooter } from "./parquet-file.ts";
import { readerFor, type ValueReader } from "./value-reader.ts";

/** A column of the contract, and what it is in the file. */
interface BoundColumn {
  readonly column: CompiledColumn;
  readonly leaf: Leaf;
  readonly reader: ValueReader;
}

export interface ParquetOptions {
  readonly tools: Omit<PageTools, "maxRatio">;
  /** Called after each page or row group; throws when the job was cancelled. */
  readonly onRows: (rows: number, total: number) => void;
}

export function checkParquet(
  file: RandomAccess,
  contract: CompiledContract,
  around: CheckSurroundings,
  options: ParquetOptions,
): CheckedFile {
  const findings = new FindingCollector();
  let rows = 0;
  let notes: readonly string[] = [];
  try {
    const parquet = readFooter(file);
    rows = parquet.rows;
    const strict = inStrictForm(contract);
    checkRowCount(contract.rows, rows, findings);
    const bound = bindLeaves(strict, parquet, findings);
    if (parquet.leaves.length > contract.limits.columns) {
      findings.exceed("columns", `there are more than ${contract.limits.columns} columns`);
    } else {
      const table = new TableCheck(
        strict,
        bound.map(({ column }) => column),
        findings,
        around,
      );
      const tools = { ...options.tools, maxRatio: contract.limits["unpack-ratio"] };
      new ParquetReader(file, parquet, tools, options.onRows).check(bound, table);
      table.finish(rows, (row) => row);
    }
  } catch (error) {
    if (error instanceof ParquetTooLarge) findings.exceed("unpack-ratio", error.message);
    else if (error instanceof ParquetError) findings.add("readable", null, `the Parquet file ${error.message}`);
    else throw error;
  }
  const { findings: found, tolerated } = findings.settle(rows);
  notes = tolerated.map(describeTolerated);
  return { rows, findings: found, limits: findings.limits, notes, format: "parquet" };
}

class ParquetReader {
  readonly #file: RandomAccess;
  readonly #parquet: ParquetFile;
  readonly #tools: PageTools;
  readonly #onRows: (rows: number, total: number) => void;

  constructor(
    file: RandomAccess,
    parquet: ParquetFile,
    tools: PageTools,
    onRows: (rows: number, total: number) => void,
  ) {
    this.#file = file;
    this.#parquet = parquet;
    this.#tools = tools;
    this.#onRows = onRows;
  }

  check(bound: readonly BoundColumn[], table: TableCheck): void {
    const judges = bound.map((each, at) => {
      const check = table.columns[at];
      if (check === undefined || isProvenGood(this.#parquet, each.leaf, each.column, each.reader)) return undefined;
      return new ColumnJudge(check, each.reader);
    });
    let first = 1;
    for (const [nth, { num_rows: rows }] of this.#parquet.metadata.row_groups.entries()) {
      for (const [at, { leaf }] of bound.entries()) {
        let row = first;
        if (judges[at] === undefined) continue;
        for (const page of this.#pages(leaf, nth)) {
          judges[at].take(page, row);
          row += page.count;
          this.#onRows(first, this.#parquet.rows);
        }
      }
      if (table.takeRow.length > 0 && bound.length > 0) this.#takeRows(bound, table, nth, first);
      first += Number(rows);
    }
  }

  *#pages(leaf: Leaf, group: number) {
    const { columns, num_rows: rows } = this.#parquet.metadata.row_groups[group] ?? { columns: [], num_rows: 0n };
    const chunk = columns[leaf.position]?.meta_data;
    if (chunk !== undefined) yield* readPages(this.#file, leaf, chunk, Number(rows), this.#tools);
  }

  /** What rules of several columns see: all columns of the contract, row by row. */
  #takeRows(bound: readonly BoundColumn[], table: TableCheck, group: number, first: number): void {
    const cells = bound.map((each) => this.#cells(each, group));
    for (let row = first; ; row += 1) {
      const read = cells.map((each) => each.next());
      if (read.some(({ done }) => done)) return;
      const values = read.map(({ value }) => (value ?? NO_CELL) as TypedCell);
      const kinds = values.map(({ kind }) => kind);
      const shown = { kinds, cells: values.map(({ text }) => text), quoted: kinds.map((kind) => kind === "text") };
      for (const take of table.takeRow) take(shown, row);
    }
  }

  *#cells({ leaf, reader: { kind, toText } }: BoundColumn, group: number): Generator<TypedCell> {
    for (const { count, isGiven, values, indices } of this.#pages(leaf, group)) {
      let nth = 0;
      for (let row = 0; row < count; row += 1) {
        if (isGiven !== undefined && isGiven[row] === 0) {
          yield NO_CELL;
          continue;
        }
        const value = values.at(indices === undefined ? nth : (indices[nth] ?? 0));
        nth += 1;
        yield value === undefined ? NO_CELL : { kind, text: toText(value) };
      }
    }
  }
}

const NO_CELL: TypedCell = { kind: "null", text: "" };

/** Values of a file with types have one form: how a contract has them written in CSV does not matter. */
export function inStrictForm(contract: CompiledContract): CompiledContract {
  const resolved = withoutRules(contract);
  return addRules({
    ...resolved,
    columns: resolved.columns.map(({ spelling, ...column }) => ({
      ...column,
      spelling: {
        ...STRICT_SPELLING,
        "null-values": [],
        multiline: true,
        offset: spelling.offset,
        "non-finite": spelling["non-finite"],
        "decimal-integers": spelling["decimal-integers"],
      },
    })),
  });
}

function bindLeaves(
  contract: CompiledContract,
  { leaves }: ParquetFile,
  findings: FindingCollector,
): readonly BoundColumn[] {
  const names = new Set(contract.columns.map(({ name }) => name));
  const isListed = (path: string): boolean => names.has(path) || [...names].some((name) => name.startsWith(`${path}.`));
  const unlisted = [
    ...new Set(leaves.flatMap(({ path }) => (isWithin(path, names) ? [] : [shortest(path, isListed)]))),
  ];
  if (contract["unexpected-columns"] === "fail" && unlisted.length > 0) {
    const shown = unlisted.slice(0, 10).map(quoteText).join(", ");
    const more = unlisted.length > 10 ? ` and ${unlisted.length - 10} more` : "";
    findings
      .createCounter("unexpected-column", null, `not in the contract: ${shown}${more}`)
      .addAll(unlisted.length, []);
  }
  return contract.columns.flatMap((column): readonly BoundColumn[] => {
    const { name } = column;
    const same = leaves.filter(({ path }) => path === name);
    const [leaf] = same;
    if (same.length > 1) findings.add("duplicate-column", name, "several columns have this name");
    if (leaf === undefined) {
      reportAbsent(column, leaves, unlisted, findings);
      return [];
    }
    const reader = leaf.isRepeated ? "a list" : readerFor(leaf.element, column);
    if (typeof reader !== "string") return same.length > 1 ? [] : [{ column, leaf, reader }];
    const message = `should be ${column.cellType.expected}; the file has it as ${reader}`;
    findings.createGroup({ severity: column.severity, mostly: 1 }).createCounter("type", name, message).increment();
    return [];
  });
}

function reportAbsent(
  column: CompiledColumn,
  leaves: readonly Leaf[],
  unlisted: readonly string[],
  findings: FindingCollector,
): void {
  const { name } = column;
  if (leaves.some(({ path }) => path.startsWith(`${name}.`))) {
    findings.add("type", name, "the file has it as a list or a group of columns");
  } else if (column.required) {
    const similar = unlisted.length > 1000 ? undefined : findClosestMatch(name, unlisted);
    findings.add(
      "missing-column",
      name,
      `the file has no such column${similar === undefined ? "" : `; it has ${quoteText(similar)}`}`,
    );
  }
}

/** Whether a column of the contract is the path, or holds it. */
const isWithin = (path: string, names: ReadonlySet<string>): boolean =>
  path.split(".").some((_, at, parts) => names.has(parts.slice(0, at + 1).join(".")));

/** The outermost part of a path that the contract does not know. */
function shortest(path: string, isListed: (path: string) => boolean): string {
  const parts = path.split(".");
  const at = parts.findIndex((_, end) => !isListed(parts.slice(0, end + 1).join(".")));
  return at < 0 ? path : parts.slice(0, at + 1).join(".");
}
