import { expect, test } from "vitest";
import { alignPredictions } from "../statistics/predictions/align-predictions.ts";
import type { CaseResult } from "../statistics/predictions/case-result.ts";
import { calibrationError, describeCalibration } from "./describe-calibration.ts";

const COUNT = 200;
/** Every tenth score twenty times; with `share(score)` of them positive. */
const side = (score: (at: number) => number, label: (at: number) => string): readonly CaseResult[] =>
  Array.from({ length: COUNT }, (_, at) => ({ id: `${at}`, label: label(at), score: score(at), line: at + 1 }));
const label = (at: number): string => ((at % 20) / 20 < Math.floor(at / 20) / 10 ? "yes" : "no");
const right = (at: number): number => Math.floor(at / 20) / 10 + 0.001;
const describeSides = (candidate: readonly CaseResult[], baseline: readonly CaseResult[], positive?: string) =>
  describeCalibration({ aligned: alignPredictions(candidate, baseline), seed: "sha256:1" } as never, positive)
    .calibration;

test("a calibrated model's frequencies are its scores, and one that is too sure is further away", () => {
  const found = describeSides(
    side((at) => Math.min(1, right(at) + 0.3), label),
    side(right, label),
  );
  expect(found?.edges).toHaveLength(11);
  expect(found?.baseline?.map(({ n }) => n)).toEqual(Array(10).fill(20));
  expect(found?.baseline?.[5]).toEqual({ n: 20, mean: expect.closeTo(0.501, 9), observed: 0.5 });
  expect(calibrationError(found?.baseline ?? [])).toBeCloseTo(0.001, 6);
  expect(calibrationError(found?.candidate ?? [])).toBeGreaterThan(0.2);
  expect(found?.candidate?.[0]).toEqual({ n: 0, mean: null, observed: null });
});

test("scores of 0 and 1 are in the first and the last bin", () => {
  const found = describeSides(
    side((at) => at % 2, label),
    side(right, label),
  );
  expect(found?.candidate?.map(({ n }) => n)).toEqual([100, 0, 0, 0, 0, 0, 0, 0, 0, 100]);
});

test.each<[string, readonly CaseResult[], string?]>([
  ["scores that are no probabilities", side((at) => at, label)],
  ["three classes", side(right, (at) => `${at % 3}`)],
  ["two classes of which none is named as the positive one", side(right, (at) => (at % 2 ? "cat" : "dog"))],
  ["few cases", side(right, label).slice(0, 99)],
  ["no scores", side(right, label).map(({ score: _, ...rest }) => rest)],
])("there is none for %s", (_, candidate) => {
  expect(describeSides(candidate, candidate)).toBeUndefined();
});

test("the policy may name the positive class", () => {
  const cases = side(right, (at) => (at % 2 ? "cat" : "dog"));
  expect(describeSides(cases, cases, "cat")?.candidate[3]?.observed).toBe(0.5);
  expect(calibrationError([])).toBe(0);
});
