import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CurvePlot } from "./plot.ts";
import { readPlot } from "./read-plot.ts";

const curves = (text: string, file = "plots/log.csv"): readonly CurvePlot[] =>
  readPlot(text, file).flatMap((plot) => (plot.kind === "curves" ? [plot] : []));
const lines = (text: string, file?: string) =>
  curves(text, file).map(({ title, xName, xs, series }) => [
    title,
    xName,
    xs,
    ...series.map(({ name, ys }) => [name, ys]),
  ]);

describe("curves", () => {
  test.each([
    [
      "DVCLive's",
      "step\tloss\n0\t0.9\n1\t0.5\n",
      "plots/metrics/loss.tsv",
      [["loss", "step", [0, 1], ["loss", [0.9, 0.5]]]],
    ],
    [
      "Keras', a chart for each metric",
      "epoch,accuracy,loss,val_accuracy,val_loss\n0,0.5,2,0.4,2.1\n1,0.7,1,0.6,1.4\n",
      "log.csv",
      [
        ["accuracy", "epoch", [0, 1], ["accuracy", [0.5, 0.7]], ["val_accuracy", [0.4, 0.6]]],
        ["loss", "epoch", [0, 1], ["loss", [2, 1]], ["val_loss", [2.1, 1.4]]],
      ],
    ],
    [
      "Lightning's, measured at different steps",
      "epoch,step,train_loss,val_loss\n0,49,2.5,\n0,99,2,\n0,99,,2.2\n1,149,1.5,\n",
      "metrics.csv",
      [
        ["train_loss", "step", [49, 99, 149], ["train_loss", [2.5, 2, 1.5]]],
        ["val_loss", "step", [99], ["val_loss", [2.2]]],
      ],
    ],
    ["rows in any order", "loss;step\n1;2\n3;1\n", "a.csv", [["loss", "step", [1, 2], ["loss", [3, 1]]]]],
    [
      "without a step, over the first column",
      "fpr,tpr\n0,0\n0.5,0.9\n",
      "roc.csv",
      [["tpr", "fpr", [0, 0.5], ["tpr", [0, 0.9]]]],
    ],
    [
      "rows in JSON",
      '{"roc": [{"fpr": 0, "tpr": 0.1}, {"fpr": 1, "tpr": 1}]}',
      "roc.json",
      [["tpr", "fpr", [0, 1], ["tpr", [0.1, 1]]]],
    ],
  ])("%s", (_, text, file, expected) => {
    expect(lines(text, file)).toEqual(expected);
  });

  test("what is not finite is left out and counted, what is not written is not", () => {
    const [plot] = curves("step,loss,host\n0,1,a\n1,nan,a\n2,-Inf,b\n3,,b\nnan,4,b\n5,2,b\n");
    expect(plot).toMatchObject({ xs: [0, 5], series: [{ name: "loss", ys: [1, 2] }], skipped: 3, leftOut: ["host"] });
  });

  test("every value is in exactly one place, whatever the columns", () => {
    const cell = fc.oneof(
      fc.constantFrom("", "nan", "inf"),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    );
    const rows = fc.array(fc.array(cell, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rows, (cells) => {
        const table = [["step", "a", "val_a", "b", "c", "d", "e"], ...cells.map((row, at) => [String(at), ...row])];
        const finite = cells.flat().filter((text) => text !== "" && Number.isFinite(Number(text)));
        fc.pre(finite.length > 0);
        const plots = curves(table.map((row) => row.join(",")).join("\n"));
        expect(plots.flatMap(({ series }) => series.flatMap(({ ys }) => ys)).sort()).toEqual(finite.map(Number).sort());
        for (const { xs, series } of plots) for (const { ys } of series) expect(ys).toHaveLength(xs.length);
      }),
      { numRuns: 300, seed: 31 },
    );
  });
});

describe("a confusion matrix", () => {
  test.each([
    [
      "pairs",
      "actual,predicted\n10,10\n9,10\n10,10\n",
      "a.csv",
      ["9", "10"],
      [
        [0, 1],
        [0, 2],
      ],
    ],
    [
      "pairs in JSON",
      '[{"actual": "b", "predicted": "a"}, {"actual": "a", "predicted": "a"}]',
      "a.json",
      ["a", "b"],
      [
        [1, 0],
        [1, 0],
      ],
    ],
    [
      "a table of counts",
      "x,cat,dog\ncat,5,1\ndog,2,7\n",
      "a.csv",
      ["cat", "dog"],
      [
        [5, 1],
        [2, 7],
      ],
    ],
    [
      "a matrix with labels",
      '{"labels": ["n", "y"], "matrix": [[8, 2], [1, 9]]}',
      "a.json",
      ["n", "y"],
      [
        [8, 2],
        [1, 9],
      ],
    ],
    [
      "a matrix alone",
      "[[8, 2], [1, 9]]",
      "a.json",
      ["0", "1"],
      [
        [8, 2],
        [1, 9],
      ],
    ],
  ])("of %s", (_, text, file, labels, counts) => {
    expect(readPlot(text, file)).toEqual([{ kind: "confusion", title: "a", file, labels, counts }]);
  });
});

test.each([
  ["nothing", "", "a.csv", "has no rows"],
  ["a header", "step,loss\n", "a.csv", "has no rows"],
  ["text", "step,host\n0,a\n", "a.csv", 'no column has numbers over "step"'],
  ["a row of another width", "step,loss\n0,1\n2\n", "a.csv", /^a\.csv:3: .*has 1\./],
  ["a quote that is not closed", 'step,loss\n"0,1\n', "a.csv", /^a\.csv:2: .*unclosed quote/],
  ["JSON of something else", '{"a": 1}', "a.json", "neither a matrix"],
  ["a matrix that is not square", "[[1, 2]]", "a.json", "not square"],
  ["counts below zero", "[[1, -2], [1, 1]]", "a.json", "not a count"],
  ["labels of another number", '{"labels": ["a"], "matrix": [[1, 2], [3, 4]]}', "a.json", "one label for each row"],
  [
    "more classes than anybody reads",
    `actual,predicted\n${Array.from({ length: 101 }, (_, at) => `${at},0`).join("\n")}`,
    "a.csv",
    "101 classes",
  ],
])("%s is refused", (_, text, file, message) => {
  expect(() => readPlot(text, file)).toThrow(message);
  expect(() => readPlot(text, file)).toThrow("[plot-unreadable]");
});
