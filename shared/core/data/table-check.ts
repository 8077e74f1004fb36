/**
 * What every format has in common: the columns of a contract bound to those of a file, and what can only be said at its end. A
 * reader of a format yields cells to `columns` and rows to `takeRow`, each with its position, and reports the rest itself.
 */
import type { CheckSurroundings } from "./check-surroundings.ts";
import { ColumnCheck } from "./column-check.ts";
import type { CompiledColumn, CompiledContract } from "./compile-contract.ts";
import type { FindingCollector } from "./finding-collector.ts";
import { bindRowChecks } from "./row-check.ts";
import type { RowCheck, TakeRow } from "./row-values.ts";

export class TableCheck {
  readonly columns: readonly (ColumnCheck | undefined)[];
  readonly takeRow: readonly TakeRow[];
  readonly #contract: CompiledContract;
  readonly #rowChecks: readonly RowCheck[];

  /** @param listed by position; undefined where the contract has no such column */
  constructor(
    contract: CompiledContract,
    listed: readonly (CompiledColumn | undefined)[],
    findings: FindingCollector,
    { spill, now, observers = [] }: CheckSurroundings,
  ) {
    this.#contract = contract;
    this.columns = listed.map((column) => column && new ColumnCheck(column, findings, spill));
    this.#rowChecks = bindRowChecks(contract, listed, { findings, spill, now });
    const observing = observers.map((observer) => observer.bind(listed)).filter((take) => take !== undefined);
    this.takeRow = [...this.#rowChecks.map(({ take }) => take), ...observing];
  }

  /** @param lineOf the line at a position that values were remembered with */
  finish(rows: number, lineOf: (position: number) => number): void {
    const maxUnique = this.#contract.limits["unique-values"];
    for (const column of this.columns) column?.finish(rows, maxUnique, lineOf);
    for (const check of this.#rowChecks) check.finish?.(maxUnique);
  }
}
