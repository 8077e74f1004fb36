import { describe, expect, test } from "vitest";
import { digestMetrics } from "../../records/digest.ts";
import type { Metric } from "../../records/fields.ts";
import { digestOf } from "../../records/testing.ts";
import type { Verdict } from "../../records/verdict.ts";
import { expandGates } from "../policy/expand-gates.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { getModelPolicy } from "../policy/require-model.ts";
import type { Baseline } from "./baseline.ts";
import { buildVerdict } from "./build-verdict.ts";
import { judge } from "./judge.ts";
import { baselineIn, measuredIn, rejudge } from "./rejudge.ts";

const COMMIT = "a".repeat(40);
const policyOf = (gates: string, statistics = "{}") =>
  readPolicy(`version: 2\ngates: ${gates}\nstatistics: ${statistics}\n`, "mlops.yml", { reader: "gate-metrics" });
const metric = (name: string, value: number, more: Partial<Metric> = {}): Metric => ({
  name,
  slice: null,
  value,
  ...more,
});
const found = (metrics: readonly Metric[], values?: readonly number[]): Baseline => ({
  kind: "found",
  metrics,
  provenance: { commit: COMMIT, metricsDigest: digestOf("before"), source: "run 1" },
  ...(values && {
    history: [{ name: "mae", slice: null, values: values.map((value) => ({ commit: COMMIT, value })) }],
  }),
});

function rule(text: string, candidate: readonly Metric[], baseline: Baseline, statistics = "{}") {
  const model = getModelPolicy(policyOf(text, statistics));
  return judge(expandGates(model), candidate, baseline, model.statistics);
}
const AUTO = "[{ metric: mae, better: lower, max-regression: auto }]";
/** Earlier values with a standard deviation of about 0.02. */
const NOISE = [2.51, 2.49, 2.5, 2.53, 2.48, 2.5, 2.52, 2.47, 2.51, 2.5, 2.49, 2.52];

