import { describe, expect, test } from "vitest";
import { keepLog, lastLines, linesForMessage, logPathOf } from "./kept-log.ts";
import { createMask } from "./mask-command.ts";

const output = { bytes: 10, head: ["a"], omittedBytes: 0, tail: [] };
const unmasked = (text: string): string => text;

describe("the kept log", () => {
  test("has a gap with a name between its ends", () => {
    const kept = keepLog({ bytes: 2_000_000, head: ["a"], omittedBytes: 1_234_567, tail: ["b", "c"] }, unmasked);
    expect(kept.lines).toEqual(["a", "… 1,234,567 bytes of the output are left out here …", "b", "c"]);
  });

  test("has no secrets, also of several lines, and nothing that is hidden", () => {
    const mask = createMask({ API_KEY: "first-line-of-it\nsecond-line", HF_TOKEN: "hf_abcdefgh", NAME: "hf_abc" });
    const head = ["key first-line-of-it", "and second-line", "hf_abcdefghij", "hf_abc", "a\u202Eb\u0000c\td\u2028"];
    expect(keepLog({ ...output, head }, mask).lines).toEqual([
      ...["key ***", "and ***", "***ij", "hf_abc"],
      "a\uFFFDb\uFFFDc\td\uFFFD",
    ]);
  });

  test("is the last fifty lines for the record, each cut", () => {
    const head = Array.from({ length: 80 }, (_, at) => (at === 79 ? "x".repeat(3_000) : `line ${at}`));
    const lines = lastLines(keepLog({ ...output, head }, unmasked));
    expect([lines.length, lines[0], lines.at(-1)?.length]).toEqual([50, "line 30", 2_000]);
  });

  test("is as many of the newest lines as a message may have", () => {
    const lines = ["old", ...Array.from({ length: 50 }, () => "x".repeat(1_000)), "new"];
    expect(linesForMessage(lines)).toEqual(lines.slice(-12));
    expect(linesForMessage(["a", "b"])).toEqual(["a", "b"]);
  });

  test.each([
    ["training-record.json", "training-record.log"],
    ["out/record", "out/record.log"],
  ])("stands beside %s", (record, log) => {
    expect(logPathOf(record)).toBe(log);
  });
});
