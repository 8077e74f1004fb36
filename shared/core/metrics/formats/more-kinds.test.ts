/** What the files of `test/cases/metrics` do not show of these kinds: several of everything, and what is odd. */
import { describe, expect, test } from "vitest";
import { readMetrics } from "../read-metrics.ts";
import { formatSkipped } from "../sort-out.ts";

const read = (text: string, path = "m.json") => {
  const { metrics, skipped } = readMetrics(text, path, "a-test");
  return {
    metrics: Object.fromEntries(
      metrics.map(({ name, slice, place: _, ...rest }) => [slice === null ? name : `${name} [${slice}]`, rest]),
    ),
    skipped: skipped.map(formatSkipped),
  };
};

const json = (value: unknown) => read(JSON.stringify(value));

describe("go test -bench", () => {
  test("without a common number of processors the end of a name belongs to it; repeats are put together", () => {
    const text =
      "goos: linux\nBenchmarkA/n-10 \t 5 \t 2.0 ns/op\nBenchmarkA/n-20 \t 5 \t 4.0 ns/op\nBenchmarkA/n-20 \t 5 \t 6.0 ns/op\nPASS\n";
    expect(read(text, "bench.txt").metrics).toEqual({
      "BenchmarkA/n-10.ns/op": { value: 2, unit: "ns/op" },
      "BenchmarkA/n-20.ns/op": {
        value: 5,
        unit: "ns/op",
        repeats: [
          { value: 4, seed: 0 },
          { value: 6, seed: 1 },
        ],
      },
    });
  });

  test("one number of processors behind all names is none of them", () => {
    const { metrics, skipped } = read("BenchmarkA-8 5 2.0 ns/op NaN recall\nBenchmarkB-8 5 4.0 ns/op\n", "bench.txt");
    expect(Object.keys(metrics)).toEqual(["BenchmarkA.ns/op", "BenchmarkB.ns/op"]);
    expect(skipped).toEqual(['"BenchmarkA.recall" (bench.txt:1) is the text "NaN"']);
  });
});

describe("Google Benchmark", () => {
  const bench = (more: object) => ({
    name: "f",
    run_name: "f",
    run_type: "iteration",
    iterations: 9,
    real_time: 2,
    cpu_time: 1,
    time_unit: "us",
    ...more,
  });

  test("counters count, and a benchmark that failed has no value", () => {
    const failed = {
      name: "g",
      run_name: "g",
      run_type: "iteration",
      error_occurred: true,
      error_message: "no GPU",
      threads: 1,
    };
    expect(json({ context: {}, benchmarks: [bench({ recall: 0.5 }), failed] })).toEqual({
      metrics: {
        "f.real_time": { value: 2, unit: "us" },
        "f.cpu_time": { value: 1, unit: "us" },
        "f.recall": { value: 0.5 },
      },
      skipped: ['"g.error_occurred" (m.json:1:219) is true', '"g.error_message" (m.json:1:240) is the text "no GPU"'],
    });
  });

  test("a spread of unknown size is left out", () => {
    const aggregate = (name: string, time: number, repetitions: number) =>
      bench({
        name: `f_${name}`,
        run_type: "aggregate",
        aggregate_name: name,
        repetitions,
        real_time: time,
        cpu_time: time,
      });
    const of = (repetitions: number) =>
      json({ context: {}, benchmarks: ["mean", "stddev"].map((name, at) => aggregate(name, 4 - 2 * at, repetitions)) })
        .metrics;
    expect(of(4)["f.real_time"]).toEqual({ value: 4, unit: "us", n: 4, stderr: 1 });
    expect(of(0)["f.real_time"]).toEqual({ value: 4, unit: "us" });
  });
});

test("JMH in several modes says which, and a score that is none is told with its place", () => {
  const of = (mode: string, score: unknown, scoreUnit: string) => ({
    benchmark: "a.B",
    mode,
    primaryMetric: { score, scoreUnit },
  });
  expect(json([of("thrpt", 2, "ops/s"), of("avgt", 3, "s/op"), of("ss", "NaN", "s/op")])).toEqual({
    metrics: {
      "a.B:thrpt": { value: 2, unit: "ops/s", better: "higher" },
      "a.B:avgt": { value: 3, unit: "s/op", better: "lower" },
    },
    skipped: ['"a.B:ss" (m.json:1:222) is the text "NaN"'],
  });
});

