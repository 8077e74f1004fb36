import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import type { Metric } from "../../records/fields.ts";
import { collectMetrics, readMetrics } from "./read-metrics.ts";

/** `name[slice]` to value: short enough for a table. */
const read = (text: string, path: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    readMetrics(text, path, "a-test").metrics.map(({ name, slice, value }) => [
      slice === null ? name : `${name}[${slice}]`,
      value,
    ]),
  );

function failureOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const [problem] = error.problems;
    const { file, line, column } = problem?.place ?? { file: "nowhere" };
    return [problem?.code, file, line, column].filter((part) => part !== undefined).join(" ");
  }
  return "accepted";
}

const REPORT = `{"cat": {"precision": 0.5, "recall": 1, "f1-score": 0.67, "support": 1},
 "accuracy": 0.6,
 "macro avg": {"precision": 0.5, "recall": 0.5, "f1-score": 0.4, "support": 5},
 "weighted avg": {"precision": 0.7, "recall": 0.6, "f1-score": 0.6, "support": 5}}`;

describe("metrics are read", () => {
  test.each<[string, string, string, Readonly<Record<string, number>>]>([
    ["from flat JSON", "m.json", '{"mae": 0.71, "loss": -1e-6}', { mae: 0.71, loss: -1e-6 }],
    ["with a byte order mark", "m.json", '\uFEFF{"mae": 1}', { mae: 1 }],
    ["nested, joined with dots", "m.json", '{"eval": {"top": {"k": 0.9}}}', { "eval.top.k": 0.9 }],
    [
      "with slices",
      "m.json",
      '{"mae": 1, "slices": {"poor-health": {"mae": 2, "q": {"p50": 3}}}}',
      { mae: 1, "mae[poor-health]": 2, "q.p50[poor-health]": 3 },
    ],
    ["without the other keys that tools write", "m.json", '{"step": 9, "_runtime": 12.5, "auc": 0.9}', { auc: 0.9 }],
    [
      "from a scikit-learn report",
      "report.json",
      REPORT,
      {
        "precision[cat]": 0.5,
        "recall[cat]": 1,
        "f1-score[cat]": 0.67,
        "support[cat]": 1,
        accuracy: 0.6,
        "macro avg.precision": 0.5,
        "macro avg.recall": 0.5,
        "macro avg.f1-score": 0.4,
        "macro avg.support": 5,
        "weighted avg.precision": 0.7,
        "weighted avg.recall": 0.6,
        "weighted avg.f1-score": 0.6,
        "weighted avg.support": 5,
      },
    ],
    [
      "from a long CSV",
      "m.csv",
      "metric,value,slice,n\nmae,0.7,,100\nmae,1.5,poor-health,12\n",
      { mae: 0.7, "mae[poor-health]": 1.5 },
    ],
    [
      "from a wide CSV with padded cells",
      "results.csv",
      "   epoch,   mAP50(B)\n 9, .91\n",
      { epoch: 9, "mAP50(B)": 0.91 },
    ],
    ["from a wide CSV by slice", "m.csv", "slice,mae\r\n,0.7\r\npoor,1.5", { mae: 0.7, "mae[poor]": 1.5 }],
    ["from tabs", "m.tsv", "name\tvalue\nloss\t+1.5e-3\n", { loss: 0.0015 }],
    [
      "from quoted cells over lines",
      "m.csv",
      'metric,value,note\n"a ""b"", c",1,"x\ny"\nd,2,\n',
      { 'a "b", c': 1, d: 2 },
    ],
    ["by content when the name says nothing", "metrics", '\n {"mae": 1}', { mae: 1 }],
    ["by content, as a table", "metrics", "metric,value\nmae,1", { mae: 1 }],
    [
      "with names that every object has",
      "m.json",
      '{"constructor": 1, "toString": 2}',
      { constructor: 1, toString: 2 },
    ],
  ])("%s", (_, path, text, expected) => {
    expect(read(text, path)).toEqual(expected);
  });
});

