/** Contracts and files made at random, on which the scanner and the reference must agree. */
import * as fc from "fast-check";
import { type CompiledContract, compileContract } from "../compile-contract.ts";
import { contract } from "../contract.ts";
import { type CheckedFile, CsvCheck } from "../csv-check.ts";
import { CsvScan } from "./csv-scan.ts";

interface Sample {
  readonly contract: CompiledContract;
  readonly file: Uint8Array;
  readonly chunkSizes: readonly number[];
}

/** What a column may demand, with cells that are near to it on both sides. */
const KINDS: readonly { readonly rules: readonly object[]; readonly cells: readonly string[] }[] = [
  {
    rules: [
      ...[{}, { min: 0, max: 120 }, { min: -5 }, { max: "9007199254740993" }, { min: "7.00000000000000000001" }],
      ...[{ unique: true }, { enum: [1, 2, 42] }, { pattern: "[1-9]\\d?" }, { "decimal-integers": true, unique: true }],
      ...[{ above: 0, below: 42 }, { "max-null-share": 0.3 }, { min: 0, mostly: 0.6 }, { max: 7, severity: "warn" }],
    ].map((rule) => ({ type: "integer", ...rule })),
    cells: [
      ...["0", "1", "7", "42", "-5", "-6", "121", "120", "-0", "007", "+1", "1.0", "1e3", "", "x", "-", " 1", "1 "],
      ...[
        "9007199254740993",
        "9007199254740994",
        "9007199254740992",
        "999999999999999",
        "1234567890123456",
        "-999",
        "NA",
      ],
    ],
  },
  {
    rules: [
      ...[
        {},
        { min: 0, max: 1 },
        { min: "-0.1", "max-decimals": 2 },
        { min: "0.30000000000000000001" },
        { unique: true },
      ],
      ...[{ pattern: "\\d\\.\\d+", "max-decimals": 1 }, { enum: [0.5, 1] }, { "leading-dot": true }, { decimal: "," }],
      ...[{ above: 0, min: "-0.1" }, { "max-null-share": 0 }],
    ].map((rule) => ({ type: "number", ...rule })),
    cells: [
      ...[
        "0",
        "0.5",
        "1",
        "1.0",
        "0.30",
        "0.500",
        "0.3",
        "-0.1",
        "-0.10",
        "-0.11",
        "1e-3",
        "1e400",
        ".5",
        "5.",
        "0.1.2",
        "00.5",
      ],
      ...[
        "123456789.123456",
        "1234567890.1234567",
        "0.000000000000001",
        "NaN",
        "inf",
        "",
        "-0",
        "0,5",
        "1 ",
        "0.30000000000000004",
      ],
    ],
  },
  {
    rules: [
      ...[{}, { min: "2020-02-29", max: "2024-12-31" }, { unique: true }, { enum: ["2024-02-29", "2023-01-01"] }],
      ...[{ format: ["iso", "%d.%m.%Y"] }, { pattern: "2.*" }],
    ].map((rule) => ({ type: "date", ...rule })),
    cells: [
      ...["2024-02-29", "2023-02-29", "2020-02-28", "2020-02-29", "2024-12-31", "2025-01-01", "0000-01-01", "24-01-01"],
      ...[
        "2024-1-1",
        "2024-01-01 ",
        "2024-00-01",
        "2024-01-32",
        "",
        "2024/01/01",
        "29.02.2024",
        "20240229",
        "2024-01-0",
      ],
    ],
  },
  {
    rules: [
      ...[{}, { min: "2024-01-01 12:00:00", max: "2024-06-01T00:00:00" }, { min: "2024-01-01 12:00:00.5" }],
      ...[{ unique: true }, { offset: "required" }],
    ].map((rule) => ({ type: "timestamp", ...rule })),
    cells: [
      ...[
        "2024-01-01 12:00:00",
        "2024-01-01T11:59:59",
        "2024-06-01 00:00:00",
        "2024-06-01 00:00:01",
        "2024-01-01 24:00:00",
      ],
      ...[
        "2024-01-01 12:60:00",
        "2024-01-01 12:00:60",
        "2024-01-01 12:00:00.250",
        "2024-01-01 12:00:00Z",
        "2024-01-01",
        "",
      ],
      ...[
        "2024-01-01 12:00",
        "2024-01-01_12:00:00",
        "2024-01-01 12:00:00+01:00",
        "2024-01-01 12:0",
        "2023-02-29 00:00:00",
      ],
    ],
  },
  {
    rules: [{}, { enum: [true] }, { "true-values": ["ja"] }].map((rule) => ({ type: "boolean", ...rule })),
    cells: ["true", "False", "TRUE", "yes", "", "0", "tru", "truee", "ja"],
  },
  {
    rules: [
      ...[{}, { "min-length": 2, "max-length": 4 }, { "max-length": 3 }, { enum: ["US", "DE", "Größe", "a,b"] }],
      ...[{ pattern: "[A-Z]{2}-\\d+" }, { pattern: "[^@]+@[^@]+\\.[a-z]+", "max-length": 8 }, { unique: true }],
      ...[
        { pattern: "(a|b)*a(a|b){3}" },
        { pattern: ".*" },
        { multiline: true },
        { pattern: "\\p{L}+" },
        { pattern: "(?i)us|d\\w" },
        { pattern: "\\w+\\b.*" },
      ],
      ...[{ "pattern-anywhere": "[A-Z]" }, { format: "email" }, { enum: ["US", "a@b.c"], format: "email" }],
      ...[{ unique: true, mostly: 0.5 }, { forbid: ["email"] }, { enum: ["US", "a@b.c"], forbid: ["email"] }],
      ...[{ "min-share": 0.2 }],
    ].map((rule) => ({ type: "string", ...rule })),
    cells: [
      ...[
        "US",
        "DE",
        "Größe",
        "AB-12",
        "AB-",
        "a@b.c",
        "a@bb.cc1",
        "",
        "x",
        "long text",
        "a,b",
        'say "hi"',
        "two\nlines",
      ],
      ...[
        "tab\t",
        "aaaa",
        "abab",
        "bbbb",
        "日本語",
        "😀",
        "😀😀😀😀",
        "NA",
        "NULL",
        " padded ",
        "nul\0",
        "\ufeff",
        "a;b",
        "é\r\nf",
      ],
    ],
  },
];

