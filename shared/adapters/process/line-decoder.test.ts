import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLineDecoder } from "./line-decoder.ts";

function decodeLines(...chunks: readonly (string | Uint8Array)[]): readonly string[] {
  const lines = createLineDecoder();
  const bytes = chunks.map((chunk) => (typeof chunk === "string" ? Buffer.from(chunk) : chunk));
  return [...bytes.flatMap((chunk) => lines.push(chunk)), ...lines.end()];
}

describe("what a program prints becomes lines", () => {
  test.each([
    ["complete lines", ["a\nb\n"], ["a", "b"]],
    ["a line in chunks", ["a", "b\nc", "d\n"], ["ab", "cd"]],
    ["a last line without an end", ["a\nb"], ["a", "b"]],
    ["empty lines", ["\n\n"], ["", ""]],
    ["Windows line ends", ["a\r\nb\r\n"], ["a", "b"]],
    ["a progress bar, in its last state", ["\r10 %\r50 %\r100 %\n"], ["100 %"]],
    ["a progress bar that goes on in the next chunk", ["10 %\r", "50 %\r", "\r", "100 %\r\n"], ["100 %"]],
    ["a progress bar of Keras, which goes back", ["1/9\b\b\b\r9/9\n"], ["9/9"]],
    [
      "a bar below another one, once",
      ["\rall 0\n\rpart 1\u001B[A\n\rpart 9\u001B[A\rall 1\ndone\n"],
      ["all 0", "part 1", "all 1", "done"],
    ],
    ["a bar below another one, in its last state", ["\rall\n\ra\u001B[A\n\rb\u001B[A\n\rc\u001B[A\n"], ["all", "c"]],
    [
      "colours, titles and movements, left out",
      ["\u001B[1;31mE\u001B[0m \u001B]0;title\u0007a\u001B[2Kb\u001B(\n"],
      ["E ab\u001B("],
    ],
    ["nothing", [], []],
    ["bytes that are not UTF-8", [new Uint8Array([0x61, 0xff, 0x0a])], ["a\uFFFD"]],
    ["a character in two chunks", [Buffer.from("é\n").subarray(0, 1), Buffer.from("é\n").subarray(1)], ["é"]],
  ])("%s", (_, chunks, lines) => {
    expect(decodeLines(...chunks)).toEqual(lines);
  });

  test("a line of 100,000 characters is cut, with a note", () => {
    const [line, next] = decodeLines("x".repeat(60_000), `${"x".repeat(40_000)}\nnext\n`);
    expect(line).toBe(`${"x".repeat(4_000)}… (96000 more characters)`);
    expect(next).toBe("next");
  });

  test("the state of a line that has not ended can be seen", () => {
    const lines = createLineDecoder();
    const seen = ["done\n", "\u001B[32m10 %", "\r50 %\r", "\n"].map((text) => {
      lines.push(Buffer.from(text));
      return lines.state();
    });
    expect(seen).toEqual(["", "10 %", "50 %", ""]);
  });

  test("a chunk with thousands of states of a bar is read to the last one", () => {
    expect(decodeLines(`x\r${"\rstep 1".repeat(9_000)}\rstep 2`)).toEqual(["step 2"]);
  });

  test("a progress bar that never ends its line shows its newest state", () => {
    const bar = Array.from({ length: 5_000 }, (_, step) => `\rstep ${step}`);
    expect(decodeLines(...bar)).toEqual(["step 4999"]);
  });

  test("wherever the chunks end, the lines are the same", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "😀", "\n", " "), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(200)), (printed, cuts) => {
        const bytes = Buffer.from(printed);
        const ends = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(decodeLines(...chunks)).toEqual(printed === "" ? [] : printed.replace(/\n$/, "").split("\n"));
      }),
    );
  });
});
