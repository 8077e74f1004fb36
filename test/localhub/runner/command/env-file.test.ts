import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEnvFile } from "./env-file.ts";

const read = (text: string) => [...readEnvFile(text)];

describe('the syntax of the command files (GitHub docs, "Workflow commands"; actions/runner, `FileCommandManager`)', () => {
  test.each([
    ["a=1", [["a", "1"]]],
    [
      "a=1\nb=2\n",
      [
        ["a", "1"],
        ["b", "2"],
      ],
    ],
    ["\n\na=1\n\n", [["a", "1"]]],
    ["a=", [["a", ""]]],
    ["a=b=c<<d", [["a", "b=c<<d"]]],
    ["=x", [["", "x"]]],
    ["a=1\r\n", [["a", "1\r"]]],
    [
      "a<<EOF\none\ntwo\nEOF\nb=2",
      [
        ["a", "one\ntwo"],
        ["b", "2"],
      ],
    ],
    ["a<<EOF\nEOF", [["a", ""]]],
    ["a<<EOF\n\nEOF\n", [["a", ""]]],
    ["a<<EOF\n\n\nEOF\n", [["a", "\n"]]],
    ["a<<E=F\nx\nE=F", [["a", "x"]]],
    ["a b << EOF\nx\n EOF", [["a b ", "x"]]],
  ])("%j", (text, pairs) => {
    expect(read(text)).toEqual(pairs);
  });

  test.each([
    ["no separator", "Invalid format 'no separator'"],
    ["<<EOF\nx\nEOF", "Invalid format '<<EOF'. Name must not be empty and delimiter must not be empty"],
    ["a<<\nx\n", "Invalid format 'a<<'. Name must not be empty and delimiter must not be empty"],
    ["a<<EOF\nx\n", "Invalid value. Matching delimiter not found 'EOF'"],
    ["a<<EOF\nx", "Invalid value. EOF marker missing new line."],
    ["a<<EOF", "Invalid value. Matching delimiter not found 'EOF'"],
    ["a<<EOF\r\nx\r\nEOF\n", "Invalid value. Matching delimiter not found 'EOF\r'"],
  ])("%j is rejected", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test("pairs before an error have been read", () => {
    const pairs = readEnvFile("a=1\nbroken");
    expect(pairs.next().value).toEqual(["a", "1"]);
    expect(() => pairs.next()).toThrow("Invalid format 'broken'");
  });

  test("any value is unchanged in a block whose delimiter it does not contain", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "\r", "=", "<", "E") }), (value) => {
        expect(read(`name<<DELIMITER\n${value}\nDELIMITER\n`)).toEqual([["name", value]]);
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });
});
