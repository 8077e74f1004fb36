import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { CsvErrorCode, CsvOptions } from "./csv-format.ts";
import { CsvReader } from "./csv-reader.ts";

interface ReadResult {
  readonly records: readonly {
    readonly line: number;
    readonly cells: readonly string[];
    readonly lines: readonly number[];
  }[];
  readonly errors: readonly (readonly [CsvErrorCode, number])[];
}

function readChunks(chunks: readonly string[], options: Partial<CsvOptions> = {}): ReadResult {
  const records: ReadResult["records"][number][] = [];
  const errors: (readonly [CsvErrorCode, number])[] = [];
  const reader = new CsvReader(
    { delimiter: ",", ...options },
    {
      onRecord: ({ width, cells, lines, line }) =>
        records.push({ line, cells: cells.slice(0, width), lines: lines.slice(0, width) }),
      onError: (code, line) => errors.push([code, line]),
    },
  );
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return { records, errors };
}

function cut(text: string, at: readonly number[]): readonly string[] {
  const bounds = [0, ...at.map((share) => Math.floor(share * text.length)).sort((a, b) => a - b), text.length];
  return bounds.slice(1).map((bound, index) => text.slice(bounds[index], bound));
}

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

test("written CSV is read back with the line of every cell, in chunks of any size", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", "\r\n", " ", "é"), maxLength: 5 });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(rows, fc.constantFrom("\n", "\r\n"), fc.boolean(), cuts, (rows, end, ended, at) => {
      const write = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
      const text = rows.map((row) => row.map(write).join(",")).join(end) + (ended ? end : "");
      const { records, errors } = readChunks(cut(text, at));
      expect(errors).toEqual([]);
      expect(records.map(({ cells }) => cells)).toEqual(rows);
      // The line of a cell: one more than the line feeds before it.
      let before = 1;
      for (const [index, row] of rows.entries()) {
        expect(records[index]?.line).toBe(before);
        for (const [column, cell] of row.entries()) {
          expect(records[index]?.lines[column]).toBe(before);
          before += cell.split("\n").length - 1;
        }
        before += 1;
      }
    }),
    { numRuns: 1500, seed: 3 },
  );
});

test("written by any dialect it is read back, in chunks of any size", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", ";", "'", "\\", "\n", "#", " ", "\t", "é"), maxLength: 5 });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(rows, fc.constantFrom("double", "backslash"), fc.boolean(), cuts, (rows, style, trim, at) => {
      const escaped = (text: string): string =>
        style === "double" ? text.replaceAll("'", "''") : text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
      const quote = (text: string): string => (/[;'\\\n#\s]/.test(text) ? `'${escaped(text)}'` : text);
      const pad = trim ? " \t" : "";
      const lines = rows.map((row) => row.map((text) => `${pad}${quote(text)}${pad}`).join(";"));
      const text = `skipped 'line\n${lines.join("\n# it's a comment;\n")}\n#`;
      const options = { delimiter: ";", quote: "'", escape: style, comment: "#", skipLines: 1, trim } as const;
      const { records, errors } = readChunks(cut(text, at), options);
      expect(errors).toEqual([]);
      expect(records.map(({ cells }) => cells)).toEqual(rows);
      expect(records[0]?.line).toBe(2);
    }),
    { numRuns: 1500, seed: 7 },
  );
});

test("without quoting, quotes are characters like others", () => {
  const { records, errors } = readChunks(['a\t"b\n""\tc"'], { delimiter: "\t", quote: null });
  expect([records.map(({ cells }) => cells), errors]).toEqual([
    [
      ["a", '"b'],
      ['""', 'c"'],
    ],
    [],
  ]);
});

test("any text is read the same in chunks of any size", () => {
  const text = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " "), maxLength: 30 });
  fc.assert(
    fc.property(text, cuts, fc.integer({ min: 1, max: 12 }), (text, at, maxRecordLength) => {
      expect(readChunks(cut(text, at))).toEqual(readChunks([text]));
      expect(readChunks(cut(text, at), { padded: true })).toEqual(readChunks([text], { padded: true }));
      const other = { quote: " ", escape: "backslash", comment: "a", skipLines: 1, trim: true } as const;
      expect(readChunks(cut(text, at), other)).toEqual(readChunks([text], other));
      expect(readChunks(cut(text, at), { maxRecordLength })).toEqual(readChunks([...text], { maxRecordLength }));
    }),
    { numRuns: 4000, seed: 5 },
  );
});

test("a record over the limit stops the reader and is reported at its line", () => {
  const long = "x".repeat(30);
  for (const chunks of [[`a,b\n1,${long}\n3,4\n`], ["a,b\n1,", long, "\n3,4\n"], [..."a,b\n1,", ...long]]) {
    const { records, errors } = readChunks(chunks, { maxRecordLength: 20 });
    expect(records.map(({ cells }) => cells)).toEqual([["a", "b"]]);
    expect(errors).toEqual([["record-too-long", 2]]);
  }
});

test("quotes may be padded with spaces when the option is set", () => {
  const text = 'a , "b, c" ,d\n  "e"x,f\n';
  expect(readChunks([text], { padded: true })).toEqual({
    records: [
      { line: 1, cells: ["a ", "b, c", "d"], lines: [1, 1, 1] },
      { line: 2, cells: ["ex", "f"], lines: [2, 2] },
    ],
    errors: [["text-after-quote", 2]],
  });
  expect(readChunks([text]).errors).toEqual([
    ["stray-quote", 1],
    ["stray-quote", 2],
  ]);
});