test("Criterion without its path, with an error of 0", () => {
  const of = (point_estimate: unknown) => ({ point_estimate, standard_error: 0 });
  expect(json({ mean: of(2), median: of(3), std_dev: of(1) }).metrics).toEqual({
    mean: { value: 2, unit: "ns", stderr: 0 },
    median: { value: 3, unit: "ns", stderr: 0 },
  });
});

describe("llama-bench", () => {
  const of = (more: object) => ({
    n_prompt: 0,
    n_gen: 0,
    n_depth: 0,
    avg_ts: 2,
    stddev_ts: 0.5,
    model_filename: "m/a.gguf",
    flash_attn: false,
    ...more,
  });

  test("names its tests as its own table does, and what differs between them", () => {
    const { metrics } = json([
      of({ n_prompt: 512, n_gen: 128, samples_ts: [1, 2, 2, 3], model_filename: "m/b.gguf" }),
      of({ n_gen: 128, n_depth: 4096, flash_attn: true, samples_ts: [2] }),
    ]);
    expect(metrics).toEqual({
      "pp512+tg128 (b.gguf, flash_attn=false)": { value: 2, unit: "tokens/s", n: 4, stderr: 0.25 },
      "tg128 @ d4096 (a.gguf, flash_attn=true)": { value: 2, unit: "tokens/s" },
    });
  });
});

test("HELM: nothing was measured where the count is 0; a mean that is no number is told", () => {
  const of = (name: object, count: number, mean: unknown) => ({ name, count, mean });
  expect(
    json([
      of({ name: "em", split: "test" }, 1, 0.5),
      of({ name: "em", split: "test", sub_split: "toxic", perturbation: { name: "typos" } }, 1, 0.25),
      of({ name: "runtime" }, 0, null),
      of({ name: "f1", split: "valid" }, 1, null),
    ]),
  ).toEqual({
    metrics: { em: { value: 0.5 }, "toxic.em [typos]": { value: 0.25 } },
    skipped: ['"valid.f1" (m.json:1:278) is null'],
  });
});

describe("Inspect", () => {
  const of = (status: string) => {
    const scores = [
      {
        name: "match",
        reducer: "mode",
        metrics: { accuracy: { value: 0.5 }, stderr: { value: 0.125 }, var: { value: 1 } },
      },
    ];
    return { status, eval: { task: "arc" }, results: { scores } };
  };

  test("names scorer, reducer and metric", () => {
    expect(json(of("success")).metrics).toEqual({
      "match.mode.accuracy": { value: 0.5, stderr: 0.125 },
      "match.mode.var": { value: 1 },
    });
  });

  test("has no result unless it ended well", () => {
    expect(() => json(of("cancelled"))).toThrow("of an evaluation with status cancelled");
  });
});

describe("a table by what its rows are about", () => {
  test.each<[string, string]>([
    ["of which two are about the same", "model,mae\na,1\na,2\n"],
    ["of examples", "model,label,score\na,x,1\nb,y,2\n"],
    ["that is a log", "model,epoch,mae\na,1,1\nb,1,2\n"],
    ["whose subjects are numbers", "model,mae\n1,1\n2,2\n"],
    ["of more than 200", `model,mae\n${Array.from({ length: 201 }, (_, at) => `m${at},1`).join("\n")}`],
  ])("%s is refused", (_, text) => {
    expect(() => read(text, "m.csv")).toThrow("nothing says which of them is the result");
  });

  test.each(["id", "label", "target", "y_true", "y_pred", "prediction", "predicted", "true_label"])(
    "of examples, as its column %s shows, is refused",
    (column) => {
      expect(() => read(`model,${column},score\na,1,1\nb,2,2\n`, "m.csv")).toThrow("nothing says which of them");
    },
  );

  test.each(["model", "model_name", "method", "algorithm", "command", "class", "dataset", "task", "split", "subset"])(
    "with a column %s",
    (column) => {
      expect(Object.keys(read(`${column},,mae\na,7,1\nb,8,2\n`, "m.csv").metrics)).toEqual(["mae.a", "mae.b"]);
    },
  );

  test("of 200 is read", () => {
    const text = `model,mae\n${Array.from({ length: 200 }, (_, at) => `m${at},1`).join("\n")}`;
    expect(Object.keys(read(text, "m.csv").metrics)).toHaveLength(200);
  });
});