describe("a file is refused", () => {
  test.each([
    ["NaN as Python writes it", "m.json", '{"auc": 1,\n "mae": NaN}', "metrics-not-finite m.json 2 9"],
    ["infinity", "m.json", '{"mae": -Infinity}', "metrics-not-finite m.json 1 9"],
    ["a number that is too large", "m.json", '{"mae": 1e400}', "metrics-not-finite m.json 1 9"],
    ["NaN as text", "m.json", '{"eval": {\n"mae": "NaN"}}', "metrics-not-a-number m.json 2 8"],
    ["NaN as JavaScript writes it", "m.json", '{"mae": null}', "metrics-not-a-number m.json 1 9"],
    ["a boolean", "m.json", '{"good": true}', "metrics-not-a-number m.json 1 10"],
    ["a series", "m.json", '{"loss": [3, 2, 1]}', "metrics-not-a-number m.json 1 10"],
    ["a slice that is a number", "m.json", '{"slices": {"poor": 1}}', "metrics-not-a-number m.json 1 21"],
    ["a list of slices", "m.json", '{"slices": []}', "metrics-not-a-number m.json 1 12"],
    ["a key twice", "m.json", '{"mae": 2, "mae": 1}', "metrics-duplicate-key m.json 1 12"],
    ["one name written in two ways", "m.json", '{"a.b": 2,\n"a": {"b": 1}}', "metrics-duplicate m.json 2 12"],
    ["an empty file", "m.json", "", "metrics-not-json m.json 1 1"],
    ["a truncated file", "m.json", '{"mae": 0.', "metrics-not-json m.json 1 10"],
    ["a list", "m.json", "[1]", "metrics-not-an-object m.json 1 1"],
    ["nothing measured", "m.json", '{"step": 3}', "metrics-empty m.json"],
    ["an empty table", "m.csv", "", "metrics-empty m.csv"],
    ["a header alone", "m.csv", "metric,value\n", "metrics-empty m.csv"],
    ["a decimal comma", "m.csv", "metric;value\nmae;0,71", "metrics-not-a-number m.csv 2"],
    ["an empty cell", "m.csv", "mae,auc\n1,", "metrics-not-a-number m.csv 2"],
    ["a hexadecimal", "m.csv", "mae\n0x1F", "metrics-not-a-number m.csv 2"],
    ["nan in a table", "m.csv", "metric,value\nmae,nan", "metrics-not-a-number m.csv 2"],
    ["1e400 in a table", "m.csv", "metric,value\nmae,1e400", "metrics-not-a-number m.csv 2"],
    ["a metric twice in a table", "m.csv", "metric,value,seed\nmae,1,1\nmae,2,2", "metrics-duplicate m.csv 3"],
    ["a column twice", "m.csv", "mae,MAE\n1,2", "metrics-not-csv m.csv 1"],
    ["a ragged row", "m.csv", "metric,value\nmae,1,2", "metrics-not-csv m.csv 2"],
    ["a quote that stays open", "m.csv", 'metric,value\n"mae,1', "metrics-not-csv m.csv 2"],
    ["text after a closing quote", "m.csv", 'slice,mae\n"p","1"q,2', "metrics-not-csv m.csv 2"],
    ["an epoch log", "m.csv", "epoch,loss\n1,3\n2,2", "metrics-too-many-rows m.csv 3"],
    ["a line end in a name", "m.json", '{"a\\nb": 1}', "metrics-odd-name m.json 1 10"],
    ["an empty name", "m.json", '{"": 1}', "metrics-odd-name m.json 1 6"],
    ["a broken record", "r.json", '{"schema": "mlops-actions/training-record@1",\n"metrics": 3}', "record-"],
  ])("for %s", (_, path, text, expected) => {
    expect(failureOf(() => readMetrics(text, path, "a-test"))).toContain(expected);
  });

  test("for a metric that another file has too", () => {
    const files = [
      readMetrics('{"mae": 1}', "a.json", "a-test"),
      readMetrics("metric,value\nmae,2", "b.csv", "a-test"),
    ];
    expect(failureOf(() => collectMetrics(files))).toBe("metrics-duplicate b.csv 2");
  });

  test("for too many metrics", () => {
    const text = JSON.stringify(Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`m${index}`, index])));
    expect(failureOf(() => readMetrics(text, "m.json", "a-test"))).toBe("metrics-too-many m.json");
  });
});

describe("whatever is written as JSON", () => {
  const name = fc
    .string({ minLength: 1, maxLength: 8 })
    .filter((text) => /^(?!step$|_|slices$)[^\p{Cc}.]+$/u.test(text));
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

  test("comes back as it was", () => {
    fc.assert(
      fc.property(fc.dictionary(name, finite, { minKeys: 1, noNullPrototype: true }), (metrics) => {
        const found = collectMetrics([readMetrics(JSON.stringify(metrics), "m.json", "a-test")]);
        const expected: readonly Metric[] = Object.keys(metrics)
          .sort()
          .map((key) => ({ name: key, slice: null, value: JSON.parse(JSON.stringify(metrics[key])) }));
        expect(found).toEqual(expected);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("gives metrics or a clear error", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.constantFrom("m.json", "m.csv", "m"), (text, path) => {
        expect(failureOf(() => readMetrics(text, path, "a-test"))).toMatch(/^(?:accepted|metrics-[a-z-]+ m)/);
      }),
      { seed: 2, numRuns: 1_000 },
    );
  });
});
