/** What all cells of a column have in common, with bounded memory. */
import { cellType } from "../cell-type.ts";
import type { ColumnType } from "../contract.ts";
import { STRICT_SPELLING } from "../dialect.ts";
import { findRepeats } from "../unique/find-repeats.ts";
import { ValueLog } from "../unique/value-log.ts";

interface Candidate {
  readonly type: ColumnType;
  readonly offset: "none" | "required";
  readonly hasDecimals?: boolean;
}

/** From the narrowest. `offset` is what tells the two kinds of timestamps apart. */
const CANDIDATES: readonly Candidate[] = [
  { type: "integer", offset: "none" },
  // As pandas writes a column of integers that has nulls.
  { type: "integer", offset: "none", hasDecimals: true },
  { type: "number", offset: "none" },
  { type: "boolean", offset: "none" },
  { type: "date", offset: "none" },
  { type: "timestamp", offset: "none" },
  { type: "timestamp", offset: "required" },
];

/** A column of text with so few values, each so often on average, has choices. */
const MAX_CHOICES = 12;
const MIN_ROWS_PER_CHOICE = 5;
/** Longer texts are no names of choices. */
const MAX_CHOICE_LENGTH = 40;

export interface InferredColumn {
  readonly type: ColumnType;
  readonly offset: "none" | "required";
  /** Whether integers are written like 34.0. */
  readonly hasDecimals: boolean;
  readonly nullable: boolean;
  readonly unique: boolean;
  readonly isNeverNegative: boolean;
  readonly choices: readonly string[] | undefined;
}

export class ColumnProfile {
  readonly #candidates = CANDIDATES.map((candidate) => ({
    ...candidate,
    read: cellType(candidate.type, {
      ...STRICT_SPELLING,
      offset: candidate.offset,
      "decimal-integers": candidate.hasDecimals ?? false,
    }).read,
  }));
  #left = this.#candidates;
  readonly #choices = new Set<string>();
  /** Undefined once there are too many. */
  #log: ValueLog | undefined = new ValueLog();
  #values = 0;
  #nulls = 0;
  #isNeverNegative = true;

  add(cell: string, quoted: boolean): void {
    if (cell === "" && !quoted) {
      this.#nulls += 1;
      return;
    }
    this.#values += 1;
    if (this.#left.length > 0) this.#left = this.#left.filter(({ read }) => read(cell) !== undefined);
    this.#isNeverNegative &&= !cell.startsWith("-");
    if (this.#choices.size <= MAX_CHOICES) this.#choices.add(cell);
    this.#log?.addText(cell, this.#values);
    if (this.#values > MAX_UNIQUE) this.#log = undefined;
  }

  get inferred(): InferredColumn {
    // Of a column without a value nothing is known.
    const known = this.#values === 0 ? undefined : this.#left[0];
    const { type, offset, hasDecimals = false }: Candidate = known ?? { type: "string", offset: "none" };
    return {
      ...{ type, offset, hasDecimals, nullable: this.#nulls > 0 },
      unique: this.#values >= MIN_UNIQUE && this.#nulls === 0 && this.#hasNoRepeats(),
      isNeverNegative: this.#values > 0 && this.#isNeverNegative && (type === "integer" || type === "number"),
      choices: type === "string" ? this.#listChoices() : undefined,
    };
  }

  #hasNoRepeats(): boolean {
    if (this.#log === undefined) return false;
    return findRepeats([{ partitions: this.#log.partitions, spill: undefined }], 0).count === 0;
  }

  #listChoices(): readonly string[] | undefined {
    const choices = [...this.#choices].sort();
    const areFew = choices.length <= MAX_CHOICES && this.#values >= MIN_ROWS_PER_CHOICE * choices.length;
    const areNames = choices.every((choice) => choice.length <= MAX_CHOICE_LENGTH && !/[\r\n]/.test(choice));
    return areFew && areNames && choices.length > 1 ? choices : undefined;
  }
}

const MAX_UNIQUE = 2_000_000;
/** That a few values differ says nothing. */
const MIN_UNIQUE = 20;
