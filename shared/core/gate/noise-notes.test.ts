import { describe, expect, test } from "vitest";
import type { Metric } from "../../records/fields.ts";
import { expandGates } from "../policy/expand-gates.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { getModelPolicy } from "../policy/require-model.ts";
import type { Baseline } from "./baseline.ts";
import { extendHistory, wantsHistory } from "./extend-history.ts";
import { judge } from "./judge.ts";
import { noiseNotes } from "./noise-notes.ts";

const COMMIT = "a".repeat(40);
const LEVELS = { alpha: 0.05, minRuns: 10 };
/** Standard deviation of about 0.02. Expected numbers are from NumPy and SciPy 1.17: mean square of successive differences, t. */
const VALUES = [2.51, 2.49, 2.5, 2.53, 2.48, 2.5, 2.52, 2.47, 2.51, 2.5, 2.49, 2.5];

const metric = (name: string, value: number, slice: string | null = null): Metric => ({ name, slice, value });
const found = (
  metrics: readonly Metric[],
  histories: Readonly<Record<string, readonly number[]>> = {},
  slice: string | null = null,
): Baseline => ({
  ...{ kind: "found", metrics, provenance: { commit: COMMIT, metricsDigest: "", source: "run 1" } },
  history: Object.entries(histories).map(([name, values]) => ({
    ...{ name, slice },
    values: values.map((value) => ({ commit: COMMIT, value })),
  })),
});

function judged(gates: string, candidate: readonly Metric[], baseline: Baseline) {
  const policy = readPolicy(`version: 2\ngates: ${gates}\n`, "mlops.yml", { reader: "gate-metrics" });
  return judge(expandGates(getModelPolicy(policy)), candidate, baseline);
}
const notesOf = (gates: string, baseline: Baseline, levels = LEVELS) =>
  noiseNotes(judged(gates, baseline.kind === "found" ? baseline.metrics : [], baseline).rulings, baseline, levels);

const MAE = found([metric("mae", 2.5)], { mae: VALUES });
const gate = (rule: string) => `[{ metric: mae, better: lower, ${rule} }]`;

describe("a rule is told to be tighter than its noise", () => {
  test.each([
    ["a share", "max-regression: 1%", "max-regression 1% of `mae`", 22, "2.4%"],
    ["an amount", "max-regression: 0.01", "max-regression 0.01 of `mae`", 38, "0.058"],
    ["in either direction", "max-change: 1%", "max-change 1% of `mae`", 44, "2.9%"],
    ["with its unit", "max-regression: 0.01, unit: ms", "max-regression 0.01 ms of `mae`", 38, "0.058 ms"],
    ["no tolerance at all", "max-regression: 0%", "max-regression 0% of `mae`", 50, "2.4%"],
  ])("%s", (_, rule, said, failing, enough) => {
    expect(notesOf(gate(rule), MAE)).toEqual([
      `The rule ${said.replaceAll("`", '"')} is tighter than your noise: about ${failing} of 100 unchanged models would fail, as its last 12 values show; with ${enough} at most 5 would. With "auto" all rules together fail at most 5.`,
    ]);
  });

  test("a share of a baseline of 0 is no room: an amount is", () => {
    const zero = found([metric("bias", 0)], { bias: VALUES.map((value) => value - 2.5) });
    expect(notesOf("[{ metric: bias, better: lower, max-regression: 5% }]", zero)[0]).toMatch(
      /about 50 of 100 .* with 0\.058 at most 5 would/,
    );
  });

  test("of a slice", () => {
    const slice = found([metric("mae", 2.5, "night")], { mae: VALUES }, "night");
    expect(notesOf("[{ metric: mae, better: lower, slices: { night: { max-regression: 1% } } }]", slice)[0]).toContain(
      'of "mae" of the slice "night" is tighter',
    );
  });

  test("what it names as enough, is: no note any more", () => {
    for (const rule of ["max-regression: 2.4%", "max-regression: 0.058", "max-change: 2.9%"])
      expect(notesOf(gate(rule), MAE)).toEqual([]);
  });

  test("by the policy's own levels", () => {
    const wide = notesOf(gate("max-regression: 2.1%"), MAE, { ...LEVELS, alpha: 0.001 });
    expect(wide[0]).toMatch(/about 6 of 100 .* with 5\.7% at most 0\.1 would/);
    expect(notesOf(gate("max-regression: 1%"), MAE, { ...LEVELS, minRuns: 13 })).toEqual([]);
  });
});

