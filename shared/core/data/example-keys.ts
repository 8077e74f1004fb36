/** The keys of all examples in a set of files, to find those that another set has as well. */
import { bindKey, type ListedColumns, type RowObserver, type TakeRow } from "./row-values.ts";
import { SeenValues } from "./seen-values.ts";

export class ExampleKeys implements RowObserver {
  readonly #columns: readonly string[];
  readonly #seen: SeenValues;
  #complete = true;

  constructor(columns: readonly string[], seen = new SeenValues()) {
    this.#columns = columns;
    this.#seen = seen;
  }

  /** Whether every row had a key that could be remembered: otherwise nothing can be said of what is shared. */
  get complete(): boolean {
    return this.#complete;
  }

  bind(binding: ListedColumns): TakeRow | undefined {
    const readKey = bindKey(this.#columns, binding);
    if (readKey === undefined) {
      this.#complete = false;
      return undefined;
    }
    return (row, line) => {
      const key = readKey(row);
      // A row whose key is null or broken is a finding of its own, unless the contract allows nulls: it is no example's name.
      if (key !== undefined && this.#seen.add(key, Math.max(line, 1)) < 0) this.#complete = false;
    };
  }

  countShared(other: ExampleKeys): number {
    return this.#seen.countShared(other.#seen);
  }
}
