import { expect, test } from "vitest";
import type { Ruling } from "../records/verdict.ts";
import { describeNextStep } from "./rulings.ts";

const ruling: Ruling = {
  ...{ metric: "accuracy", slice: null, better: "higher", rule: "max-regression", threshold: 0, unit: "absolute" },
  ...{ candidate: 0.9, baseline: 0.95, outcome: "fail", reason: "" },
};
const next = (changes: Partial<Ruling>): string | undefined =>
  describeNextStep({ rulings: [{ ...ruling, ...changes }], policy: null })?.markdown;

test.each<[string, Partial<Ruling>, string]>([
  ["is written down", { reason: "0.9 is worse" }, "improve `accuracy`"],
  [
    "is proven",
    { tolerance: "learned", reason: "it is worse by more than its noise (by earlier runs)" },
    "improve `accuracy`",
  ],
  [
    "cannot be told",
    { tolerance: "learned", reason: "whether it is worse than its noise cannot be told: 3 cases have no result" },
    "complete the evidence for `accuracy`",
  ],
  [
    "is about other predictions",
    { tolerance: "learned", reason: "the candidate's predictions give 0.8, its metrics say 0.9" },
    "complete the evidence for `accuracy`",
  ],
])("the next step after a loss that %s", (_, changes, step) => {
  expect(next(changes)).toContain(step);
});