describe("several rules", () => {
  const names = Array.from({ length: 10 }, (_, at) => `m${at}`);
  const all = found(
    names.map((name) => metric(name, 2.5)),
    Object.fromEntries(names.map((name) => [name, VALUES])),
  );
  const gates = (tolerance: string) =>
    `[${names.map((name) => `{ metric: ${name}, better: lower, max-regression: ${tolerance} }`).join(", ")}]`;
  test("are named up to three, and counted together", () => {
    const [note = "", ...more] = notesOf(gates("1%"), all);
    expect([more, note.match(/tighter than your noise/g)?.length]).toEqual([[], 3]);
    expect(note).toContain(
      'So are 7 more. The 10 rules with a fixed tolerance together would fail about 92 of 100. With "auto"',
    );
  });
  test("three are all of them", () => {
    const three = `[${names
      .slice(0, 3)
      .map((name) => `{ metric: ${name}, better: lower, max-regression: 1% }`)
      .join(", ")}]`;
    const [note = ""] = notesOf(three, all);
    expect([note.match(/tighter than your noise/g)?.length, note.includes("So are")]).toEqual([3, false]);
  });
  test("are told when each alone has room enough", () => {
    expect(notesOf(gates("2.5%"), all)).toEqual([
      'The 10 rules with a fixed tolerance together are tighter than your noise: they would fail about 33 of 100. With "auto" all rules together fail at most 5.',
    ]);
  });
});

test.each([
  ["a rule that learns its noise", gate("max-regression: auto"), MAE],
  ["one that is only shown", gate("max-regression: 1%, severity: warn"), MAE],
  ["one without a tolerance", gate("max: 2.51"), MAE],
  ["one that asks for more", gate("min-improvement: 1%"), MAE],
  ["too few values", gate("max-regression: 1%"), found([metric("mae", 2.5)], { mae: VALUES.slice(0, 9) })],
  ["values that do not vary", gate("max-regression: 1%"), found([metric("mae", 2.5)], { mae: VALUES.map(() => 2.5) })],
  ["no values", gate("max-regression: 1%"), found([metric("mae", 2.5)])],
  ["no baseline", gate("max-regression: 1%"), { kind: "missing", reason: "it expired" } as const],
])("nothing is told of %s", (_, gates, baseline) => {
  expect(notesOf(gates, baseline)).toEqual([]);
});

test("values are kept of every metric that is judged by itself, once", () => {
  const baseline = found([metric("mae", 2.5), metric("mae", 3, "night"), metric("other", 1)], { mae: VALUES });
  const gates =
    "[{ metric: mae, better: lower, max: 9, max-regression: 5%, worst-slice: { max: 9 } }, { metric: size, better: lower, max: 3 }]";
  const result = judged(gates, [metric("mae", 2.6), metric("mae", 3, "night"), metric("other", 1)], baseline);
  expect(extendHistory(result, baseline, "b".repeat(40))).toEqual([
    {
      ...{ name: "mae", slice: null },
      values: [...VALUES.map((value) => ({ commit: COMMIT, value })), { commit: "b".repeat(40), value: 2.6 }],
    },
  ]);
});

test.each([
  ["a broken tolerance without earlier values", gate("max-regression: 1%"), 2.6, found([metric("mae", 2.5)]), true],
  ["one with them", gate("max-regression: 1%"), 2.6, MAE, false],
  ["one that holds", gate("max-regression: 1%"), 2.5, found([metric("mae", 2.5)]), false],
  ["another broken rule", gate("max: 1"), 2.6, found([metric("mae", 2.5)]), false],
  ["a missing baseline", gate("max-regression: 1%"), 2.6, { kind: "missing", reason: "" } as const, false],
])("earlier values are asked for: %s", (_, gates, value, baseline, wanted) => {
  expect(wantsHistory(judged(gates, [metric("mae", value)], baseline), baseline)).toBe(wanted);
});
