/** Rows and entries that texts tell apart, and series of which the last value counts. */
import { describe, expect, test } from "vitest";
import { readMetrics } from "../read-metrics.ts";

const read = (text: string, path: string): unknown => {
  try {
    const { metrics } = readMetrics(text, path, "a-test");
    return Object.fromEntries(
      metrics.map(({ name, slice, place: _, ...rest }) => [
        slice === null ? name : `${name} [${slice}]`,
        Object.keys(rest).length === 1 ? rest.value : rest,
      ]),
    );
  } catch (error) {
    return String(error).replace(/^.*\[([\w-]+)\].*$/s, "$1");
  }
};

const csv = (...rows: readonly string[]): unknown => read(rows.join("\n"), "m.csv");
const json = (value: unknown): unknown => read(JSON.stringify(value), "m.json");
const TOO_MANY = "metrics-too-many-rows";

describe("rows", () => {
  test.each<[string, readonly string[], object]>([
    ["a column of any name", ["detector,f1", "svm,1", "tree,0.5"], { "f1.svm": 1, "f1.tree": 0.5 }],
    ["the first that tells them apart", ["kind,place,a", "x,p,1", "x,q,2"], { "a.p": 1, "a.q": 2 }],
    [
      "two columns together",
      ["sex,age,a", "f,old,1", "f,new,2", "m,old,3"],
      { "a.f.old": 1, "a.f.new": 2, "a.m.old": 3 },
    ],
    ["the metric as well", ["set,metric,m1", "news,acc,1", "mail,acc,2"], { "m1.news.acc": 1, "m1.mail.acc": 2 }],
    ["a known column before others", ["city,model,a", "rome,lr,1", "bern,rf,2"], { "a.lr": 1, "a.rf": 2 }],
    ["an empty cell", ["type,name,a", "GET,/x,1", ",Total,2"], { "a./x": 1, "a.Total": 2 }],
  ])("are told apart by %s", (_, rows, expected) => {
    expect(csv(...rows)).toEqual(expected);
  });

  test.each<[string, readonly string[]]>([
    ["examples by their name", ["sample_id,a", "one,1", "two,2"]],
    ["examples by what went in", ["last_prompt,a", "one,1", "two,2"]],
    ["truth and guess", ["true,pred,gene", "1,2,abc", "2,2,abd"]],
    ["folds", ["fold,name of it,a", "a,x,1", "b,y,2"]],
    ["parameters", ["param,value", "lr,1", "bs,2"]],
    ["amounts with units", ["index,memory,a", "0,10 MiB,1", "1,20 MiB,2"]],
    ["dates", ["day,a", "2026-01-01,1", "2026-01-02,2"]],
    ["times in texts", ["took,a", "0 days 00:00:01,1", "0 days 00:00:02,2"]],
    ["yes and no", ["best,a", "yes,1", "no,2"]],
    ["sentences", ["remark,a", "It works. Well,1", "Does it?,2"]],
    ["long texts", ["remark,a", `${"x".repeat(61)},1`, "short,2"]],
    ["the same texts", ["kind,a", "x,1", "x,2"]],
    ["nothing but texts", ["kind,place", "x,p", "y,q"]],
    ["61 texts of a column that is not known", ["kind,a", ...Array.from({ length: 61 }, (_, at) => `k${at},1`)]],
    ["201 models", ["model,a", ...Array.from({ length: 201 }, (_, at) => `k${at},1`)]],
  ])("%s are no result", (_, rows) => {
    expect(csv(...rows)).toBe(TOO_MANY);
  });

  test.each([
    ["kind", 60],
    ["model", 200],
  ])("as many as may be, by %s", (column, count) => {
    const rows = Array.from({ length: count }, (_, at) => `k${at},1`);
    expect(Object.keys(csv(`${column},a`, ...rows) as object)).toHaveLength(count);
  });

  test("of broom have the class as their slice, and NA is about all", () => {
    expect(csv("term,class,estimate,std.error", "accuracy,NA,0.9,0.01", "f1,a,0.8,NA")).toEqual({
      accuracy: { value: 0.9, stderr: 0.01 },
      "f1 [a]": 0.8,
    });
    expect(csv("metric,class,value", "f1,a,0.8")).toEqual({ f1: 0.8 });
  });

  test("of several tables with blank lines between are read each with its header", () => {
    expect(csv("metric,avg,max", "ttft,1,2", "e2e,3,4", "", "metric,value", "rate,5")).toEqual({
      "avg.ttft": 1,
      "max.ttft": 2,
      "avg.e2e": 3,
      "max.e2e": 4,
      rate: 5,
    });
    expect(csv("a,b", "1,2", "3", "", "c", "4")).toBe("metrics-not-csv");
    expect(csv("a,b", "1,2", "", "c")).toBe("metrics-not-csv");
    expect(csv("a,b", "1,2", "", "")).toEqual({ a: 1, b: 2 });
  });
});

