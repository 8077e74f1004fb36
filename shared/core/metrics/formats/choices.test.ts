/** Small choices of readers, each by a file that would be read otherwise without it. */
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

describe("pytest-benchmark", () => {
  const of = (stats: object) =>
    json({ machine_info: {}, benchmarks: [{ name: "b", stats: { mean: 4, median: 4, min: 4, max: 4, ...stats } }] });
  const mean = (stats: object) => (of(stats) as Record<string, unknown>)["b.mean"];

  test("the standard error is known with rounds and deviation", () => {
    expect(mean({ rounds: 4, stddev: 1 })).toEqual({ value: 4, unit: "s", n: 4, stderr: 0.5 });
    expect(mean({ rounds: 1, stddev: 0 })).toEqual({ value: 4, unit: "s", n: 1, stderr: 0 });
  });

  test.each([[{ rounds: 0, stddev: 1 }], [{ rounds: 4 }], [{ stddev: 1 }], [{ rounds: -1, stddev: 1 }]])(
    "not with %j",
    (stats) => {
      expect(mean(stats)).toEqual({ value: 4, unit: "s" });
    },
  );
});

describe("a log of several", () => {
  const names =
    "model model_name run run_id name experiment fold dataset task class label group config trial trial_id method algorithm variant id seed split subset";
  test.each(names.split(" "))("%s is no log of one", (name) => {
    expect(csv(`epoch,${name},loss`, "1,a,0.5", "2,b,0.4")).not.toMatchObject({ loss: expect.anything() });
    expect(csv(`epoch,${name},loss`, "1,a,0.5", "2,a,0.4")).toMatchObject({ loss: { value: 0.4, step: 2 } });
  });
});

test.each(["stderr", "std_err", "std.error", "standard_error"])("%s is the standard error of a value", (name) => {
  expect(csv(`metric,value,${name}`, "acc,0.5,0.1")).toEqual({ acc: { value: 0.5, stderr: 0.1 } });
  expect(csv(`metric,value,${name}`, "acc,0.5,-0.1")).toEqual({ acc: 0.5 });
});

test.each(["metric", "name", "key", "metric_name", "type", ".metric", "metricName", "tag", "term"])(
  "%s names a metric",
  (name) => {
    expect(csv(`${name},value`, "acc,0.5", "f1,0.4")).toEqual({ acc: 0.5, f1: 0.4 });
  },
);

test.each(["value", "score", "metric_value", ".estimate", "metricValue", "estimate"])("%s is its value", (name) => {
  expect(csv(`metric,${name},note`, "acc,0.5,x", "f1,0.4,y")).toEqual({ acc: 0.5, f1: 0.4 });
});

test("a score beside another number, in one row only, is one measure of several", () => {
  expect(csv("name,score,time", "a,1,", "b,2,3")).toEqual({ "score.a": 1, "score.b": 2, "time.b": 3 });
});

test.each(["steps", "step", "epochs", "epoch", "iterations", "iters", "x"])("%s are the steps of a series", (name) => {
  expect(json({ loss: { [name]: [1, 2], values: [0.5, 0.4] } })).toEqual({ loss: { value: 0.4, step: 2 } });
  expect(json({ ok: 1, loss: { [name]: 2, values: [0.5, 0.4] } })).not.toMatchObject({ loss: 0.4 });
});

test.each(["values", "value", "y"])("%s are the values of a series", (name) => {
  expect(json({ loss: { steps: [1, 2], [name]: [0.5, 0.4] } })).toEqual({ loss: { value: 0.4, step: 2 } });
  expect(json({ ok: 1, loss: { steps: [1, 2], [name]: "0.4" } })).toEqual({ ok: 1 });
});

test("entries, or a last update, alone are no history of github-action-benchmark", () => {
  expect(json({ mae: 1, entries: { a: 2 } })).toEqual({ mae: 1, "entries.a": 2 });
  expect(json({ mae: 1, lastUpdate: 2 })).toEqual({ mae: 1, lastUpdate: 2 });
  expect(json({ entries: {}, lastUpdate: 2 })).toBe("metrics-unknown-kind");
});

test("cells, or their format, alone are no notebook", () => {
  expect(json({ mae: 1, cells: [] })).toEqual({ mae: 1 });
  expect(json({ mae: 1, nbformat: 4 })).toEqual({ mae: 1, nbformat: 4 });
});

test("a search of which no candidate is first by all scores has no result", () => {
  expect(csv("mean_test_a,rank_test_a,rank_test_b", "0.5,1,2", "0.4,2,1")).toBe("metrics-too-many-rows");
  expect(csv("mean_test_a,rank_test_a,rank_test_b", "0.5,1,1", "0.4,2,2")).toEqual({ mean_test_a: 0.5 });
});

test("Evidently: an entry without a value is none", () => {
  expect(
    json({
      metrics: [
        { metric_id: "A", value: 1 },
        { metric: "B", result: { x: 2 } },
      ],
    }),
  ).toEqual({ A: 1, "B.x": 2 });
  expect(json({ metrics: [{ metric_id: "A", value: 1 }, { metric_id: "B" }], ok: 1 })).toEqual({
    ok: 1,
    "metrics.A.value": 1,
  });
});

test("lm-evaluation-harness: a group stands among the tasks once", () => {
  const task = { "acc,none": 0.5, "acc_stderr,none": 0.1 };
  const of = (results: object, groups: object) => json({ results, groups, versions: {}, configs: {} });
  expect(of({ a: task }, { a: { "acc,none": 0.4 }, g: { "acc,none": 0.3 } })).toEqual({
    "a.acc": { value: 0.5, stderr: 0.1 },
    "g.acc": 0.3,
  });
});

test("Google Benchmark: without the name of its run it has its own", () => {
  const entry = { name: "f/8", iterations: 5, real_time: 2, cpu_time: 1, time_unit: "ns" };
  expect(json({ context: {}, benchmarks: [entry] })).toEqual({
    "f/8.real_time": { value: 2, unit: "ns" },
    "f/8.cpu_time": { value: 1, unit: "ns" },
  });
});

test("what is wrong with a table is said", () => {
  expect(() => readMetrics('a,b\n"1"x,2\n', "m.csv", "t")).toThrow(
    "m.csv:2: text follows the closing quote of a cell. ",
  );
  expect(() => readMetrics("a,b\r1,2\n", "m.csv", "t")).toThrow("a carriage return is not followed by a line feed");
  expect(() => readMetrics('a,b\n"1,2\n', "m.csv", "t")).toThrow("a quote is not closed");
});

test("JUnit: an error is no success", () => {
  const text =
    "<testsuite><testcase><error/></testcase><testcase><failure/></testcase><testcase/><testcase/></testsuite>";
  expect(read(text, "m.xml")).toEqual({
    "tests.run": 4,
    "tests.failed": 2,
    "tests.skipped": 0,
    "tests.pass_rate": { value: 0.5, n: 4 },
  });
});

test("a printed label may end with a digit beside a name of two words", () => {
  expect(read("      mean time    n\nv1        2.5    3\nv2        3.5    4\n", "m.txt")).toEqual({
    "mean time.v1": 2.5,
    "n.v1": 3,
    "mean time.v2": 3.5,
    "n.v2": 4,
  });
});
