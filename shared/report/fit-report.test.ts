import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { md } from "./markdown.ts";
import { RANK, type ReportTree } from "./report-tree.ts";
import { createRuling, createVerdict, hostileText, renderAsGitHub, renderComment } from "./testing.ts";
import { renderVerdict } from "./verdict.ts";

const MARKER = "<!-- marker -->";
const bytes = (text: string): number => Buffer.byteLength(text);

/** Complete rows, closed sections and fences, and the marker last. */
function expectWellFormed(markdown: string): void {
  const lines = markdown.trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(/^<!-- .* -->$/);
  const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
  expect(count(/^<details/)).toBe(count(/^<\/details>$/));
  expect(count(/^```/) % 2).toBe(0);
  for (const line of lines) if (line.startsWith("|")) expect(line.endsWith(" |")).toBe(true);
  expect(markdown.isWellFormed()).toBe(true);
}

const metrics = (number: number, name = "metric") =>
  Array.from({ length: number }, (_, at) => ({
    name: `${name}_${at}`,
    slice: at % 3 === 0 ? "poor-health" : null,
    candidate: at % 10 === 0 ? at + 0.5 : at,
    baseline: at,
  }));

describe("a comment of a verdict with", () => {
  test.each([0, 1, 10, 500, 5_000, 20_000])("%i metrics fits, and keeps what fails", (number) => {
    const broken = createRuling({ metric: "mae", slice: "poor-health", outcome: "fail", reason: "it is worse" });
    const comment = renderComment(
      { verdict: createVerdict({ outcome: "fail", rulings: [broken], metrics: metrics(number) }) },
      {},
    );
    expect(comment.length).toBeLessThanOrEqual(65_536);
    expectWellFormed(comment);
    expect(comment.split("\n")[0]).toContain("Not ready to merge");
    expect(comment).toContain("| ❌ | `mae` in `poor-health` |");
    if (number >= 5_000) {
      expect(comment.length).toBeGreaterThan(57_000);
      expect(comment).toMatch(/[\d,]+ more metrics are not shown here; see the job summary\./);
      expect(comment).toContain("`metric_10`");
    }
  });

  test("more broken rules than fit shows as many as it can and counts the rest", () => {
    const rulings = Array.from({ length: 3_000 }, (_, at) =>
      createRuling({ metric: `m${at}`, outcome: at < 2_000 ? "fail" : "pass", reason: "it is worse" }),
    );
    const comment = renderComment({ verdict: createVerdict({ outcome: "fail", rulings, metrics: metrics(100) }) }, {});
    expectWellFormed(comment);
    expect(comment).toContain("2,000 of 3,000 rules are broken");
    expect(comment).not.toContain("| ✅ |");
    expect(comment).toMatch(/\d metrics are not shown here/);
  });

  test("names with several bytes for each character stays within the limit of bytes too", () => {
    const comment = renderComment({ verdict: createVerdict({ metrics: metrics(3_000, "表".repeat(100)) }) }, {});
    expect(comment.length).toBeLessThanOrEqual(65_536);
    expect(bytes(comment)).toBeLessThanOrEqual(262_144);
    expectWellFormed(comment);
  });
});

test("a summary fits by its bytes", () => {
  const summary = renderVerdict({ verdict: createVerdict({ metrics: metrics(8_000, "表".repeat(60)) }) });
  expect(bytes(summary)).toBeLessThanOrEqual(SUMMARY_LIMIT.bytes);
  expect(bytes(summary)).toBeGreaterThan(SUMMARY_LIMIT.bytes - 1_000);
});

test("any report is well-formed at any size, and a higher limit shows at least as much", () => {
  const text = hostileText.map((value) => md`${value}`);
  const rank = fc.constantFrom(...Object.values(RANK));
  const blocks = fc.array(
    fc.oneof(
      fc.record({ rank, text }).map((item) => ({ kind: "list" as const, itemNoun: "item", items: [item, item] })),
      fc.array(fc.record({ rank, cells: fc.tuple(text, text) }), { maxLength: 8 }).map((rows) => ({
        kind: "section" as const,
        title: md`rows`,
        open: false,
        blocks: [
          {
            kind: "table" as const,
            itemNoun: "row",
            columns: [
              { title: "a", align: "left" as const },
              { title: "b", align: "right" as const },
            ],
            rows,
          },
        ],
      })),
      rank.map((rank) => ({
        kind: "chart" as const,
        language: "text" as const,
        rank,
        text: "xychart-beta\n  bar [1, 2]",
      })),
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(blocks, fc.nat(3_000), (blocks, more) => {
      const report: ReportTree = {
        blocks: [{ kind: "lines", lines: [md`### top`] }, ...blocks],
        fullReport: undefined,
        lastLine: MARKER,
      };
      // Enough for the lines that are always shown: the sections and the notes about what is omitted.
      const units = 1_500 + more;
      const small = fitReport(report, { utf16Units: units, bytes: 1_000_000 });
      expect(small.length).toBeLessThanOrEqual(units);
      expectWellFormed(small);
      expect(small.startsWith("### top\n")).toBe(true);
      expect(fitReport(report, { bytes: 1_000_000 }).length).toBeGreaterThanOrEqual(small.length);
    }),
    { numRuns: 150, seed: 5 },
  );
});

test("a shortened report still renders with all its sections", () => {
  const comment = renderComment({ verdict: createVerdict({ metrics: metrics(5_000) }) }, {});
  const rendered = renderAsGitHub(comment);
  expect(rendered.match(/<details/g)).toHaveLength(3);
  expect(rendered.match(/<tr>/g)?.length).toBeGreaterThan(500);
  expect(rendered).not.toContain("| --- |");
});
