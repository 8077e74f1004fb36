import { describe, expect, test } from "vitest";
import type { Metric } from "../../records/fields.ts";
import { expandGates } from "../policy/expand-gates.ts";
import { POLICY_PATH } from "../policy/policy.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { getModelPolicy } from "../policy/require-model.ts";
import { judge } from "./judge.ts";

const judgeBy = (gate: object, candidate: readonly Metric[], before: readonly Metric[] = []) => {
  const policy = readPolicy(JSON.stringify({ version: 2, gates: [gate] }), POLICY_PATH, { reader: "gate-metrics" });
  const provenance = { commit: "a".repeat(40), metricsDigest: `sha256:${"0".repeat(64)}`, source: "run 1" };
  return judge(expandGates(getModelPolicy(policy)), candidate, { kind: "found", metrics: before, provenance });
};
const recall = (slice: string, value: number, n?: number): Metric => ({
  ...{ name: "recall", slice, value },
  ...(n !== undefined && { n }),
});

describe("small slices", () => {
  const gate = { metric: "recall", "worst-slice": { min: 0.7, "min-n": 50 } };

  test("do not count", () => {
    const { outcome, rulings } = judgeBy(gate, [recall("day", 0.8, 900), recall("dawn", 0.2, 3)]);
    expect(outcome).toBe("pass");
    expect(rulings).toEqual([
      expect.objectContaining({ rule: "worst-slice", limit: "min", threshold: 0.7, candidate: 0.8, between: ["day"] }),
    ]);
  });

  test("that do not say how small they are do", () => {
    expect(judgeBy(gate, [recall("day", 0.8, 900), recall("dawn", 0.2)]).outcome).toBe("fail");
  });

  test("alone decide nothing: that is no pass", () => {
    expect(judgeBy(gate, [recall("dawn", 0.9, 3)]).rulings[0]).toMatchObject({
      outcome: "fail",
      reason: "no slice of it has 50 examples",
    });
  });

  test("make a gap inconclusive", () => {
    const gap = { metric: "recall", gap: { max: 0.1, between: ["women", "men"], "min-n": 50 } };
    const judged = (n?: number) => judgeBy(gap, [recall("women", 0.8, n), recall("men", 0.8, 60)]).rulings[0];
    expect(judged(60)?.outcome).toBe("pass");
    expect(judged(20)).toMatchObject({
      outcome: "inconclusive",
      reason: expect.stringContaining("women has 20 examples"),
    });
    expect(judged()).toMatchObject({
      outcome: "inconclusive",
      reason: expect.stringContaining("an unknown number of"),
    });
  });
});

test.each([
  [{ value: 250, unit: "ms" }, "pass", "0.25 is not above max 0.3"],
  [{ value: 350, unit: "ms" }, "fail", "0.35 is above max 0.3"],
  [{ value: 0.25 }, "pass", "0.25 is not above max 0.3"],
  [{ value: 0.25, unit: "MB" }, "fail", "it is measured in MB, which cannot become s"],
])("a budget of 0.3 s for %j: %s", (measured, outcome, reason) => {
  const gate = { metric: "latency_p95", max: 0.3, unit: "s" };
  const { rulings } = judgeBy(gate, [{ name: "latency_p95", slice: null, ...measured }]);
  expect(rulings[0]).toMatchObject({ outcome, reason, measure: "s" });
});

test.each([
  [{ n: 100 }, "pass", "100 examples are enough"],
  [{ n: 99 }, "fail", "it was measured on 99 examples; at least 100 are required"],
  [{}, "fail", "on how many examples it was measured is not known; at least 100 are required"],
])("at least 100 examples with %j: %s", (measured, outcome, reason) => {
  const { rulings } = judgeBy({ metric: "f1", "min-n": 100 }, [{ name: "f1", slice: null, value: 0.5, ...measured }]);
  expect(rulings[0]).toMatchObject({ outcome, reason, rule: "min-n", threshold: 100 });
});

test("a baseline in another unit is compared, and shown, in the candidate's", () => {
  const gate = { metric: "latency_p95", "max-regression": "10%", unit: "ms" };
  const of = (value: number, unit: string): Metric => ({ name: "latency_p95", slice: null, value, unit });
  const { rulings, metrics } = judgeBy(gate, [of(260, "ms")], [of(0.25, "s")]);
  expect(rulings[0]).toMatchObject({ outcome: "pass", candidate: 260, baseline: 250 });
  expect(metrics[0]).toMatchObject({ candidate: 260, baseline: 250, unit: "ms" });
});

test("the worst of the slices by regression is the one that lost most, not the one that is lowest", () => {
  const gate = { metric: "recall", "worst-slice": { "max-regression": "50%" }, reason: "agreed" };
  const now = [recall("day", 0.8), recall("night", 0.5)];
  const { rulings } = judgeBy(gate, now, [recall("day", 0.9), recall("night", 0.5)]);
  expect(rulings).toEqual([
    expect.objectContaining({
      ...{ rule: "worst-slice", limit: "max-regression", threshold: 50, unit: "percent", outcome: "pass" },
      ...{ candidate: 0.8, baseline: 0.9, between: ["day", "night"], why: "agreed" },
    }),
  ]);
});

test("among the slices that a rule names, one that nobody measured is the worst", () => {
  const gate = { metric: "recall", "worst-slice": { min: 0.1, among: ["day", "dusk"] } };
  expect(judgeBy(gate, [recall("day", 0.8), recall("dawn", 0)]).rulings[0]).toMatchObject({
    ...{ outcome: "fail", candidate: null, between: ["dusk", "day"] },
  });
});