describe("entries of a list inside", () => {
  test("have the text that tells them apart in their names, and their own places", () => {
    const text =
      '{"mean": 3,\n"results": [{"dataset": "a b", "wer": 1, "x": {"y": NaN}},\n{"dataset": "c", "wer": 2, "x": {"y": 5}}]}';
    expect(read(text, "m.json")).toEqual({ mean: 3, "results.a b.wer": 1, "results.c.wer": 2, "results.c.x.y": 5 });
    const [skipped] = readMetrics(text, "m.json", "a-test").skipped;
    expect([skipped?.name, skipped?.place().line]).toEqual(["results.a b.x.y", 2]);
    const second = readMetrics(text, "m.json", "a-test").metrics.find(({ name }) => name === "results.c.wer");
    expect(second?.place()).toMatchObject({ line: 3, column: 25 });
  });

  test.each<[string, readonly unknown[]]>([
    [
      "examples",
      [
        { id: "a", x: 1 },
        { id: "b", x: 2 },
      ],
    ],
    ["no texts", [{ x: 1 }, { x: 2 }]],
    ["something else among them", [{ name: "a", x: 1 }, 2]],
    ["201 of them", Array.from({ length: 201 }, (_, at) => ({ name: `n${at}`, x: 1 }))],
    [
      "501 keys",
      [0, 1].map((at) => ({
        name: `n${at}`,
        ...Object.fromEntries(Array.from({ length: 501 }, (_, k) => [`k${k}`, 1])),
      })),
    ],
  ])("are left out with %s", (_, list) => {
    expect(json({ ok: 1, list })).toEqual({ ok: 1 });
  });
});

test("an object of one metric has its name, with what was measured beside it", () => {
  expect(json({ metric: "rate", value: 0.5, latency_ms: 3 })).toEqual({ rate: 0.5, latency_ms: 3 });
  expect(json({ metric: "rate", value: "x", n: 3 })).toEqual({ n: 3 });
  expect(json({ metric: "", value: 1 })).toEqual({ value: 1 });
  expect(json({ metric: 2, value: 1 })).toEqual({ metric: 2, value: 1 });
});

test("numbers as texts count where a list has no others", () => {
  const comet = (value: unknown, step: number) => ({ metricName: "acc", metricValue: value, step });
  expect(json([comet("0.5", 1), comet("0.9", 2)])).toEqual({ acc: { value: 0.9, step: 2 } });
  expect(
    json([
      { name: "a", size: 1, version: "1.5" },
      { name: "b", size: 2, version: "1.6" },
    ]),
  ).toEqual({ "size.a": 1, "size.b": 2 });
});

describe("a series", () => {
  const SECOND = 1_700_000_000;
  test.each<[string, unknown, unknown]>([
    ["of Sacred", { steps: [0, 1], values: [0.9, 0.4], timestamps: ["a", "b"] }, { value: 0.4, step: 1 }],
    ["of ClearML", { name: "n", x: [0, 5], y: [0.9, 0.4] }, { value: 0.4, step: 5 }],
    ["of one value", { epochs: [3], value: [0.4] }, { value: 0.4, step: 3 }],
    ["by parts of a step", { x: [0.5, 1.5], y: [0.9, 0.4] }, 0.4],
    [
      "of TensorBoard",
      [
        [SECOND, 0, 0.9],
        [SECOND + 1, 7, 0.4],
      ],
      { value: 0.4, step: 7 },
    ],
  ])("%s ends with its value", (_, series, expected) => {
    expect(json({ loss: series })).toEqual({ loss: expected });
  });

  test.each<[string, unknown]>([
    ["that goes back in time", { steps: [1, 0], values: [0.9, 0.4] }],
    ["that stands still", { steps: [1, 1], values: [0.9, 0.4] }],
    ["with a step too many", { steps: [0, 1, 2], values: [0.9, 0.4] }],
    ["of nothing", { steps: [], values: [] }],
    ["without steps", { values: [0.9, 0.4] }],
    ["without values", { steps: [0, 1] }],
    ["of texts", { steps: ["a", "b"], values: [0.9, 0.4] }],
    [
      "of samples without a time",
      [
        [0, 0, 0.9],
        [1, 1, 0.4],
      ],
    ],
    ["of samples without a step", [[SECOND, 0.5, 0.9]]],
    [
      "of pairs",
      [
        [SECOND, 0],
        [SECOND, 1],
      ],
    ],
    [
      "of samples in another order",
      [
        [SECOND, 2, 0.9],
        [SECOND, 1, 0.4],
      ],
    ],
  ])("%s is a list", (_, series) => {
    expect(json({ ok: 1, loss: series })).toEqual({ ok: 1 });
  });

  test("that ended without a number has none", () => {
    expect(json({ ok: 1, loss: { steps: [0, 1], values: [0.9, null] } })).toEqual({ ok: 1 });
  });
});

