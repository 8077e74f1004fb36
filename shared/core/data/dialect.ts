/**
 * How CSV files are written: the settings of a contract's `csv:`. Strict unless the contract says otherwise; a preset is only
 * a set of settings, and what the contract states itself wins over it.
 */
import * as z from "zod";

/** Stands for "there is none" where a setting is otherwise one character. */
export const NONE = "none";
const characterOrNone = z.union([z.literal(NONE), z.string().length(1)]);
const words = z.array(z.string().min(1)).min(1);

/** `iso`, or like `%d.%m.%Y`; of several, a cell has the first that fits. */
export const formats = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** How values are written. A column may state each of these for itself. */
export const spellingKeys = {
  decimal: z.enum([".", ","]).optional().describe("Decimal mark of numbers. Default: `.`"),
  thousands: characterOrNone.optional().describe("Mark between groups of three digits, like `,`. Default: `none`"),
  "decimal-integers": z
    .boolean()
    .optional()
    .describe("Whether an integer may be written like a number: `34.0`, `1e+05`. Default: `false`"),
  "leading-dot": z.boolean().optional().describe("Whether a number may lack the zero before its mark: `.5`"),
  "non-finite": z
    .enum(["fail", "as-null", "allow"])
    .optional()
    .describe("What `NaN`, `inf` and `Infinity` are in columns of numbers; a NaN satisfies no bound. Default: `fail`"),
  "null-values": z
    .array(z.string())
    .optional()
    .describe('Cells that mean no value. Default: only the empty one, `[""]`'),
  "quoted-null": z.boolean().optional().describe("Whether they mean it also in quotes. Default: `false`"),
  "true-values": words.optional().describe("How true is written. Default: `[true, True, TRUE]`"),
  "false-values": words.optional().describe("How false is written. Default: `[false, False, FALSE]`"),
  multiline: z.boolean().optional().describe("Whether a cell in quotes may span lines. Default: `false`"),
} as const;

export const csvSettings = z.strictObject({
  preset: z
    .enum(["pandas", "polars", "r", "spark", "excel", "excel-de", "postgres", "duckdb", "bigquery"])
    .optional()
    .describe("The program that wrote the files: a set of these settings"),
  delimiter: z.string().length(1).optional().describe('One ASCII character; "\\t" for a tab. Default: `,`'),
  header: z.boolean().optional().describe("Whether the first line names the columns. Default: `true`"),
  quote: characterOrNone.optional().describe('The quote, or `none`: quotes are characters like others. Default: `"`'),
  escape: z
    .enum(["double", "backslash"])
    .optional()
    .describe('How a quote is written in quotes: `""` or `\\"`. Default: `double`'),
  comment: characterOrNone.optional().describe("Lines that begin with this character are left out. Default: `none`"),
  "skip-lines": z.int().nonnegative().optional().describe("Lines before the header that are left out. Default: 0"),
  encoding: z
    .string()
    .min(1)
    .optional()
    .describe("Name of an encoding, as browsers know it. A byte order mark wins. Default: `utf-8`"),
  trim: z
    .boolean()
    .optional()
    .describe("Whether blanks around cells are left out; those in quotes stay. Default: `false`"),
  "unnamed-index": z
    .boolean()
    .optional()
    .describe(
      "Whether the first column may lack a name, as the index of pandas does; it is not checked. Default: `false`",
    ),
  "date-format": formats.optional().describe("Form of dates: `iso`, or like `%d.%m.%Y`; also a list. Default: `iso`"),
  "timestamp-format": formats
    .optional()
    .describe("Form of timestamps: `iso`, or like `%d.%m.%Y %H:%M`. Default: `iso`"),
  ...spellingKeys,
});

/** As written in a contract. */
export type CsvSettings = Readonly<z.infer<typeof csvSettings>>;

export type CsvPreset = NonNullable<CsvSettings["preset"]>;

/** Every setting decided. */
export type CsvDialect = Readonly<{ [Key in Exclude<keyof CsvSettings, "preset">]-?: NonNullable<CsvSettings[Key]> }>;

