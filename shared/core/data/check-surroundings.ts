/** What a check works with beside the contract. */
import type { SpillSpace } from "./column-check.ts";
import type { RowObserver } from "./row-values.ts";

export interface CheckSurroundings {
  /** Keeps the memory bounded that unique values need. */
  readonly spill?: SpillSpace;
  /** Milliseconds since 1970, for how old values are. */
  readonly now?: number;
  /** See every whole row as well. */
  readonly observers?: readonly RowObserver[];
}
