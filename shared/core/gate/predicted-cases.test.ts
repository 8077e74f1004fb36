/** Rules that learn their noise from the same examples of both sides, and what a change may try with them. */
import { describe, expect, test } from "vitest";
import type { Metric } from "../../records/fields.ts";
import { digestOf } from "../../records/testing.ts";
import { expandGates } from "../policy/expand-gates.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { getModelPolicy } from "../policy/require-model.ts";
import type { CaseResult } from "../statistics/predictions/case-result.ts";
import type { Baseline } from "./baseline.ts";
import { judge } from "./judge.ts";

const COMMIT = "a".repeat(40);
const metric = (name: string, value: number, slice: string | null = null): Metric => ({ name, slice, value });

type Cases = readonly CaseResult[];
type Change = (result: CaseResult, at: number) => Partial<CaseResult> | undefined;

/** A thousand cases, of which the first `wrong` are wrong. */
const predict = (wrong: number, change: Change = () => ({}), n = 1000): Cases =>
  Array.from({ length: n }, (_, at): CaseResult => {
    const label = at % 2 === 0 ? "cat" : "dog";
    const other = at % 2 === 0 ? "dog" : "cat";
    const result = { id: `c${at}`, label, prediction: at < wrong ? other : label, line: at + 2 };
    return { ...result, ...change(result, at) };
  });
const accuracyOf = (cases: Cases): number =>
  cases.filter(({ label, prediction }) => label === prediction).length / cases.length;
const digest = (cases: Cases) => digestOf(JSON.stringify(cases));

/** The share of pairs of a dog and a cat in which the dog has the higher score; half of the equal ones. */
function areaOf(cases: Cases): number {
  const [dogs, cats] = ["dog", "cat"].map((label) => cases.filter((one) => one.label === label));
  const wins = dogs?.flatMap(
    ({ score: a = 0 }) => cats?.map(({ score: b = 0 }) => (a > b ? 1 : a === b ? 0.5 : 0)) ?? [],
  );
  return (wins ?? []).reduce<number>((sum, win) => sum + win, 0) / (wins?.length ?? 1);
}

interface Side {
  readonly cases?: Cases | undefined;
  readonly metrics?: readonly Metric[];
}

function judged(
  now: Side,
  before: Side,
  { gates = "[{ metric: accuracy, max-regression: auto }]", statistics = "" } = {},
) {
  const text = `version: 2\ngates: ${gates}\nstatistics: { predictions: { files: [p.csv] }${statistics} }\n`;
  const model = getModelPolicy(readPolicy(text, "mlops.yml", { reader: "gate-metrics" }));
  const metricsOf = ({ cases = [], metrics }: Side) => metrics ?? [metric("accuracy", accuracyOf(cases))];
  const casesOf = ({ cases }: Side) => cases && { results: cases, digest: digest(cases) };
  const predictions = casesOf(before);
  const baseline: Baseline = {
    ...{ kind: "found", metrics: metricsOf(before) },
    provenance: { commit: COMMIT, metricsDigest: "", source: "run 1" },
    ...(predictions && { predictions }),
  };
  return judge(expandGates(model), metricsOf(now), baseline, model.statistics, casesOf(now));
}
const rulingOf = (...input: Parameters<typeof judged>) => judged(...input).rulings[0];

