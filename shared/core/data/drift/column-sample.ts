/** What is kept of a column's values to compare its distribution: numbers, or how often each value occurs. */
import { Random } from "../../statistics/random/random.ts";
import type { ColumnType } from "../contract.ts";
import { bindValues, type ListedColumns, type RowObserver, type TakeRow } from "../row-values.ts";

/** Of more numbers, each is kept with the same chance: tests and bins do not change with more. */
const MAX_NUMBERS = 200_000;
/** More different values are no categories. */
const MAX_CATEGORIES = 10_000;
/** The choice of what is kept must not change between two runs on the same data. */
const SEED = `sha256:${"5".repeat(64)}`;

export const isNumeric = (type: ColumnType): boolean => type === "integer" || type === "number";

export class ColumnSample implements RowObserver {
  readonly #name: string;
  readonly #numeric: boolean;
  readonly #maxNumbers: number;
  readonly #random = new Random(SEED);
  readonly #kept: number[] = [];
  readonly #counts = new Map<string, number>();
  #seen = 0;
  #hasTooMany = false;

  constructor(name: string, type: ColumnType, maxNumbers = MAX_NUMBERS) {
    this.#name = name;
    this.#numeric = isNumeric(type);
    this.#maxNumbers = maxNumbers;
  }

  bind(binding: ListedColumns): TakeRow | undefined {
    const read = bindValues([this.#name], binding);
    if (read === undefined) return undefined;
    return (row) => {
      const value = read(row)?.[0] ?? undefined;
      if (value === undefined) return;
      if (this.#numeric) this.#addNumber(Number(value));
      else this.#addCategory(value);
    };
  }

  get numbers(): Float64Array {
    return Float64Array.from(this.#kept);
  }

  /** How often each value occurs; undefined when there are more than can be categories. */
  get counts(): ReadonlyMap<string, number> | undefined {
    return this.#hasTooMany ? undefined : this.#counts;
  }

  /** Vitter's algorithm R: after any number of values each was kept with the same chance. */
  #addNumber(value: number): void {
    this.#seen += 1;
    if (this.#kept.length < this.#maxNumbers) this.#kept.push(value);
    else {
      const at = Math.floor(this.#random.nextShare() * this.#seen);
      if (at < this.#maxNumbers) this.#kept[at] = value;
    }
  }

  #addCategory(value: string): void {
    this.#seen += 1;
    if (this.#hasTooMany) return;
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
    if (this.#counts.size <= MAX_CATEGORIES) return;
    this.#hasTooMany = true;
    this.#counts.clear();
  }
}