describe("auto, by earlier runs", () => {
  test.for([
    ["within its noise", 2.53, "pass", /not worse by more than its noise \(by earlier runs, p = /],
    ["better", 2.3, "pass", /not worse/],
    ["worse by more than its noise", 2.7, "fail", /worse by more than its noise \(by earlier runs, p = /],
  ] as const)("%s", ([_, value, outcome, reason]) => {
    const { rulings, outcome: all } = rule(AUTO, [metric("mae", value)], found([metric("mae", 2.52)], NOISE));
    expect([all, rulings]).toMatchObject([
      outcome,
      [
        {
          outcome,
          rule: "max-regression",
          tolerance: "learned",
          candidate: value,
          baseline: 2.52,
          reason: expect.stringMatching(reason),
          statistics: { evidence: "history", runs: expect.any(Number), pAdjusted: expect.any(Number) },
        },
      ],
    ]);
  });

  test.for([
    ["closes by default", "{}", "fail", undefined],
    ["is only shown with warn", "{ on-inconclusive: warn }", "inconclusive", "warn"],
    ["passes with pass", "{ on-inconclusive: pass }", "pass", undefined],
  ] as const)("what cannot be told yet %s", ([_, statistics, outcome, severity]) => {
    const { rulings } = rule(AUTO, [metric("mae", 2.7)], found([metric("mae", 2.5)], NOISE.slice(0, 4)), statistics);
    expect(rulings).toMatchObject([
      { outcome, reason: expect.stringMatching(/cannot be told: history: .*6 more runs/) },
    ]);
    expect(rulings[0]?.severity).toBe(severity);
  });
});

describe("auto, by what both sides know of their noise", () => {
  const pair = (now: number, stderr?: number) =>
    rule(
      AUTO,
      [metric("mae", now, { n: 1000, ...(stderr !== undefined && { stderr }) })],
      found([metric("mae", 2.5, { n: 1000, ...(stderr !== undefined && { stderr }) })]),
    ).rulings;
  test("standard errors", () => {
    expect(pair(2.52, 0.02)).toMatchObject([{ outcome: "pass", statistics: { evidence: "summaries" } }]);
    expect(pair(2.7, 0.02)).toMatchObject([{ outcome: "fail", threshold: expect.closeTo(0.0465, 3) }]);
  });
  test("a share and its number of examples", () => {
    const share = (now: number) =>
      rule(
        "[{ metric: accuracy, max-regression: auto }]",
        [metric("accuracy", now, { n: 1000 })],
        found([metric("accuracy", 0.9, { n: 1000 })]),
      ).rulings;
    expect(share(0.89)).toMatchObject([{ outcome: "pass" }]);
    expect(share(0.8)).toMatchObject([
      { outcome: "fail", better: "higher", statistics: { difference: expect.closeTo(-0.1, 9) } },
    ]);
  });
  test("nothing known closes the gate and says what is missing", () => {
    expect(pair(2.5)).toMatchObject([
      { outcome: "fail", reason: expect.stringContaining("neither repeats nor standard errors") },
    ]);
  });
});

describe("auto fails closed", () => {
  test.for([
    ["a metric that is missing", [], found([metric("mae", 2.5)], NOISE), "fail", "it was not measured"],
    ["one that the baseline lacks", [metric("mae", 2.5)], found([]), "fail", "the baseline does not have it"],
    ["NaN", [metric("mae", Number.NaN)], found([metric("mae", 2.5)], NOISE), "fail", "it is not a finite number"],
    [
      "no baseline",
      [metric("mae", 2.5)],
      { kind: "missing", reason: "it expired" },
      "fail",
      "there is no baseline: it expired",
    ],
    [
      "a first run",
      [metric("mae", 2.5)],
      { kind: "first-run", reason: "never" },
      "inconclusive",
      "there is no baseline: never",
    ],
  ] as const)("for %s", ([_, candidate, baseline, outcome, reason]) => {
    expect(rule(AUTO, candidate, baseline)).toMatchObject({
      outcome,
      rulings: [{ outcome, reason: expect.stringContaining(reason) }],
    });
  });
});

test("several rules are corrected together, and ordinary ones stay as they are", () => {
  const names = Array.from({ length: 10 }, (_, at) => `m${at}`);
  const gates = `[${names.map((name) => `{ metric: ${name}, better: lower, max-regression: auto }`).join(", ")}, { metric: size, better: lower, max: 3 }]`;
  const side = (shift: number) => [
    ...names.map((name, at) => metric(name, 1 + (at === 0 ? shift : 0), { stderr: 0.01, n: 500 })),
    metric("size", 2),
  ];
  // p of one alone is 0.017: worse than its noise, and not among ten.
  const alone = `[{ metric: m0, better: lower, max-regression: auto }]`;
  expect(rule(alone, side(0.03), found(side(0))).outcome).toBe("fail");
  const { rulings, outcome } = rule(gates, side(0.03), found(side(0)));
  expect([outcome, rulings.length, rulings.at(-1)?.rule]).toEqual(["pass", 11, "max"]);
  expect(rule(gates, side(0.03), found(side(0)), "{ correction: none }").outcome).toBe("fail");
});

test("a verdict carries what is needed to judge it again, and the values until now", async () => {
  const rules = policyOf(AUTO);
  const policy = { path: "mlops.yml", ref: COMMIT, digest: digestOf("policy") };
  const candidate = [metric("mae", 2.7)];
  const baseline = found([metric("mae", 2.52)], NOISE);
  const verdict: Verdict = buildVerdict({
    result: rule(AUTO, candidate, baseline),
    subject: { head: "b".repeat(40), judged: "c".repeat(40) },
    baseline,
    policy,
    metricsDigest: digestMetrics(candidate, digestOf),
    notes: [],
    origin: { repository: "octo/model", workflow: "w", run: 1, attempt: 1, actor: "a" },
  });
  expect(verdict.history?.[0]?.values.map(({ value }) => value)).toEqual([...NOISE, 2.7]);
  const ports = { findChange: () => expect.fail("no waiver"), readApprovers: () => expect.fail("no waiver") };
  const again = await rejudge(
    verdict,
    { trusted: { rules, policy }, baseline: baselineIn(verdict), notes: [], ...ports },
    digestOf,
  );
  expect(again.rulings).toEqual(verdict.rulings);
  expect(again.history).toEqual(verdict.history);
  expect(measuredIn(verdict)).toEqual(candidate);
});

test("the first verdicts begin the history, which keeps the last fifty", () => {
  const build = (baseline: Baseline, value: number) =>
    buildVerdict({
      result: rule(AUTO, [metric("mae", value)], baseline),
      subject: { head: "b".repeat(40), judged: "c".repeat(40) },
      baseline,
      policy: null,
      metricsDigest: digestOf("m"),
      notes: [],
      origin: { repository: "octo/model", workflow: "w", run: 1, attempt: 1, actor: "a" },
    }).history?.[0]?.values.map((one) => one.value);
  expect(build({ kind: "first-run", reason: "never" }, 1)).toEqual([1]);
  expect(build(found([metric("mae", 1)]), 2)).toEqual([1, 2]);
  const many = Array.from({ length: 50 }, (_, at) => at + 1);
  expect(build(found([metric("mae", 50)], many), 51)).toEqual([...many.slice(1), 51]);
});
