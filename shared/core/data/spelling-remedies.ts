/** Which settings of a contract would allow the cells that a column's type refuses: common spellings, each by its option. */
import { trimBlanks } from "../../text/csv/quoting.ts";
import { cellType } from "./cell-type.ts";
import type { CompiledColumn } from "./compile-contract.ts";
import type { ColumnType } from "./contract.ts";
import { type CellSpelling, PRESETS } from "./dialect.ts";

interface Remedy {
  /** As a contract would have it. */
  readonly setting: string;
  readonly allows: (cell: string, quoted: boolean) => boolean;
}

export interface RefusedCell {
  readonly line: number;
  /** Which remedies would allow it; a bit for each. */
  readonly allowing: number;
}

/** So many refused cells are looked at: a file of nothing else is not slower for it. */
const MAX_CELLS = 1000;
const MAX_SHOWN = 3;

export class SpellingRemedies {
  readonly #column: CompiledColumn;
  #remedies: readonly Remedy[] | undefined;
  /** The first ones that were refused. */
  #cells: RefusedCell[] = [];

  constructor(column: CompiledColumn) {
    this.#column = column;
  }

  get refused(): readonly RefusedCell[] {
    return this.#cells;
  }

  add(cell: string, quoted: boolean, line: number): void {
    if (this.#cells.length >= MAX_CELLS) return;
    this.#remedies ??= remediesFor(this.#column);
    const allowing = this.#remedies.reduce((set, { allows }, at) => (allows(cell, quoted) ? set | (1 << at) : set), 0);
    this.#cells.push({ line, allowing });
  }

  /** Adds the cells that were refused in other parts of the file: the first of all are those that count. */
  absorb(cells: readonly RefusedCell[]): void {
    this.#remedies ??= remediesFor(this.#column);
    this.#cells = [...this.#cells, ...cells].sort((a, b) => a.line - b.line).slice(0, MAX_CELLS);
  }

  /** What would allow most cells first, then what would allow most of the others. Empty when nothing would. */
  describe(count: number): string {
    const remedies = this.#remedies ?? [];
    const left = new Map<number, number>();
    for (const { allowing } of this.#cells) if (allowing !== 0) left.set(allowing, (left.get(allowing) ?? 0) + 1);
    const parts: string[] = [];
    while (left.size > 0 && parts.length < MAX_SHOWN) {
      const totals = remedies.map((_, at) =>
        [...left].reduce((sum, [set, cells]) => ((set & (1 << at)) === 0 ? sum : sum + cells), 0),
      );
      const most = Math.max(...totals);
      const best = [...remedies.keys()].filter((at) => totals[at] === most);
      const settings = withoutLaxer(best.map((at) => remedies[at]?.setting ?? ""));
      parts.push(`${most}${parts.length === 0 ? "" : " more"} by ${settings.slice(0, MAX_SHOWN).join(" or ")}`);
      for (const set of left.keys()) if (best.some((at) => (set & (1 << at)) !== 0)) left.delete(set);
    }
    if (parts.length === 0) return "";
    const seen = this.#cells.length;
    const of = count > seen ? `the first ${seen} refused cells` : count === 1 ? "1 cell" : `${count} cells`;
    return `; of ${of} the contract could allow ${parts.join(", ")}`;
  }
}

/** Without a format with `%-d` where the same with `%d` is enough. */
const withoutLaxer = (settings: readonly string[]): readonly string[] =>
  settings.filter((setting) => !setting.includes("%-") || !settings.includes(setting.replaceAll("%-", "%")));

/** Words for "no value" that programs write where the contract does not know them. */
const NULL_WORDS = ["NA", "N/A", "#N/A", "NaN", "NULL", "null", "None", "nan", "<NA>", "\\N", "-", "?"];

function remediesFor(column: CompiledColumn): readonly Remedy[] {
  const { type, spelling, cellType: own } = column;
  const nulls = spelling["null-values"];
  return [
    {
      setting: `quoted-null: true${presetsWith({ "quoted-null": true })}`,
      allows: (cell, quoted) => quoted && nulls.includes(cell),
    },
    ...NULL_WORDS.map((word) => ({
      setting: `null-values: ${JSON.stringify([...nulls, word])}`,
      allows: (cell: string, quoted: boolean) => !quoted && cell === word,
    })),
    {
      setting: "csv.trim: true",
      allows: (cell, quoted) => {
        const trimmed = trimBlanks(cell);
        return !quoted && trimmed !== cell && (nulls.includes(trimmed) || own.read(trimmed) !== undefined);
      },
    },
    ...SPELLINGS[type].map(([setting, change]) => {
      const other = cellType(type, { ...spelling, ...change });
      return { setting: `${setting}${presetsWith(change)}`, allows: (cell: string) => other.read(cell) !== undefined };
    }),
  ];
}

/** ` (preset pandas or r)`: the writers whose preset has these settings. */
function presetsWith(change: Partial<CellSpelling>): string {
  const asText = (value: unknown): string => JSON.stringify([value].flat());
  const presets = Object.entries(PRESETS).filter(([, settings]) =>
    Object.entries(change).every(([key, value]) => asText(settings[key as keyof typeof settings]) === asText(value)),
  );
  return presets.length === 0 ? "" : ` (preset ${presets.map(([name]) => name).join(" or ")})`;
}

type Change = readonly [setting: string, change: Partial<CellSpelling>];

const NUMBERS: readonly Change[] = [
  ['thousands: ","', { thousands: "," }],
  ['decimal: ","', { decimal: ",", thousands: "none" }],
  ['decimal: "," with thousands: "."', { decimal: ",", thousands: "." }],
  ['thousands: " "', { thousands: " " }],
  [`thousands: "'"`, { thousands: "'" }],
];

const formatted = (...formats: readonly string[]): readonly Change[] =>
  formats.map((format) => [`format: "${format}"`, { formats: [format] }]);

const DAYS = ["%Y/%m/%d", "%d.%m.%Y", "%-d.%-m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%-m/%-d/%Y", "%Y%m%d", "%d-%m-%Y"];

/** At most 17 for a type: with the others, a bit for each fits an integer. */
const SPELLINGS: Readonly<Record<ColumnType, readonly Change[]>> = {
  string: [],
  integer: [["decimal-integers: true", { "decimal-integers": true }], ...NUMBERS],
  number: [["leading-dot: true", { "leading-dot": true }], ...NUMBERS],
  boolean: [
    ["true-values: [t], false-values: [f]", words("t", "f")],
    ['true-values: ["1"], false-values: ["0"]', words("1", "0")],
    ["true-values: [yes, Yes, YES], false-values: [no, No, NO]", words("yes", "no", "Yes", "No", "YES", "NO")],
    ["true-values: [y, Y], false-values: [n, N]", words("y", "n", "Y", "N")],
    ["true-values: [WAHR], false-values: [FALSCH]", words("WAHR", "FALSCH")],
  ],
  date: formatted(...DAYS, "%d %b %Y", "%d%b%Y", "%Y-%m-%dT00:00:00", "%Y-%m-%d 00:00:00"),
  timestamp: [
    ["offset: required", { offset: "required" }],
    ["offset: none", { offset: "none" }],
    ['offset: required, format: "%Y-%m-%d %H:%M:%S.%f%z"', { offset: "required", formats: ["%Y-%m-%d %H:%M:%S.%f%z"] }],
    ['offset: required, format: "%Y-%m-%dT%H:%M:%S.%f%z"', { offset: "required", formats: ["%Y-%m-%dT%H:%M:%S.%f%z"] }],
    [
      'offset: required, format: "%Y-%m-%d %H:%M:%S.%f %Z"',
      { offset: "required", formats: ["%Y-%m-%d %H:%M:%S.%f %Z"] },
    ],
    ...formatted(
      "%Y-%m-%d",
      "%Y-%m-%d %H:%M",
      "%Y-%m-%dT%H:%M",
      "%Y/%m/%d %H:%M:%S",
      "%d.%m.%Y %H:%M",
      "%d.%m.%Y %H:%M:%S",
    ),
    ...formatted("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%-m/%-d/%Y %-H:%M", "%Y%m%d%H%M%S"),
  ],
};

/** Each word that means true, followed by the one that means false. */
function words(...pairs: readonly string[]): Partial<CellSpelling> {
  return {
    "true-values": pairs.filter((_, at) => at % 2 === 0),
    "false-values": pairs.filter((_, at) => at % 2 === 1),
  };
}
