/** Drafts a contract from the text of one CSV file. */
import type { CsvRecord } from "../../../text/csv/csv-format.ts";
import { CsvReader } from "../../../text/csv/csv-reader.ts";
import { csvOptions } from "../csv-options.ts";
import { STRICT } from "../dialect.ts";
import { ColumnProfile, type InferredColumn } from "./column-profile.ts";

interface NamedProfile {
  readonly name: string;
  readonly profile: ColumnProfile;
}

const DELIMITERS = [",", ";", "\t", "|"];

export class ContractDraft {
  readonly #delimiter: string;
  readonly #reader: CsvReader;
  #columns: readonly NamedProfile[] | undefined;
  #rows = 0;
  #otherRows = 0;
  #errors = 0;
  #hasMultiline = false;

  /** @param start of the file, with its first line: the delimiter is what occurs in it most often */
  constructor(start: string) {
    const [header = ""] = start.split(/\r?\n/, 1);
    const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
    this.#delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
    this.#reader = new CsvReader(csvOptions({ ...STRICT, delimiter: this.#delimiter }, MAX_RECORD_LENGTH), {
      onRecord: (record) => this.#take(record),
      onError: () => {
        this.#errors += 1;
      },
    });
  }

  push(text: string): void {
    this.#reader.push(text);
  }

  /** The contract in YAML, with what a person should look at as comments. */
  end(): string {
    this.#reader.end();
    const all = this.#columns ?? [];
    // The index of pandas and R: nothing is said about it.
    const hasIndex = all.length > 1 && all[0]?.name === "";
    const columns = hasIndex ? all.slice(1) : all;
    const settings = [
      ...(this.#delimiter === "," ? [] : [`delimiter: ${JSON.stringify(this.#delimiter)}`]),
      ...(this.#hasMultiline ? ["multiline: true"] : []),
      ...(hasIndex ? ["unnamed-index: true"] : []),
    ];
    const lines = [
      "# Drafted from one file. Look at every line: bounds, choices and nulls are what this file happened to have.",
      ...this.#warnings().map((warning) => `# ${warning}`),
      "version: 1",
      ...(settings.length > 0 ? [`csv: { ${settings.join(", ")} }`] : []),
      ...(this.#rows === 0 ? ["rows: { min: 0 }"] : []),
      "columns:",
      ...columns.map(({ name, profile }) => `  - ${formatColumn(name, profile.inferred)}`),
    ];
    return `${lines.join("\n")}\n`;
  }

  #warnings(): readonly string[] {
    const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
    return [
      ...(this.#otherRows > 0 ? [`${plural(this.#otherRows, "row")} had more or fewer cells than the header.`] : []),
      ...(this.#errors > 0
        ? [`${plural(this.#errors, "place")} could not be read as CSV; csv: may need a preset.`]
        : []),
    ];
  }

  #take({ cells, quoted, width, lines, line }: CsvRecord): void {
    if (this.#columns === undefined) {
      this.#columns = cells.slice(0, width).map((name) => ({ name, profile: new ColumnProfile() }));
      return;
    }
    if (width !== this.#columns.length) {
      if (width > 1 || cells[0] !== "") this.#otherRows += 1;
      return;
    }
    this.#rows += 1;
    this.#hasMultiline ||= (lines[width - 1] ?? line) > line || (cells[width - 1] ?? "").includes("\n");
    for (const [at, { profile }] of this.#columns.entries()) profile.add(cells[at] ?? "", quoted[at] ?? false);
  }
}

const MAX_RECORD_LENGTH = 8_388_608;

function formatColumn(name: string, column: InferredColumn): string {
  const { type, offset, hasDecimals, nullable, unique, isNeverNegative, choices } = column;
  const keys = [
    `name: ${formatText(name)}`,
    `type: ${type}`,
    ...(offset === "required" ? ["offset: required"] : []),
    ...(hasDecimals ? ["decimal-integers: true"] : []),
    ...(nullable ? ["nullable: true"] : []),
    ...(unique ? ["unique: true"] : []),
    ...(isNeverNegative ? ["min: 0"] : []),
    ...(choices === undefined ? [] : [`enum: [${choices.map(formatText).join(", ")}]`]),
  ];
  return `{ ${keys.join(", ")} }`;
}

/** As YAML: in quotes where it could be read as something else. */
const formatText = (text: string): string =>
  /^[A-Za-z_][A-Za-z0-9_-]*$/.test(text) && !RESERVED.test(text) ? text : JSON.stringify(text);

const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n|nan|inf)$/i;