const column = fc
  .constantFrom(...KINDS)
  .chain(({ rules, cells }) =>
    fc.record({ rules: fc.constantFrom(...rules), nullable: fc.boolean(), cells: fc.constant(cells) }),
  );

const dialect = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  {
    weight: 6,
    arbitrary: fc.constantFrom<object>(
      ...[{ "null-values": ["", "NA"] }, { "null-values": ["-999", "US", "2024-02-29"] }, { "null-values": [] }],
      ...[{ delimiter: ";" }, { delimiter: "\t" }, { delimiter: "-" }, { header: false }, { "quoted-null": true }],
      ...[{ preset: "pandas" }, { preset: "r" }, { preset: "excel-de" }, { preset: "spark" }, { quote: "none" }],
      ...[
        { comment: "#" },
        { "skip-lines": 1 },
        { trim: true },
        { "non-finite": "allow" },
        { encoding: "windows-1252" },
      ],
      ...[{ multiline: true }, { thousands: "," }],
    ),
  },
);

/** Quoted where it must be, sometimes where it need not be, and rarely wrong. */
const quote = (cell: string, delimiter: string, chance: number): string => {
  const mustBe = cell.includes(delimiter) || /["\r\n]/.test(cell);
  return chance === 0 || (mustBe && chance > 1) ? `"${cell.replaceAll('"', '""')}"` : cell;
};

const NOISE = ['"', "\r", "\n", "\r\n", ",", "\0", "\xff", "\xc3", "\xe2\x82", '""', "\n\n", "#", "\\", " "];

const sample: fc.Arbitrary<Sample> = fc
  .record({
    columns: fc.array(column, { minLength: 1, maxLength: 5 }),
    csv: dialect,
    rows: fc.noBias(fc.nat({ max: 12 })),
    lineEnd: fc.constantFrom("\n", "\n", "\n", "\r\n"),
    endsWithLineEnd: fc.boolean(),
    mark: fc.constantFrom("", "", "", "", "", "\xef\xbb\xbf", "\xff\xfe"),
    noise: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...NOISE)), {
          maxLength: 3,
        }),
      },
    ),
    // With a long name, as the first 512 bytes of a file are always read by the reference.
    unexpected: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    chunkSizes: fc.oneof(
      fc.constant([1_000_000]),
      fc.array(fc.constantFrom(1, 2, 3, 7, 31, 33, 64, 100, 500), { minLength: 1, maxLength: 6 }),
    ),
  })
  .chain((shape) => {
    const { columns, csv, rows } = shape;
    // Without a bias to small numbers, so that every cell of a list is as likely.
    const pick = fc.noBias(fc.tuple(fc.nat({ max: 999 }), fc.nat({ max: 40 })));
    return fc.array(pick, { minLength: rows * columns.length, maxLength: rows * columns.length }).map((picks) => {
      const delimiter =
        "delimiter" in csv ? String(csv.delimiter) : "preset" in csv && csv.preset === "excel-de" ? ";" : ",";
      const names = columns.map((_, at) => `c${at}`);
      const lines = Array.from({ length: rows }, (_, row) =>
        columns
          .map(({ cells }, at) => {
            const [nth = 0, chance = 0] = picks[row * columns.length + at] ?? [];
            return quote(cells[nth % cells.length] ?? "", delimiter, chance);
          })
          .join(delimiter),
      );
      const header =
        "header" in csv ? [] : [[...names, ...(shape.unexpected ? ["more".padEnd(600)] : [])].join(delimiter)];
      const withMore = shape.unexpected ? lines.map((line, row) => `${line}${delimiter}${row}`) : lines;
      const text = [...header, ...withMore].join(shape.lineEnd) + (shape.endsWithLineEnd ? shape.lineEnd : "");
      return {
        contract: compileContract(
          contract.parse({
            version: 1,
            csv,
            "unexpected-columns": "allow",
            columns: columns.map(({ rules, nullable }, at) => ({ name: `c${at}`, nullable, ...rules })),
          }),
        ),
        file: makeNoise(Buffer.concat([Buffer.from(shape.mark, "latin1"), Buffer.from(text)]), shape.noise),
        chunkSizes: shape.chunkSizes,
      };
    });
  });

function makeNoise(file: Buffer, noise: readonly (readonly [number, string])[]): Buffer {
  return noise.reduce((bytes, [place, text]) => {
    const at = Math.floor(place * bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(text, "latin1"), bytes.subarray(at)]);
  }, file);
}

function checkInChunks(check: CsvCheck | CsvScan, file: Uint8Array, chunkSizes: readonly number[]): CheckedFile {
  for (let at = 0, nth = 0; at < file.length; nth += 1) {
    const size = chunkSizes[nth % chunkSizes.length] ?? file.length;
    check.push(file.subarray(at, at + size));
    at += size;
  }
  return check.end();
}

export const scannerAgreesWithReference = fc.property(sample, ({ contract, file, chunkSizes }) => {
  const expected = checkInChunks(new CsvCheck(contract), file, [file.length]);
  const scanned = checkInChunks(new CsvScan(contract), file, chunkSizes);
  if (JSON.stringify(scanned) !== JSON.stringify(expected)) {
    throw new Error(
      `${JSON.stringify(Buffer.from(file).toString("latin1"))}\nscanner ${JSON.stringify(scanned)}\nreference ${JSON.stringify(expected)}\n${JSON.stringify(contract.columns)}`,
    );
  }
});
