import { expect, test } from "vitest";
import { expandGates } from "../policy/expand-gates.ts";
import { POLICY_PATH } from "../policy/policy.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { getModelPolicy } from "../policy/require-model.ts";
import { simulateGate } from "./simulate-gate.ts";

test("each earlier result is judged against the one just before it", () => {
  const text = "version: 2\ngates: [{ metric: mae, max-regression: 0.5, max: 5 }]\n";
  const model = getModelPolicy(readPolicy(text, POLICY_PATH, { reader: "gate-metrics" }));
  // Up by two, level, down, and up by little: one step is too large, and later values are not compared with the first.
  const results = [1, 3, 3, 2, 2.4].map((value, at) => ({
    name: `c${at}`,
    metrics: [{ name: "mae", slice: null, value }],
  }));
  const { judged, failed, inconclusive, rules } = simulateGate(expandGates(model), results, undefined);
  expect({ judged, failed, inconclusive }).toEqual({ judged: 4, failed: 1, inconclusive: 0 });
  expect(rules.map(({ rule, failed: broken, newest }) => [rule, broken, newest])).toEqual([
    ["max", 0, undefined],
    ["max-regression", 1, "c1"],
  ]);
});
