/** Counts rows that have more or fewer cells than there are columns. */
import type { CsvRecord } from "../../text/csv/csv-format.ts";
import type { FindingCollector, FindingCounter } from "./finding-collector.ts";

export class RowWidthCheck {
  readonly #counter: FindingCounter;
  #comments = 0;

  constructor(findings: FindingCollector) {
    this.#counter = findings.createCounter("row-width", null, (count) => this.#describe(count));
  }

  report({ line, cells, quoted }: Pick<CsvRecord, "line" | "cells" | "quoted">): void {
    this.#counter.increment(line);
    if (!quoted[0] && cells[0]?.startsWith("#")) this.#comments += 1;
  }

  /** Of a row whose cells are not known. */
  reportLine(line: number): void {
    this.#counter.increment(line);
  }

  #describe(count: number): string {
    const message = "a row has more or fewer cells than there are columns, and was not checked further";
    if (this.#comments === 0) return message;
    return `${message}; ${this.#comments} of ${count} begin with #, which csv.comment: "#" leaves out`;
  }
}
