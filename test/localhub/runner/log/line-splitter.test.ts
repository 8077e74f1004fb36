import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineSplitter } from "./line-splitter.ts";

function split(chunks: readonly Uint8Array[]): readonly string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.write(Buffer.from(chunk));
  splitter.end();
  return lines;
}

test.each([
  ["", []],
  ["a", ["a"]],
  ["a\nb", ["a", "b"]],
  ["a\r\nb\r\n", ["a", "b"]],
  ["10%\r20%\r\n", ["10%", "20%"]],
  ["\n\n", ["", ""]],
  ["a\n\r\nb", ["a", "", "b"]],
])("%j", (text, lines) => {
  expect(split([Buffer.from(text)])).toEqual(lines);
});

test("a CRLF or a letter that is split between two chunks stays whole", () => {
  expect(split([Buffer.from("a\r"), Buffer.from("\nb")])).toEqual(["a", "b"]);
  const bytes = Buffer.from("ü€😀");
  expect(split([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(["ü€😀"]);
});

test("bytes that are not UTF-8 become the replacement character", () => {
  expect(split([Uint8Array.of(0x61, 0xff, 0x62)])).toEqual(["a\ufffdb"]);
  expect(split([Uint8Array.of(0x61, 0xe2, 0x82)])).toEqual(["a\ufffd"]);
});

test("a line of ten megabytes is one line", () => {
  const chunk = Buffer.alloc(65_536, "x");
  const lines = split(Array.from({ length: 160 }, () => chunk));
  expect(lines.map((line) => line.length)).toEqual([160 * 65_536]);
});

test("how the stream is split does not matter", () => {
  const text = fc
    .array(fc.constantFrom("a", "é", "\r", "\n", "\r\n"), { maxLength: 20 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.array(fc.nat(30)), (whole, cuts) => {
      const bytes = Buffer.from(whole);
      const offsets = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      const chunks = offsets.slice(1).map((end, index) => bytes.subarray(offsets[index], end));
      expect(split(chunks)).toEqual(split([bytes]));
    }),
    { seed: 7, numRuns: 1_000 },
  );
});
