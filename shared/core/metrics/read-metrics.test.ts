import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import type { Metric } from "../../records/fields.ts";
import { collectMetrics, collectSkipped, readMetrics } from "./read-metrics.ts";
import { formatSkipped } from "./sort-out.ts";

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
    ["from a wide CSV with padded cells", "results.csv", "   epoch,   mAP50(B)\n 9, .91\n", { "mAP50(B)": 0.91 }],
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

describe("what is no metric is left out, and said", () => {
  const skippedIn = (text: string, path: string): readonly string[] =>
    readMetrics(text, path, "a-test").skipped.map(formatSkipped);

  test.each<[string, string, string, readonly string[]]>([
    ["NaN as Python writes it", "m.json", '{"auc": 1,\n "mae": NaN}', ['"mae" (m.json:2:9) is NaN']],
    ["infinity", "m.json", '{"auc": 1, "mae": -Infinity}', ['"mae" (m.json:1:19) is -Infinity']],
    ["a number that is too large", "m.json", '{"auc": 1, "mae": 1e400}', ['"mae" (m.json:1:19) is Infinity']],
    ["NaN as text", "m.json", '{"auc": 1, "mae": "NaN"}', ['"mae" (m.json:1:19) is the text "NaN"']],
    ["NaN as JavaScript writes it", "m.json", '{"auc": 1, "mae": null}', ['"mae" (m.json:1:19) is null']],
    ["a boolean", "m.json", '{"auc": 1, "good": true}', ['"good" (m.json:1:20) is true']],
    ["a list", "m.json", '{"auc": 1, "names": ["a"]}', ['"names" (m.json:1:21) is a list']],
    [
      "a slice that is a number",
      "m.json",
      '{"auc": 1, "slices": {"poor": 1}}',
      ['"slices.poor" (m.json:1:31) is the text "no object of numbers"'],
    ],
    [
      "one name written in two ways",
      "m.json",
      '{"auc": 1, "a.b": 2,\n"a": {"b": 1}}',
      ['"a.b" (m.json:1:19) is in m.json:1:19 and m.json:2:12'],
    ],
    ["an empty cell", "m.csv", "mae,auc\n1,", ['"auc" (m.csv:2) is empty']],
    ["a hexadecimal", "m.csv", "mae,auc\n0x1F,1", ['"mae" (m.csv:2) is the text "0x1F"']],
    ["nan in a table", "m.csv", "metric,value\nmae,nan\nauc,1", ['"mae" (m.csv:2) is the text "nan"']],
    ["what may be a thousand", "m.csv", "metric;value\nmae;1,234\nauc;0,234", ['"mae" (m.csv:2) is the text "1,234"']],
    ["thousands", "m.csv", 'metric,value\nmae,"1,234.5"\nauc,1', ['"mae" (m.csv:2) is the text "1,234.5"']],
    [
      "a metric twice in a table",
      "m.csv",
      "metric,value\nmae,1\nmae,2\nauc,1",
      ['"mae" (m.csv:2) is in m.csv:2 and m.csv:3'],
    ],
    [
      "a line end in a name",
      "m.json",
      '{"auc": 1, "a\\nb": 1}',
      ['"a\\nb" (m.json:1:20) has a name that is empty, over 200 characters or not on one line'],
    ],
  ])("%s", (_, path, text, expected) => {
    expect(skippedIn(text, path)).toEqual(expected);
    expect(Object.keys(read(text, path))).toHaveLength(1);
  });

  test("a metric of two files is in neither", () => {
    const files = [
      readMetrics('{"mae": 1, "auc": 1}', "a.json", "a-test"),
      readMetrics("metric,value\nmae,2", "b.csv", "a-test"),
    ];
    expect(collectMetrics(files)).toEqual([{ name: "auc", slice: null, value: 1 }]);
    expect(collectSkipped(files).map(formatSkipped)).toEqual(['"mae" (a.json:1:9) is in a.json:1:9 and b.csv:2']);
  });

  test("several seeds are one measurement, with its repeats", () => {
    const { metrics } = readMetrics("metric,value,seed,n\nmae,1,1,10\nmae,2,2,10\n", "m.csv", "a-test");
    const repeats = [
      { value: 1, seed: 1, n: 10 },
      { value: 2, seed: 2, n: 10 },
    ];
    expect(metrics).toMatchObject([{ name: "mae", value: 1.5, repeats }]);
  });
});

