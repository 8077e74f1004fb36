import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConfusionMatrix, CurvePlot, Plot } from "../../core/plots/plot.ts";
import type { Html } from "../html.ts";
import { md } from "../markdown.ts";
import type { Block } from "../report-tree.ts";
import { serializeReport } from "../serialize-report.ts";
import { hostileText, renderAsGitHub } from "../testing.ts";
import { plotsInComment, plotsInPage } from "./plot-blocks.ts";
import { thin } from "./thin.ts";

const write = (blocks: readonly Block[]): string => serializeReport({ blocks, fullReport: undefined }, () => true);
const curve = (ys: readonly number[], parts: Partial<CurvePlot> = {}): CurvePlot => ({
  ...{ kind: "curves", title: "loss", file: "loss.tsv", xName: "step", skipped: 0, leftOut: [] },
  xs: ys.map((_, at) => at),
  series: [{ name: "loss", ys }],
  ...parts,
});
const confusion = (labels: readonly string[], counts: readonly (readonly number[])[]): ConfusionMatrix => ({
  ...{ kind: "confusion", title: "animals", file: "pairs.csv" },
  labels,
  counts,
});

const drawings = (plots: readonly Plot[]): readonly string[] => {
  const drawn: Html[] = [];
  plotsInPage(plots, (drawing) => {
    drawn.push(drawing);
    return md``;
  });
  return drawn.map(({ html }) => html);
};

test("a curve has a legend, a chart and its numbers", () => {
  const text = write(plotsInComment([curve([1, 0.25, 0.5], { skipped: 2, leftOut: ["host"] })]));
  expect(text).toContain(
    "**loss** over step, from `loss.tsv`: 🟦 `loss`; 2 values that are not finite left out; not drawn, because not all is numbers: `host`",
  );
  expect(text).toContain('xychart-beta\n  x-axis ["0", "1", "2"]\n  line [1, 0.25, 0.5]\n```');
  expect(text).toContain("| `loss` | 1 at step 0 | 0.25 at step 1 | 1 at step 0 | 0.5 at step 2 |");
});

test("a matrix has bars from 0 to 100, and its counts", () => {
  const text = write(
    plotsInComment([
      confusion(
        ["cat", 'a"b'],
        [
          [3, 1],
          [0, 0],
        ],
      ),
    ]),
  );
  expect(text).toContain("**animals**, 2 classes, from `pairs.csv`: 3 of 4 right, 75 %");
  expect(text).toContain('x-axis ["cat", "class 2"]\n  y-axis 0 --> 100\n  bar [75, 0]');
  expect(text).toContain("| `cat` | **3** | 1 |");
});

test("of many classes, the most frequent confusions are shown", () => {
  const labels = Array.from({ length: 30 }, (_, at) => `c${at}`);
  const text = write(
    plotsInComment([
      confusion(
        labels,
        labels.map((_, of) => labels.map((_, as) => (of === 3 && as === 4 ? 9 : 1))),
      ),
    ]),
  );
  expect(text).not.toContain("xychart-beta");
  expect(text).toMatch(/\| --: \|\n\| `c3` \| `c4` \| 9 \|/);
  expect(text.match(/^\| `c/gm)).toHaveLength(10);
});

test("at most four are drawn in a comment, and the others named", () => {
  const plots = Array.from({ length: 7 }, (_, at) => curve([1, 2], { title: `loss${at}` }));
  const text = write(plotsInComment(plots));
  expect(text.match(/^xychart-beta$/gm)).toHaveLength(4);
  expect(text).toMatch(/Only in the report&?:[\s\S]*- \*\*loss4\*\*[\s\S]*- \*\*loss6\*\*/);
  expect(drawings(plots)).toHaveLength(7);
});

describe("fewer points", () => {
  test("keep the first, the last and the extremes, and are as many as may be", () => {
    const ys = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(ys, ys, fc.integer({ min: 6, max: 30 }), (one, two, max) => {
        const length = Math.min(one.length, two.length);
        const series = [one.slice(0, length), two.slice(0, length)];
        const kept = thin(series, max);
        expect(kept.length).toBeLessThanOrEqual(max);
        expect([kept[0], kept.at(-1)]).toEqual([0, length - 1]);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        for (const each of series) {
          const values = kept.map((at) => each[at] ?? Number.NaN);
          expect([Math.min(...values), Math.max(...values)]).toEqual([Math.min(...each), Math.max(...each)]);
        }
        if (length <= max) expect(kept).toHaveLength(length);
      }),
      { numRuns: 500, seed: 41 },
    );
  });
});

describe("whatever the numbers", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const any = fc.oneof(finite, fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(0, 5, -0));
  test("a chart is within Mermaid's grammar, and a drawing within its frame", () => {
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 40 }), (ys) => {
        const text = write(plotsInComment([curve(ys)]));
        for (const [, numbers = ""] of text.matchAll(/^ {2}(?:line|y-axis) \[?(.*?)\]?$/gm))
          for (const number of numbers.split(/, | --> /)) expect(number).toMatch(/^-?\d+(?:\.\d+)?$/);
        const [svg = ""] = drawings([curve(ys)]);
        expect(svg).not.toMatch(/NaN|Infinity|e[+-]\d+,/);
        for (const [, x, y] of svg.matchAll(/(-?[\d.]+),(-?[\d.]+)[ "]/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(400);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(230);
        }
      }),
      { numRuns: 400, seed: 42 },
    );
  });
});

test("names stay text, in the comment, in the chart and in the drawing", () => {
  fc.assert(
    fc.property(hostileText, hostileText, (name, other) => {
      const plots = [
        curve([1, 2], { title: name, xName: other, series: [{ name: other, ys: [1, 2] }], leftOut: [name] }),
        confusion(
          [name, other],
          [
            [1, 0],
            [0, 1],
          ],
        ),
      ];
      const html = renderAsGitHub(write(plotsInComment(plots)));
      expect(html).not.toMatch(/<(?:a|img|script|input|h\d)\b|<!--/);
      expect(html.match(/<pre class="mermaid">/g)).toHaveLength(2);
      expect(html.match(/<table>/g)).toHaveLength(2);
      for (const svg of drawings(plots)) {
        expect(svg.match(/<svg /g)).toHaveLength(1);
        expect(
          svg.replaceAll(/<\/?(?:svg|g|title|text|tspan|path|polyline|rect)(?: [a-zA-Z-]+="[^"<>]*")*\/?>/g, ""),
        ).not.toMatch(/[<>]/);
      }
    }),
    { numRuns: 300, seed: 43 },
  );
});
