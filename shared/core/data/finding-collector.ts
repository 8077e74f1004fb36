/** Counts findings, one counter for each check of each column: a file full of errors needs no more memory than a clean one. */
import type { CheckCode } from "./checks.ts";
import type { LimitName, Tolerance } from "./contract.ts";
import { isTolerated } from "./tolerance.ts";

/** Something wrong with a file. It names lines and never contains a cell. */
export interface CheckFinding {
  readonly check: CheckCode;
  /** Null for what concerns the file as a whole. */
  readonly column: string | null;
  /** What is wrong, without the value. */
  readonly message: string;
  readonly severity: Tolerance["severity"];
  readonly count: number;
  /** The first lines it was found on, from 1; empty for what has no line. */
  readonly lines: readonly number[];
}

/** How many lines of a finding are named. */
/** What was found, apart from what the contract's `mostly` allows. */
export interface SettledFindings {
  readonly findings: readonly CheckFinding[];
  readonly tolerated: readonly CheckFinding[];
}

export const MAX_LINES = 5;
export const INTOLERANT: Tolerance = { severity: "fail", mostly: 1 };

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

/** Their messages depend on what columns know, which is put together as well. */
const ABSORBED: ReadonlySet<CheckCode> = new Set(["type", "null"]);

export class FindingCounter {
  readonly #kind: Pick<CheckFinding, "check" | "column" | "severity">;
  readonly #message: FindingMessage;
  #count = 0;
  readonly #lines: number[] = [];

  constructor(kind: Pick<CheckFinding, "check" | "column" | "severity">, message: FindingMessage) {
    this.#kind = kind;
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

  /** Adds what was found elsewhere in the file. Lines are in any order. */
  absorb(parts: readonly CountedLines[]): void {
    const lines = [...this.#lines, ...parts.flatMap((part) => part.lines)].sort((a, b) => a - b);
    this.#count = parts.reduce((sum, { count }) => sum + count, this.#count);
    this.#lines.splice(0, this.#lines.length, ...new Set(lines));
    this.#lines.length = Math.min(this.#lines.length, MAX_LINES);
  }

  get counted(): CountedLines {
    return { count: this.#count, lines: this.#lines };
  }

  /** Whether what was found can be added to what was found elsewhere: the message does not depend on it. */
  get isAdditive(): boolean {
    return this.#count === 0 || typeof this.#message === "string" || ABSORBED.has(this.#kind.check);
  }

  forget(): void {
    this.#count = 0;
    this.#lines.length = 0;
  }

  get finding(): CheckFinding | undefined {
    const [count, message] = [this.#count, this.#message];
    if (count === 0) return undefined;
    const text = typeof message === "string" ? message : message(count);
    return { ...this.#kind, message: text, count, lines: [...this.#lines] };
  }
}

/** Counters whose rows count together against one tolerance: the rules of a column, of which a cell breaks one at most. */
export class FindingGroup {
  readonly #counters: FindingCounter[] = [];
  readonly #tolerance: Tolerance;
  readonly #onCreate: (counter: FindingCounter) => void;

  constructor(tolerance: Tolerance, onCreate: (counter: FindingCounter) => void) {
    this.#tolerance = tolerance;
    this.#onCreate = onCreate;
  }

  createCounter(check: CheckCode, column: string | null, message: FindingMessage): FindingCounter {
    const counter = new FindingCounter({ check, column, severity: this.#tolerance.severity }, message);
    this.#counters.push(counter);
    this.#onCreate(counter);
    return counter;
  }

  settle(rows: number): SettledFindings {
    const found = this.#counters.flatMap(({ finding }) => (finding === undefined ? [] : [finding]));
    const broken = found.reduce((sum, { count }) => sum + count, 0);
    const tolerated = isTolerated(broken, rows, this.#tolerance.mostly);
    return { findings: tolerated ? [] : found, tolerated: tolerated ? found : [] };
  }
}

export class FindingCollector {
  readonly #groups: FindingGroup[] = [];
  /** Of all groups, in the order in which they were created. */
  readonly #counters: FindingCounter[] = [];
  readonly #limits: ExceededLimit[] = [];

  createGroup(tolerance: Tolerance): FindingGroup {
    const group = new FindingGroup(tolerance, (counter) => {
      this.#counters.push(counter);
    });
    this.#groups.push(group);
    return group;
  }

  /** A counter for something that may be found later or never, and that nothing tolerates. */
  createCounter(check: CheckCode, column: string | null, message: FindingMessage): FindingCounter {
    return this.createGroup(INTOLERANT).createCounter(check, column, message);
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

  /** All that was found in so many rows, in the order of first lines; what has no line comes first. */
  settle(rows: number): SettledFindings {
    const settled = this.#groups.map((group) => group.settle(rows));
    return {
      findings: settled.flatMap(({ findings }) => findings).sort(byFirstLine),
      tolerated: settled.flatMap(({ tolerated }) => tolerated).sort(byFirstLine),
    };
  }
}

const byFirstLine = (a: CheckFinding, b: CheckFinding): number => (a.lines[0] ?? 0) - (b.lines[0] ?? 0);

/** For the notes. */
export const describeTolerated = ({ column, message, count }: CheckFinding): string =>
  `${column === null ? "" : `${column}: `}${message}; ${count === 1 ? "once" : `${count} times`}, which mostly allows`;