describe("the same examples decide", () => {
  test("by the exact McNemar test, whose evidence, test and n the ruling names", () => {
    // 30 broken and 10 fixed of 40 that differ: one-sided p of the binomial is 0.0011.
    const now = predict(0, ({ label }, at) => ({ prediction: at < 30 ? "bird" : (label ?? "") }));
    const before = predict(0, ({ label }, at) => ({ prediction: at >= 500 && at < 510 ? "bird" : (label ?? "") }));
    expect(rulingOf({ cases: now }, { cases: before })).toMatchObject({
      ...{ outcome: "fail", candidate: 0.97, baseline: 0.99 },
      reason: expect.stringContaining("by the same examples, p = 0.0011"),
      statistics: {
        evidence: "predictions",
        test: "exact McNemar test",
        n: 1000,
        pAdjusted: expect.closeTo(0.0011, 4),
      },
    });
  });

  test("a model that changed as many for the better as for the worse is not worse", () => {
    const now = predict(0, ({ label }, at) => ({ prediction: at < 20 ? "bird" : (label ?? "") }));
    const before = predict(0, ({ label }, at) => ({ prediction: at >= 500 && at < 520 ? "bird" : (label ?? "") }));
    expect(rulingOf({ cases: now }, { cases: before })?.outcome).toBe("pass");
  });

  test("scores, by DeLong's test, once the positive class is known", () => {
    const scored = (noise: number) =>
      predict(0, ({ label }, at) => ({ score: (label === "dog" ? 0.55 : 0.45) + noise * Math.sin(at * 12.9898) }));
    const auc = (cases: Cases) => [metric("auc", areaOf(cases))];
    const gates = "[{ metric: auc, max-regression: auto }]";
    const sides = [
      { cases: scored(0.4), metrics: auc(scored(0.4)) },
      { cases: scored(0.2), metrics: auc(scored(0.2)) },
    ] as const;
    expect(rulingOf(...sides, { gates })?.reason).toContain("which label is the positive class is not known");
    const known = judgedPositive(sides, gates);
    expect(known?.statistics).toMatchObject({ evidence: "predictions", test: "DeLong's test" });
    expect(known?.outcome).toBe("fail");
  });

  test("of a slice, the cases that the baseline has in it", () => {
    const inSlices = (wrong: number) =>
      predict(0, ({ label }, at) => ({
        ...{ group: at < 200 ? "night" : "day" },
        ...(at < wrong && { prediction: label === "dog" ? "cat" : "dog" }),
      }));
    const now = inSlices(40);
    const metrics = (night: number) => [metric("accuracy", night, "night")];
    const gates = "[{ metric: accuracy, slices: { night: { max-regression: auto } } }]";
    expect(
      rulingOf({ cases: now, metrics: metrics(0.8) }, { cases: inSlices(0), metrics: metrics(1) }, { gates }),
    ).toMatchObject({
      ...{ outcome: "fail", slice: "night" },
      statistics: { evidence: "predictions", n: 200 },
    });
    const elsewhere = "[{ metric: accuracy, slices: { dawn: { max-regression: auto } } }]";
    const dawn = [metric("accuracy", 1, "dawn")];
    expect(rulingOf({ cases: now, metrics: dawn }, { cases: now, metrics: dawn }, { gates: elsewhere })).toMatchObject({
      outcome: "fail",
      reason: expect.stringContaining("in this slice"),
    });
  });

  test("tries of one example as a share", () => {
    const tried = (yes: number) =>
      Array.from({ length: 200 }, (_, at) => at).flatMap((at) =>
        Array.from({ length: 5 }, (_, repeat): CaseResult => {
          const prediction = repeat < (at % 4 === 0 ? yes : 5) ? "yes" : "no";
          return { id: `c${at}`, label: "yes", prediction, repeat: String(repeat), line: 1 };
        }),
      );
    expect(rulingOf({ cases: tried(1) }, { cases: tried(4) })).toMatchObject({
      outcome: "fail",
      statistics: { evidence: "predictions", n: 200, difference: expect.closeTo(-0.15, 9) },
    });
  });
});

function judgedPositive([now, before]: readonly [Side, Side], gates: string) {
  const text = `version: 2\ngates: ${gates}\nstatistics: { predictions: { files: [p.csv], positive: dog } }\n`;
  const model = getModelPolicy(readPolicy(text, "mlops.yml", { reader: "gate-metrics" }));
  const casesOf = ({ cases = [] }: Side) => ({ results: cases, digest: digest(cases) });
  const baseline: Baseline = {
    ...{ kind: "found", metrics: before.metrics ?? [] },
    provenance: { commit: COMMIT, metricsDigest: "", source: "run 1" },
    predictions: casesOf(before),
  };
  return judge(expandGates(model), now.metrics ?? [], baseline, model.statistics, casesOf(now)).rulings[0];
}

describe("what a change may try", () => {
  const before = predict(100);
  const bad = [metric("accuracy", 0.7)];

  test.each([
    [
      "the baseline's predictions beside a worse metric",
      before,
      bad,
      "the candidate's predictions give 0.9, its metrics say 0.7",
    ],
    [
      "with one case more",
      [...before, { id: "new", label: "cat", prediction: "cat", line: 1 }],
      bad,
      "predictions give 0.9",
    ],
    ["without labels", before.map(({ label: _, ...rest }) => rest), bad, "predictions give 0.9"],
    [
      "a better metric than its predictions give",
      predict(300),
      [metric("accuracy", 0.9)],
      "predictions give 0.7, its metrics say 0.9",
    ],
  ] as const)("%s closes the gate, whatever the policy says of what is inconclusive", (_, cases, metrics, reason) => {
    const ruling = rulingOf({ cases, metrics }, { cases: before }, { statistics: ", on-inconclusive: pass" });
    expect(ruling).toMatchObject({ outcome: "fail", reason: expect.stringContaining(reason) });
  });

  test.each([
    ["left out", before.slice(0, 990), "10 cases have no result"],
    ["said to have broken", predict(100, (_, at) => (at >= 999 ? { error: "timeout" } : {})), "1 case has no result"],
    [
      "without an answer",
      predict(100, (_, at) => (at >= 997 ? { prediction: undefined as never } : {})),
      "3 cases have no result",
    ],
  ])("cases that are %s are no success, whatever the policy says of what is inconclusive", (_, cases, reason) => {
    const metrics = [metric("accuracy", accuracyOf(cases))];
    const ruling = rulingOf({ cases, metrics }, { cases: before }, { statistics: ", on-inconclusive: pass" });
    expect(ruling).toMatchObject({ outcome: "fail", reason: expect.stringContaining(reason) });
  });

  describe("with slices", () => {
    const gates = "[{ metric: accuracy, slices: { night: { max-regression: auto } } }]";
    const night = (value: number) => [metric("accuracy", value, "night")];
    const inNight = predict(0, (_, at) => ({ group: at < 200 ? "night" : "day" }));
    const before = { cases: inNight, metrics: night(1) };
    const play = { gates, statistics: ", on-inconclusive: pass" };

    test("whose bad cases are put into another one: a case is in the baseline's slice", () => {
      const cases = inNight.map((one, at) => (at < 40 ? { ...one, prediction: "bird", group: "day" } : one));
      expect(rulingOf({ cases, metrics: night(1) }, before, play)).toMatchObject({
        outcome: "fail",
        reason: "the candidate's predictions give 0.8, its metrics say 1",
      });
    });

    test("that are left out as a whole", () => {
      const cases = inNight.slice(200);
      expect(rulingOf({ cases, metrics: night(1) }, before, play)).toMatchObject({
        outcome: "fail",
        reason: expect.stringContaining("200 cases have no result"),
      });
    });
  });

  test("other labels are no comparison", () => {
    const cases = predict(100, ({ label }, at) => (at < 100 ? { label: label === "cat" ? "dog" : "cat" } : {}));
    expect(rulingOf({ cases }, { cases: before })).toMatchObject({
      outcome: "fail",
      reason: expect.stringContaining("has several labels"),
    });
  });
});