describe("a table in Markdown", () => {
  test("begins and ends where its lines do", () => {
    const text = "# Result\n\n| metric | value |\n|:---|---:|\n| mae | 1.5 |\n| a \\| b | x |\n\nThe end | of it.\n";
    expect(read(text, "m.md")).toEqual({
      metrics: { mae: { value: 1.5 } },
      skipped: ['"a \\\\| b" (m.md:6) is the text "x"'],
    });
  });

  test.each<[string, string]>([
    ["that is one of two", "| metric | value |\n|---|---|\n| a | 1 |\n\n| metric | value |\n|---|---|\n| b | 2 |\n"],
    ["with a short row", "| metric | value |\n|---|---|\n| a |\n"],
    ["with a column twice", "| a | A |\n|---|---|\n| 1 | 2 |\n"],
    ["without rows", "| metric | value |\n|---|---|\n"],
  ])("%s is refused", (_, text) => {
    expect(() => read(text, "m.md")).toThrow("there are no metrics in it");
  });

  test("of llama-bench has what differs in its names", () => {
    const text = "| model | test | t/s |\n| --- | --: | --: |\n| a | pp8 | 2.50 ± 0.10 |\n| b | pp8 | 3.00 ± 0.10 |\n";
    expect(read(text, "m.md").metrics).toEqual({
      "pp8 (model=a)": { value: 2.5, unit: "tokens/s" },
      "pp8 (model=b)": { value: 3, unit: "tokens/s" },
    });
  });
});

describe("a header of two lines", () => {
  test.each<[string, string, Readonly<Record<string, number>>]>([
    [
      "without a column twice",
      ",mae,auc\n,mean,mean\na,1,2\nb,3,4\n",
      { "mae.mean.a": 1, "auc.mean.a": 2, "mae.mean.b": 3, "auc.mean.b": 4 },
    ],
    ["without an index", "mae,mae\nmean,std\n1,2\n", { "mae.mean": 1, "mae.std": 2 }],
    ["with names of levels", "stat,mae,mae\nof,mean,std\ncity,,\na,1,2\n", { "mae.mean.a": 1, "mae.std.a": 2 }],
  ])("%s", (_, text, expected) => {
    const { metrics } = read(text, "m.csv");
    expect(Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value]))).toEqual(expected);
  });

  test("is not taken from a table whose first rows are text", () => {
    expect(read("model,mae,note\na,x,y\nb,2,z\n", "m.csv").metrics).toEqual({ "mae.b": { value: 2 } });
  });

  test("needs numbers below: a row of text is a row", () => {
    expect(read(",mae,note\na,1,x\nb,2,y\n", "m.csv").metrics).toEqual({
      "mae.a": { value: 1 },
      "mae.b": { value: 2 },
    });
  });
});

test("dvc.yaml: the files of its stages, each once", () => {
  const text =
    "stages:\n  train:\n    metrics:\n    - out/a.json:\n        cache: false\n    - b.json\nmetrics:\n- b.json\n";
  expect(() => read(text, "dvc.yaml")).toThrow("Name b.json, out/a.json. ");
});

test("names of metrics in a list are no files", () => {
  expect(read('{"metrics": ["mae"], "mae": 1}').metrics).toEqual({ mae: { value: 1 } });
});

test("slices of a metric go together; the metric over everything stays", () => {
  const { metrics, skipped } = read(
    '{"mae": 1, "auc": 2, "slices": {"a": {"mae": 3, "auc": 4}, "b": {"mae": null, "auc": 5}}}',
  );
  expect(Object.keys(metrics)).toEqual(["mae", "auc", "auc [a]", "auc [b]"]);
  expect(skipped).toEqual([
    '"mae" of the slice "b" (m.json:1:73) is null',
    '"mae" of the slice "a" (m.json:1:46) is left out, as the slice "b" is null',
  ]);
});