describe("a file is refused", () => {
  test.each([
    ["a key twice", "m.json", '{"mae": 2, "mae": 1}', "metrics-duplicate-key m.json 1 12"],
    ["only NaN", "m.json", '{"mae": NaN}', "metrics-not-finite m.json 1 9"],
    ["only texts", "m.json", '{"a": "b"}', "metrics-not-a-number m.json 1 7"],
    ["a metric twice and nothing else", "m.csv", "metric,value\nmae,1\nmae,2", "metrics-duplicate m.csv 2"],
    ["an empty file", "m.json", "", "metrics-not-json m.json 1 1"],
    ["a truncated file", "m.json", '{"mae": 0.', "metrics-not-json m.json 1 10"],
    ["a truncated last line", "m.jsonl", '{"loss": 1}\n{"loss": ', "metrics-not-json m.jsonl 2 10"],
    ["a list", "m.json", "[1]", "metrics-not-an-object m.json 1 1"],
    ["nothing measured", "m.json", '{"step": 3}', "metrics-empty m.json"],
    ["an empty table", "m.csv", "", "metrics-empty m.csv"],
    ["a header alone", "m.csv", "metric,value\n", "metrics-empty m.csv"],
    ["a column twice", "m.csv", "mae,MAE\n1,2", "metrics-not-csv m.csv 1"],
    ["a ragged row", "m.csv", "metric,value\nmae,1,2", "metrics-not-csv m.csv 2"],
    ["a quote that stays open", "m.csv", 'metric,value\n"mae,1', "metrics-not-csv m.csv 2"],
    ["text after a closing quote", "m.csv", 'slice,mae\n"p","1"q,2', "metrics-not-csv m.csv 2"],
    ["rows that nothing tells apart", "m.csv", "lr,loss\n1,3\n2,2", "metrics-too-many-rows m.csv 3"],
    ["a broken record", "r.json", '{"schema": "mlops-actions/training-record@1",\n"metrics": 3}', "record-"],
    [
      "folds of a cross validation",
      "m.json",
      '{"fit_time": [1, 2], "score_time": [1, 1], "test_score": [0.9, 0.8]}',
      "metrics-not-a-number m.json",
    ],
    ["values by class", "m.json", '{"f1": [0.9, 0.8, 0.7]}', "metrics-not-a-number m.json"],
    [
      "a list of results that nothing tells apart",
      "m.json",
      '[{"acc": 0.9}, {"acc": 0.8}]',
      "metrics-not-an-object m.json",
    ],
    [
      "lines of results that nothing tells apart",
      "m.jsonl",
      '{"id": 1, "acc": 1}\n{"id": 2, "acc": 0}',
      "metrics-not-an-object m.jsonl",
    ],
    ["a log that goes back", "m.csv", "epoch,loss\n2,3\n1,2", "metrics-too-many-rows m.csv 3"],
    ["a log of several models", "m.csv", "step,model,loss\n1,a,3\n2,b,2", "metrics-too-many-rows m.csv 3"],
    ["two rows of one epoch", "m.csv", "epoch,loss\n1,3\n1,2", "metrics-too-many-rows m.csv 3"],
    [
      "lines of one step with the same key",
      "m.jsonl",
      '{"step":1,"loss":1}\n{"step":1,"loss":2}',
      "metrics-not-an-object m.jsonl",
    ],
    ["a loss that became empty", "m.csv", "epoch,loss\n1,3\n2,", "metrics-not-a-number m.csv 2"],
    ["a table by date", "m.csv", "date,loss\n2026-01-02,3\n2026-01-01,2", "metrics-too-many-rows m.csv 3"],
    ["prose", "notes.txt", "It went well.\nReally.", "metrics-unknown-kind notes.txt"],
    ["an empty file without a kind", "metrics", "", "metrics-unknown-kind metrics"],
    ["a YAML that is a text", "m.yaml", "well", "metrics-not-yaml m.yaml"],
    [
      "a bomb of aliases",
      "m.yml",
      `a: &a [1]\n${Array.from({ length: 30 }, (_, at) => `${String.fromCharCode(98 + (at % 20))}${at}: &x${at} [*a, *a, *a, *a, *a, *a]`).join("\n")}`,
      "metrics-",
    ],
    ["broken TOML", "m.toml", "mae = 1\nauc = \n", "metrics-not-toml m.toml 2"],
    ["broken XML", "junit.xml", "<testsuites><a>\n</testsuites>", "metrics-not-xml junit.xml"],
    ["XML nested too deep", "junit.xml", "<a>".repeat(50_000) + "</a>".repeat(50_000), "metrics-not-xml junit.xml 1"],
    ["TOML nested too deep", "m.toml", `[${"a.".repeat(100_000)}a]\nx = 1\n`, "metrics-not-a-number m.toml"],
    ["YAML nested too deep", "m.yaml", `a: ${"[".repeat(100_000)}`, "metrics-not-yaml m.yaml"],
    ["a number as the name of a column", "m.csv", "mae,2.5,auc\n1,2,3", "metrics-not-csv m.csv 1"],
    ["an integer that would be rounded", "m.json", '{"n": 9007199254740993}', "metrics-not-a-number m.json 1 7"],
    ["entities in XML", "junit.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "metrics-not-xml junit.xml 1"],
  ])("for %s", (_, path, text, expected) => {
    expect(failureOf(() => readMetrics(text, path, "a-test"))).toContain(expected);
  });

  test("for 70,000 properties, each of its name", () => {
    const text = `<a>${Array.from({ length: 70_000 }, (_, at) => `<property name="x${at % 3}" value="1"/>`).join("")}</a>`;
    expect(failureOf(() => readMetrics(text, "junit.xml", "a-test"))).toBe("metrics-duplicate junit.xml");
  });

  test("for 50,000 keys of YAML", () => {
    const text = Array.from({ length: 50_000 }, (_, at) => `k${at}: 1`).join("\n");
    expect(failureOf(() => readMetrics(text, "m.yaml", "a-test"))).toBe("metrics-too-many m.yaml");
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
