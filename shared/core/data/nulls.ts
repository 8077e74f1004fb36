/** Which cells of a column mean no value. */
import type { CellSpelling } from "./dialect.ts";

export class Nulls {
  /** All but the empty cell, which is by far the most frequent. */
  readonly #words: ReadonlySet<string>;
  /** Whether an empty cell without quotes is one. */
  readonly hasEmpty: boolean;
  readonly #inQuotes: boolean;

  constructor(spelling: CellSpelling) {
    this.#words = new Set(spelling["null-values"].filter((word) => word !== ""));
    this.hasEmpty = spelling["null-values"].includes("");
    this.#inQuotes = spelling["quoted-null"];
  }

  has(cell: string, quoted: boolean): boolean {
    if (quoted && !this.#inQuotes) return false;
    return cell === "" ? this.hasEmpty : this.#words.size > 0 && this.#words.has(cell);
  }
}
