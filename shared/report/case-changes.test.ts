import { describe, expect, test } from "vitest";
import { caseChanges } from "./case-changes.ts";
import { fitReport } from "./fit-report.ts";
import { md } from "./markdown.ts";

const flips = (broken: readonly string[], fixed: readonly string[], counts = {}) => [
  ...[{ metric: "accuracy", broken: [...broken], fixed: [...fixed] }].map((lists) => ({
    ...lists,
    ...{ brokenCount: broken.length, fixedCount: fixed.length, ...counts },
  })),
];
const show = (verdict: Parameters<typeof caseChanges>[0]): string => {
  const block = caseChanges(verdict);
  return block === undefined ? "" : fitReport({ blocks: [block], fullReport: md`the record` }, { bytes: 60_000 });
};
const row = (text: string, start: string): string => text.split("\n").find((line) => line.startsWith(start)) ?? "";

test("examples are named by id, and the matrix shows what moved", () => {
  const text = show({
    flips: flips(["c1", "c7"], ["c9"]),
    confusion: {
      labels: ["cat", "dog"],
      baseline: [
        [490, 10],
        [1000, 1500],
      ],
      candidate: [
        [488, 12],
        [1000, 1501],
      ],
    },
  });
  expect(text).toContain("Examples: 2 newly wrong, 1 newly right");
  expect(text).toContain("- 🔻 **2** were right before: `c1`, `c7`");
  expect(text).toContain("- ✅ **1** was wrong before: `c9`");
  expect(row(text, "| `cat`")).toBe("| `cat` | **488** (−2) | 12 (+2) |");
  expect(row(text, "| `dog`")).toBe("| `dog` | 1,000 | **1,501** (+1) |");
});

test("of many examples twenty are named", () => {
  const ids = Array.from({ length: 1000 }, (_, at) => `c${at}`);
  const text = show({ flips: flips(ids, [], { brokenCount: 1500 }) });
  expect(text).toContain("**1,500** were right before: `c0`, ");
  expect(text).toContain("`c19`, and 1,480 more");
  expect(text).not.toMatch(/`c20`|wrong before/);
});

test("of many classes the confusions that changed most", () => {
  const labels = Array.from({ length: 9 }, (_, at) => `k${at}`);
  const zeros = () => labels.map(() => labels.map(() => 0));
  const [baseline, candidate] = [zeros(), zeros()];
  (candidate[2] as number[])[3] = 5;
  (baseline[1] as number[])[0] = 7;
  (candidate[4] as number[])[4] = 99;
  const text = show({ flips: flips(["a"], []), confusion: { labels, baseline, candidate } });
  expect(text.split("\n").filter((line) => line.startsWith("| `"))).toEqual([
    "| `k1` | `k0` | 7 | 0 |",
    "| `k2` | `k3` | 0 | 5 |",
  ]);
});

describe("hostile ids and labels", () => {
  test.each(["@octo", "<img src=x>", "a`b", "a | b\nc", "[x](https://evil.example)", "\u202Egpj"])(
    "%j stay text",
    (id) => {
      const labels = [id, "b"];
      const matrix = [
        [1, 2],
        [3, 4],
      ];
      const text = show({ flips: flips([id], []), confusion: { labels, baseline: matrix, candidate: matrix } });
      // Outside code spans, in which nothing has a meaning.
      expect(text.replaceAll(/`+[^`]*`+/g, "")).not.toMatch(/<img|\]\(|\u202E|(?<![`\w])@octo/);
      // The header, the line below it, and one row for each class.
      expect(text.split("\n").filter((line) => line.startsWith("|"))).toHaveLength(4);
    },
  );
});

test("nothing is said where no answer is another", () => {
  expect(show({})).toBe("");
  expect(show({ flips: flips([], []) })).toBe("");
});
