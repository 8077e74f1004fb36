import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLineDecoder } from "./line-decoder.ts";

function linesOf(...pieces: readonly (string | Uint8Array)[]): readonly string[] {
  const lines = createLineDecoder();
  const bytes = pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece));
  return [...bytes.flatMap((piece) => lines.push(piece)), ...lines.end()];
}

describe("what a program prints becomes lines", () => {
  test.each([
    ["whole lines", ["a\nb\n"], ["a", "b"]],
    ["a line in pieces", ["a", "b\nc", "d\n"], ["ab", "cd"]],
    ["a last line without an end", ["a\nb"], ["a", "b"]],
    ["empty lines", ["\n\n"], ["", ""]],
    ["Windows line ends", ["a\r\nb\r\n"], ["a", "b"]],
    ["a progress bar, as it was last", ["\r10 %\r50 %\r100 %\n"], ["100 %"]],
    ["nothing", [], []],
    ["bytes that are no UTF-8", [new Uint8Array([0x61, 0xff, 0x0a])], ["a\uFFFD"]],
    ["a character in two pieces", [Buffer.from("é\n").subarray(0, 1), Buffer.from("é\n").subarray(1)], ["é"]],
  ])("%s", (_, pieces, lines) => {
    expect(linesOf(...pieces)).toEqual(lines);
  });

  test("a line of 100,000 characters is cut, and says so", () => {
    const [line, next] = linesOf("x".repeat(60_000), `${"x".repeat(40_000)}\nnext\n`);
    expect(line).toBe(`${"x".repeat(4_000)}… (96000 more characters)`);
    expect(next).toBe("next");
  });

  test("a progress bar that never ends its line shows its newest state", () => {
    const bar = Array.from({ length: 5_000 }, (_, step) => `\rstep ${step}`);
    expect(linesOf(...bar)).toEqual(["step 4999"]);
  });

  test("wherever the pieces end, the lines are the same", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "😀", "\n", " "), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(200)), (said, cuts) => {
        const bytes = Buffer.from(said);
        const ends = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(linesOf(...pieces)).toEqual(said === "" ? [] : said.replace(/\n$/, "").split("\n"));
      }),
    );
  });
});
