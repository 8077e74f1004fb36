/** Whatever the evidence is, a decision is one of three, and no number of it is NaN. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { alignPredictions } from "../predictions/align-predictions.ts";
import type { CaseResult } from "../predictions/case-result.ts";
import { CASE_STATISTICS } from "../predictions/case-statistic.ts";
import { randomOf } from "../testing.ts";
import { compareEvidence } from "./compare-evidence.ts";
import { type ChangeJudgement, judgeChanges } from "./judge-changes.ts";

const odd = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.5, 1e308, -1e308, 5e-324, Number.NaN, Number.POSITIVE_INFINITY),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const summary = fc.record(
  {
    value: odd,
    n: fc.nat(1000),
    stderr: odd,
    repeats: fc.array(fc.record({ value: odd, seed: fc.nat(3) }, { requiredKeys: ["value"] }), { maxLength: 5 }),
  },
  { requiredKeys: ["value"] },
);
const result: fc.Arbitrary<CaseResult> = fc.record(
  {
    id: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"),
    label: fc.constantFrom("0", "1"),
    prediction: fc.constantFrom("0", "1", "2"),
    score: fc.oneof(odd.filter(Number.isFinite), fc.constantFrom(0.2, 0.7)),
    weight: fc.constantFrom(0, 1, 2.5),
    cluster: fc.constantFrom("x", "y"),
    repeat: fc.constantFrom("1", "2"),
    error: fc.constant("timeout"),
    line: fc.constant(1),
  },
  { requiredKeys: ["id", "line"] },
);
const results = fc.array(result, { maxLength: 30 });
const evidence = fc
  .record({
    candidate: summary,
    baseline: summary,
    history: fc.array(odd, { maxLength: 30 }),
    statistic: fc.constantFrom(...CASE_STATISTICS),
    files: fc.tuple(results, results),
    maxRegression: fc.constantFrom(0, 0.01, 10),
    better: fc.constantFrom("higher", "lower"),
  })
  .map(({ statistic, files, maxRegression, better, ...rest }) => ({
    evidence: { ...rest, caseMetric: { statistic }, predictions: alignPredictions(...files) },
    rule: { maxRegression, better },
  }));

function findNaN(judgement: ChangeJudgement): string[] {
  const { interval, ...flat } = judgement;
  const numbers = Object.entries({ ...flat, ...interval }).filter(([, value]) => typeof value === "number");
  const isSound = (name: string, value: number): boolean =>
    Number.isFinite(value) || (name === "detectable" && value > 0);
  return numbers.filter(([name, value]) => !isSound(name, value as number)).map(([name]) => name);
}

test("odd evidence", () => {
  fc.assert(
    fc.property(fc.array(evidence, { minLength: 1, maxLength: 3 }), (all) => {
      const changes = all.map(({ evidence: each, rule }) => ({
        rule,
        comparisons: compareEvidence(each, { minRuns: 3, random: randomOf("odd") }),
      }));
      const judgements = judgeChanges(changes, { alpha: 0.05, power: 0.8, correction: "holm" });
      expect(judgements).toHaveLength(all.length);
      for (const judgement of judgements) {
        expect(["pass", "fail", "inconclusive"]).toContain(judgement.outcome);
        expect(findNaN(judgement)).toEqual([]);
        if (judgement.p !== undefined) expect(judgement.p).toBeLessThanOrEqual(1);
        if (judgement.interval) expect(judgement.interval.low).toBeLessThanOrEqual(judgement.interval.high);
      }
    }),
    { numRuns: 400, seed: 17 },
  );
});