/** How the values of one column are written: by itself where it says so, else by the dialect. */
export interface CellSpelling extends Pick<CsvDialect, keyof typeof spellingKeys> {
  /** Of dates or timestamps. */
  readonly formats: readonly string[];
  readonly offset: "none" | "required";
}

type ColumnSpelling = { readonly [Key in keyof typeof spellingKeys]?: CsvDialect[Key] | undefined } & {
  readonly type: string;
  readonly format?: string | readonly string[] | undefined;
  readonly offset?: "none" | "required" | undefined;
};

export const STRICT: CsvDialect = {
  delimiter: ",",
  header: true,
  quote: '"',
  escape: "double",
  comment: NONE,
  "skip-lines": 0,
  encoding: "utf-8",
  trim: false,
  "unnamed-index": false,
  "date-format": "iso",
  "timestamp-format": "iso",
  decimal: ".",
  thousands: NONE,
  "decimal-integers": false,
  "leading-dot": false,
  "non-finite": "fail",
  "null-values": [""],
  "quoted-null": false,
  "true-values": ["true", "True", "TRUE"],
  "false-values": ["false", "False", "FALSE"],
  multiline: false,
};

/** Each writer's default output, as far as it differs from the strict form: one line each. */
// biome-ignore format: a table
export const PRESETS: Readonly<Record<CsvPreset, Omit<CsvSettings, "preset">>> = {
  pandas: { "decimal-integers": true, "quoted-null": true, "unnamed-index": true, "timestamp-format": ["iso", "%Y-%m-%d"] },
  polars: { "timestamp-format": ["iso", "%Y-%m-%dT%H:%M:%S.%f%z"] },
  r: { "null-values": ["NA", ""], "decimal-integers": true, "leading-dot": true, "unnamed-index": true, "timestamp-format": ["iso", "%Y-%m-%d"] },
  spark: { escape: "backslash" },
  excel: { encoding: "windows-1252", thousands: ",", "date-format": "%-m/%-d/%Y", "timestamp-format": "%-m/%-d/%Y %-H:%M" },
  "excel-de": { delimiter: ";", encoding: "windows-1252", decimal: ",", thousands: ".", "true-values": ["WAHR"], "false-values": ["FALSCH"], "date-format": "%d.%m.%Y", "timestamp-format": "%d.%m.%Y %H:%M" },
  postgres: { "true-values": ["t"], "false-values": ["f"], "timestamp-format": ["iso", "%Y-%m-%d %H:%M:%S.%f%z"] },
  duckdb: { "timestamp-format": ["iso", "%Y-%m-%d %H:%M:%S.%f%z"] },
  bigquery: { "timestamp-format": ["iso", "%Y-%m-%d %H:%M:%S.%f %Z"] },
};

/** What the contract states wins over its preset, and the preset over the strict form. */
export function resolveDialect({ preset, ...stated }: CsvSettings): CsvDialect {
  return { ...STRICT, ...(preset && PRESETS[preset]), ...stated } as CsvDialect;
}

const hasOffset = (format: string): boolean => /%[zZ]/.test(format);

/** @param column what it states itself; its type decides which of the dialect's formats it has */
export function spellingOf(column: ColumnSpelling, dialect: CsvDialect): CellSpelling {
  const ofDialect = dialect[column.type === "date" ? "date-format" : "timestamp-format"];
  const formats: readonly string[] = [column.format ?? ofDialect].flat();
  const own = Object.keys(spellingKeys).map((key) => {
    const name = key as keyof typeof spellingKeys;
    return [name, column[name] ?? dialect[name]];
  });
  const offset = column.offset ?? (column.format !== undefined && formats.every(hasOffset) ? "required" : "none");
  return { ...(Object.fromEntries(own) as Pick<CsvDialect, keyof typeof spellingKeys>), formats, offset };
}

/** How contracts write their own values. */
export const STRICT_SPELLING: CellSpelling = spellingOf({ type: "string" }, STRICT);
