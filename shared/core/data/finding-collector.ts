/** Counts findings, one counter for each check of each column: a file full of errors needs no more memory than a clean one. */
import type { CheckCode } from "./checks.ts";
import type { Tolerance } from "./contract.ts";
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

/** What was found, apart from what the contract's `mostly` allows. */
export interface SettledFindings {
  readonly findings: readonly CheckFinding[];
  readonly tolerated: readonly CheckFinding[];
}

const MAX_LINES = 5;
export const INTOLERANT: Tolerance = { severity: "fail", mostly: 1 };

export class FindingCounter {
  readonly #kind: Pick<CheckFinding, "check" | "column" | "message" | "severity">;
  #count = 0;
  readonly #lines: number[] = [];

  constructor(kind: Pick<CheckFinding, "check" | "column" | "message" | "severity">) {
    this.#kind = kind;
  }

  increment(line?: number): void {
    this.#count += 1;
    if (this.#lines.length < MAX_LINES && line !== undefined && this.#lines.at(-1) !== line) this.#lines.push(line);
  }

  get finding(): CheckFinding | undefined {
    return this.#count === 0 ? undefined : { ...this.#kind, count: this.#count, lines: [...this.#lines] };
  }
}

/** Counters whose rows count together against one tolerance: the rules of a column, of which a cell breaks one at most. */
export class FindingGroup {
  readonly #counters: FindingCounter[] = [];
  readonly #tolerance: Tolerance;

  constructor(tolerance: Tolerance) {
    this.#tolerance = tolerance;
  }

  createCounter(check: CheckCode, column: string | null, message: string): FindingCounter {
    const counter = new FindingCounter({ check, column, message, severity: this.#tolerance.severity });
    this.#counters.push(counter);
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

  createGroup(tolerance: Tolerance): FindingGroup {
    const group = new FindingGroup(tolerance);
    this.#groups.push(group);
    return group;
  }

  /** A counter for something that may be found later or never, and that nothing tolerates. */
  createCounter(check: CheckCode, column: string | null, message: string): FindingCounter {
    return this.createGroup(INTOLERANT).createCounter(check, column, message);
  }

  /** Adds something found now. */
  add(check: CheckCode, column: string | null, message: string, line?: number): void {
    this.createCounter(check, column, message).increment(line);
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
