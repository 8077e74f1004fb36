/** The keys of all examples in a set of files, to count those that another set has as well. */
import { bindKey, type ListedColumns, type RowObserver, type TakeRow } from "./row-values.ts";
import { type FinishedLog, findRepeats } from "./unique/find-repeats.ts";
import { ValueLog } from "./unique/value-log.ts";

export class ExampleKeys implements RowObserver {
  readonly #columns: readonly string[];
  readonly #log = new ValueLog();
  #isComplete = true;

  constructor(columns: readonly string[]) {
    this.#columns = columns;
  }

  /** Whether every file has the columns: otherwise nothing can be said of what is shared. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  bind(binding: ListedColumns): TakeRow | undefined {
    const readKey = bindKey(this.#columns, binding);
    if (readKey === undefined) {
      this.#isComplete = false;
      return undefined;
    }
    return (row, line) => {
      const key = readKey(row);
      // A row whose key is null or broken is a finding of its own, unless the contract allows nulls: it is no example's name.
      if (key !== undefined) this.#log.addText(key, line);
    };
  }

  /** Those of both, less those of either. */
  countShared(other: ExampleKeys): number {
    const [mine, theirs] = [this.#finished, other.#finished];
    return countDifferent([mine]) + countDifferent([theirs]) - countDifferent([mine, theirs]);
  }

  /** Those of this one that the other lacks. */
  countMissingIn(other: ExampleKeys): number {
    const [mine, theirs] = [this.#finished, other.#finished];
    return countDifferent([mine, theirs]) - countDifferent([theirs]);
  }

  /** Rows whose key an earlier one has. */
  countRepeated(): number {
    return findRepeats([this.#finished], 0).count;
  }

  get #finished(): FinishedLog {
    return { partitions: this.#log.partitions, spill: undefined };
  }
}

function countDifferent(logs: readonly FinishedLog[]): number {
  const { values, count } = findRepeats(logs, 0);
  return values - count;
}