test("airspeed velocity: a value for each combination of parameters, times in seconds", () => {
  const of = (results: object) => json({ result_columns: ["result", "params"], results });
  expect(
    of({
      "a.time_x": [
        [1, 2, 3, null],
        [
          ["'p'", "'q'"],
          ["1", "2"],
        ],
      ],
      "a.B.track_y": [[0.5], []],
      "a.timeraw_z": [[4], []],
    }),
  ).toEqual({
    "a.time_x('p', 1)": { value: 1, unit: "s" },
    "a.time_x('p', 2)": { value: 2, unit: "s" },
    "a.time_x('q', 1)": { value: 3, unit: "s" },
    "a.B.track_y": 0.5,
    "a.timeraw_z": { value: 4, unit: "s" },
  });
  expect(of({ a: [[1], []], b: [[1], [["1", "2"]]], c: [null, []], d: null })).toEqual({ a: 1 });
  const numbers = Array.from({ length: 1001 }, (_, at) => at);
  expect(of({ a: [[1], []], b: [numbers, [numbers]] })).toEqual({ a: 1 });
});

test("dvc metrics show: names as in the files; of several revisions all", () => {
  const of = (...files: readonly object[]) => ({
    data: Object.fromEntries(files.map((data, at) => [`f${at}.json`, { data }])),
  });
  expect(json({ "": of({ acc: 0.9, a: { b: 1 } }, { mae: 2 }) })).toEqual({ acc: 0.9, "a.b": 1, mae: 2 });
  expect(json({ "": of({ acc: 0.9, b: 1 }, { acc: 0.8 }) })).toEqual({ b: 1 });
  expect(json({ x: of({ acc: 0.9 }), y: of({ acc: 0.8 }) })).toEqual({
    "x.data.f0.json.data.acc": 0.9,
    "y.data.f0.json.data.acc": 0.8,
  });
  expect(json({ x: { data: { a: { data: 1 } } } })).toEqual({ "x.data.a.data": 1 });
});

test("OpenAI evals: the report, not the examples", () => {
  const lines = (...values: readonly object[]) => read(values.map((one) => JSON.stringify(one)).join("\n"), "m.jsonl");
  const example = { event_id: 0, sample_id: "s", data: { correct: true } };
  expect(lines({ spec: {} }, example, { final_report: { accuracy: 0.6, by: { x: 1 } } })).toEqual({
    accuracy: 0.6,
    "by.x": 1,
  });
  expect(lines(example, { final_report: { a: 1 } }, { final_report: { a: 2 } })).toBe("metrics-not-an-object");
});

test("MLflow 3: the metric of a logged model, of its last step", () => {
  const lines = (...values: readonly string[]) => read(values.join("\n"), "mlruns/1/models/m-1/metrics/rmse");
  expect(lines("1795796742312 0.52 1 run", "1795796742313 0.5 2 run data digest")).toEqual({
    rmse: { value: 0.5, step: 2 },
  });
  expect(lines("1795796742312 0.52 1 run data digest more")).toBe("metrics-unknown-kind");
});

test("Markdown: a spread, a dash and code marks", () => {
  const text =
    "| Command | Mean [ms] | Other |\n|:---|---:|---|\n| `sleep 1` | 25.2 ± 18.2 | - |\n| `sleep 2` | 3 | 4 |\n";
  expect(read(text, "m.md")).toEqual({ "Mean [ms].sleep 1": 25.2, "Mean [ms].sleep 2": 3, "Other.sleep 2": 4 });
});

test("what counts or dates the measurement is no metric", () => {
  const names = [
    "version",
    "schema_version",
    "created",
    "created_at",
    "started_at",
    "start_time",
    "end_time",
    "last_timestamp",
  ];
  const more = [
    "timestamp_ms",
    "_step",
    "train/global_step",
    "trainer/global_step",
    "train/epoch",
    "date",
    "seed",
    "batch",
  ];
  expect(json({ ok: 1, in: Object.fromEntries([...names, ...more].map((name) => [name, 1])) })).toEqual({ ok: 1 });
});
