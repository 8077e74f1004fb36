/** Counts cells that span lines: most often a quote too many, which made one cell of several rows. */
import type { FindingCollector, FindingCounter } from "./finding-collector.ts";

export class SpannedLines {
  readonly #counter: FindingCounter;
  #longest = { lines: 0, from: 0 };

  /** @param column null for one that is not in the contract */
  constructor(findings: FindingCollector, column: string | null, position = "") {
    this.#counter = findings.createCounter("multiline", column, (count) => `${this.#describe(count)}${position}`);
  }

  /** Whether the cell spans lines. It begins on `line`. */
  count(cell: string, line: number): boolean {
    let feed = cell.indexOf("\n");
    if (feed < 0) return false;
    let lines = 1;
    for (; feed >= 0; feed = cell.indexOf("\n", feed + 1)) lines += 1;
    if (lines > this.#longest.lines) this.#longest = { lines, from: line };
    this.#counter.increment(line);
    return true;
  }

  #describe(count: number): string {
    const { lines, from } = this.#longest;
    const range = `${lines} lines, from ${from} to ${from + lines - 1}`;
    return count === 1 ? `one cell spans ${range}` : `cells span lines, the longest of them ${range}`;
  }
}

/** A column that the contract does not list is checked for nothing else. */
export function checkUnlisted(
  findings: FindingCollector,
  at: number,
): { check(cell: string, quoted: boolean, line: number): void } {
  const position = ` in column ${at + 1}, which is not in the contract; csv.multiline: true allows it`;
  const spanned = new SpannedLines(findings, null, position);
  return { check: (cell, quoted, line) => quoted && spanned.count(cell, line) };
}
