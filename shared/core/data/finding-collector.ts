/** Counts findings, one counter for each check of each column: a file full of errors needs no more memory than a clean one. */
import type { CheckCode } from "./checks.ts";
import type { LimitName } from "./contract.ts";

/** Something wrong with a file. It names lines and never contains a cell. */
export interface CheckFinding {
  readonly check: CheckCode;
  /** Null for what concerns the file as a whole. */
  readonly column: string | null;
  /** What is wrong, without the value. */
  readonly message: string;
  readonly count: number;
  /** The first lines it was found on, from 1; empty for what has no line. */
  readonly lines: readonly number[];
}

/** How many lines of a finding are named. */
export const MAX_LINES = 5;

/** Something about a file that was more than the contract lets it need: the file was not judged to its end. */
export interface ExceededLimit {
  readonly limit: LimitName;
  readonly message: string;
  readonly line?: number;
}

/** How often something was found, and on which lines first. */
export interface CountedLines {
  readonly count: number;
  readonly lines: readonly number[];
}

/** What is wrong, or how to say it once all was counted. */
export type FindingMessage = string | ((count: number) => string);

export class FindingCounter {
  readonly #check: CheckCode;
  readonly #column: string | null;
  readonly #message: FindingMessage;
  #count = 0;
  readonly #lines: number[] = [];

  constructor(check: CheckCode, column: string | null, message: FindingMessage) {
    this.#check = check;
    this.#column = column;
    this.#message = message;
  }

  increment(line?: number): void {
    this.#count += 1;
    if (this.#lines.length < MAX_LINES && line !== undefined && this.#lines.at(-1) !== line) this.#lines.push(line);
  }

  /** @param lines the first of them, in order and different */
  addAll(count: number, lines: readonly number[]): void {
    this.#count += count;
    this.#lines.push(...lines.slice(0, MAX_LINES - this.#lines.length));
  }

  /** Adds what parts of a file have found. Their lines are in any order. */
  absorb(parts: readonly CountedLines[]): void {
    const lines = parts.flatMap((part) => part.lines).sort((a, b) => a - b);
    this.addAll(
      parts.reduce((sum, { count }) => sum + count, 0),
      lines,
    );
  }

  get counted(): CountedLines {
    return { count: this.#count, lines: this.#lines };
  }

  /** Whether what was found can be added to what was found elsewhere: the message does not depend on it. */
  get isAdditive(): boolean {
    return this.#count === 0 || typeof this.#message === "string" || this.#check === "type";
  }

  forget(): void {
    this.#count = 0;
    this.#lines.length = 0;
  }

  get finding(): CheckFinding | undefined {
    const [count, message] = [this.#count, this.#message];
    if (count === 0) return undefined;
    const text = typeof message === "string" ? message : message(count);
    return { check: this.#check, column: this.#column, message: text, count, lines: [...this.#lines] };
  }
}

export class FindingCollector {
  readonly #counters: FindingCounter[] = [];
  readonly #limits: ExceededLimit[] = [];

  /** A counter for something that may be found later or never. */
  createCounter(check: CheckCode, column: string | null, message: FindingMessage): FindingCounter {
    const counter = new FindingCounter(check, column, message);
    this.#counters.push(counter);
    return counter;
  }

  /** Adds something found now. */
  add(check: CheckCode, column: string | null, message: string, line?: number): void {
    this.createCounter(check, column, message).increment(line);
  }

  /** Of every counter, in the order in which they were created. */
  get counted(): readonly CountedLines[] {
    return this.#counters.map(({ counted }) => counted);
  }

  get isAdditive(): boolean {
    return this.#limits.length === 0 && this.#counters.every((counter) => counter.isAdditive);
  }

  /** @param parts what collectors of the same counters have found in other parts of the file */
  absorb(parts: readonly (readonly CountedLines[])[]): void {
    for (const [at, counter] of this.#counters.entries()) counter.absorb(parts.flatMap((part) => part[at] ?? []));
  }

  forget(): void {
    for (const counter of this.#counters) counter.forget();
  }

  exceed(limit: LimitName, message: string, line?: number): void {
    this.#limits.push({ limit, message, ...(line !== undefined && { line }) });
  }

  get limits(): readonly ExceededLimit[] {
    return this.#limits;
  }

  /** All that was found, in the order of first lines; what has no line comes first. */
  get findings(): readonly CheckFinding[] {
    return this.#counters
      .flatMap(({ finding }) => (finding === undefined ? [] : [finding]))
      .sort((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
  }
}
