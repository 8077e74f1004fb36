/** Counts findings, one counter for each check of each column, so that a file full of faults costs no more than a clean one. */
import type { Check } from "./checks.ts";

/** Something wrong with a file. It names lines and never holds a cell. */
export interface Found {
  readonly check: Check;
  /** Null for what concerns the file as a whole. */
  readonly column: string | null;
  /** What is wrong, without the value. */
  readonly message: string;
  readonly count: number;
  /** The first lines it was found on, from 1; empty for what stands on no line. */
  readonly lines: readonly number[];
}

const MOST_LINES = 5;

export class Counter {
  readonly #what: Pick<Found, "check" | "column" | "message">;
  #count = 0;
  readonly #lines: number[] = [];

  constructor(check: Check, column: string | null, message: string) {
    this.#what = { check, column, message };
  }

  hit(line?: number): void {
    this.#count += 1;
    if (this.#lines.length < MOST_LINES && line !== undefined && this.#lines.at(-1) !== line) this.#lines.push(line);
  }

  get found(): Found | undefined {
    return this.#count === 0 ? undefined : { ...this.#what, count: this.#count, lines: [...this.#lines] };
  }
}

export class Tally {
  readonly #counters: Counter[] = [];

  /** A counter for something that may be found later, or never. */
  count(check: Check, column: string | null, message: string): Counter {
    const counter = new Counter(check, column, message);
    this.#counters.push(counter);
    return counter;
  }

  /** Notes something found now. */
  add(check: Check, column: string | null, message: string, line?: number): void {
    this.count(check, column, message).hit(line);
  }

  /** All that was found, in the order of first lines; what stands on no line comes first. */
  get found(): readonly Found[] {
    return this.#counters
      .flatMap(({ found }) => (found === undefined ? [] : [found]))
      .sort((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
  }
}