test("without predictions of the baseline another kind decides, and the ruling says why", () => {
  const sized = (value: number) => [{ ...metric("accuracy", value), n: 1000 }];
  const ruling = rulingOf({ cases: predict(101), metrics: sized(0.899) }, { metrics: sized(0.9) });
  expect(ruling).toMatchObject({ outcome: "pass", statistics: { evidence: "summaries" } });
  expect(ruling?.reason).toContain("not by predictions: the baseline has none");
});

test("a gate whose evidence is another is not judged by predictions, and need not agree with them", () => {
  const gates = "[{ metric: train/accuracy, max-regression: auto, evidence: [summaries] }]";
  const sized = (value: number) => [{ ...metric("train/accuracy", value), n: 1000 }];
  const ruling = rulingOf(
    { cases: predict(100), metrics: sized(0.999) },
    { cases: predict(100), metrics: sized(0.999) },
    { gates },
  );
  expect(ruling).toMatchObject({ outcome: "pass", statistics: { evidence: "summaries" } });
});

describe("what changed", () => {
  test("is told by id, and as two matrices", () => {
    const now = predict(3);
    const before = predict(5, (_, at) => (at === 0 ? { prediction: "cat" } : {}));
    const { flips, confusion } = judged({ cases: now }, { cases: before });
    expect(flips).toEqual([{ metric: "accuracy", broken: ["c0"], fixed: ["c3", "c4"], brokenCount: 1, fixedCount: 2 }]);
    expect(confusion).toEqual({
      labels: ["cat", "dog"],
      baseline: [
        [498, 2],
        [2, 498],
      ],
      candidate: [
        [498, 2],
        [1, 499],
      ],
    });
  });

  test("has room for a thousand ids, and counts all", () => {
    const [flips] =
      judged({ cases: predict(1500, undefined, 2000) }, { cases: predict(0, undefined, 2000) }).flips ?? [];
    expect([flips?.broken.length, flips?.brokenCount]).toEqual([1000, 1500]);
  });

  test("is not told of amounts, of one class, or of many", () => {
    const gates = "[{ metric: mae, better: lower, max-regression: auto }]";
    const amounts = predict(0, (_, at) => ({ label: String(at), prediction: String(at + 1) }));
    const mae = { cases: amounts, metrics: [metric("mae", 1)] };
    expect(judged(mae, mae, { gates })).not.toHaveProperty("flips");
    const one = predict(0, () => ({ label: "a", prediction: "a" }));
    expect(judged({ cases: one }, { cases: one })).not.toHaveProperty("confusion");
    const many = predict(0, (_, at) => ({ label: `${at % 21}`, prediction: `${at % 21}` }));
    expect(judged({ cases: many }, { cases: many })).toMatchObject({ flips: [{ brokenCount: 0 }] });
    expect(judged({ cases: many }, { cases: many })).not.toHaveProperty("confusion");
  });
});

test("the same evidence is judged the same, whoever judges", () => {
  const scored = (shift: number) => predict(0, (_, at) => ({ score: Math.sin(at) + shift * Math.cos(3 * at) }));
  const mean = (cases: Cases) => [
    metric("judge_score", cases.reduce((sum, { score = 0 }) => sum + score, 0) / cases.length),
  ];
  const gates = "[{ metric: judge_score, better: higher, max-regression: auto }]";
  const [now, before] = [scored(0.3), scored(0.1)];
  const once = () => judged({ cases: now, metrics: mean(now) }, { cases: before, metrics: mean(before) }, { gates });
  expect(once()).toEqual(once());
  expect(once().rulings[0]?.statistics?.seed).toMatch(/^sha256:[0-9a-f]{64}$/);
});
