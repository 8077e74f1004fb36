/** What a forged verdict may change: nothing but the numbers that its run reported. */
import { expect, test } from "vitest";
import { digestOf } from "../../adapters/files/digest.ts";
import { ActionError } from "../../problem/problem.ts";
import { digestMetrics } from "../../records/digest.ts";
import type { Verdict } from "../../records/verdict.ts";
import { POLICY_PATH } from "../policy/policy.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { rejudge, type TrustedJudgement } from "./rejudge.ts";

const policy = { path: POLICY_PATH, ref: "c".repeat(40), digest: digestOf("p"), version: 2 } as const;
const rules = readPolicy("version: 2\ngates: [{ metric: mae, max: 3 }]\n", POLICY_PATH, { reader: "report-metrics" });
const trusted: TrustedJudgement = {
  ...{ trusted: { rules, policy }, baseline: { kind: "missing", reason: "none" }, notes: [] },
  findChange: () => Promise.reject(new Error("nobody asked")),
  readApprovers: () => Promise.reject(new Error("nobody asked")),
};
function verdictOf(mae: number, parts: Partial<Verdict> = {}): Verdict {
  const metrics = [{ name: "mae", slice: null, value: mae }];
  return {
    ...{ schema: "mlops-actions/verdict@2", outcome: "pass", head: "a".repeat(40), judged: "b".repeat(40), policy },
    ...{ baseline: null, rulings: [], notes: ["verified by the security team"] },
    metricsDigest: digestMetrics(metrics, digestOf),
    metrics: [{ name: "mae", slice: null, candidate: mae, baseline: null }],
    origin: { repository: "a/b", workflow: "w", run: 1, attempt: 1, actor: "a" },
    ...parts,
  };
}
const judgeAnew = (verdict: Verdict, more: Partial<TrustedJudgement> = {}) =>
  rejudge(verdict, { ...trusted, ...more }, digestOf);

test.each<[string, Partial<Verdict>]>([
  ["no rulings", { rulings: [] }],
  ["another policy", { policy: { ...policy, ref: "d".repeat(40), digest: digestOf("other") } }],
  ["no policy", { policy: null, outcome: "inconclusive" }],
  [
    "a threshold of its own",
    {
      rulings: [
        {
          ...{ metric: "mae", slice: null, better: "lower", rule: "max", threshold: 1e9, unit: "absolute" },
          ...{ candidate: 9, baseline: null, outcome: "pass", reason: "fine" },
        },
      ],
    },
  ],
])("a verdict with %s is judged by the trusted rules", async (_, forged) => {
  const anew = await judgeAnew(verdictOf(9, forged));
  expect(anew).toMatchObject({ outcome: "fail", policy, rulings: [{ threshold: 3, outcome: "fail" }] });
  expect(anew.notes.join()).not.toContain("security");
  expect(anew.notes.join()).toContain(`came to another verdict: ${forged.outcome ?? "pass"}`);
});

test("the same verdict is not said to be another, and notes of a run that is believed stay, each once", async () => {
  const { outcome, notes } = await judgeAnew(verdictOf(2), { notes: ["a", "a"] });
  expect([outcome, notes]).toEqual(["pass", ["a"]]);
});

test("without rules at the trusted commit nothing is gated, whatever the verdict says", async () => {
  const proposedPolicy = { outcome: "pass" as const, problems: [] };
  const anew = await judgeAnew(verdictOf(2, { proposedPolicy }), { trusted: null });
  expect(anew).toMatchObject({ outcome: "inconclusive", policy: null, rulings: [], proposedPolicy });
  expect((await judgeAnew(verdictOf(2, { proposedPolicy }))).proposedPolicy).toBeUndefined();
});

test.each(["metrics", "metricsDigest"] as const)(
  "numbers that are not those of the digest are refused: %s",
  async (part) => {
    const other = { metrics: verdictOf(1).metrics, metricsDigest: digestOf("x") }[part];
    await expect(judgeAnew({ ...verdictOf(9), [part]: other })).rejects.toThrow(ActionError);
  },
);

test("that a gate is closed for another reason than its rules stays so", async () => {
  const problems = [{ code: "policy-broken", message: "this change breaks it", severity: "error" as const }];
  const rulings = (await judgeAnew(verdictOf(2))).rulings;
  const anew = await judgeAnew(verdictOf(2, { outcome: "fail", rulings, problems }));
  expect(anew).toMatchObject({ outcome: "fail", problems });
  expect(anew.notes.join()).not.toContain("another verdict");
});

test("of an error only the reason is kept, and no number", async () => {
  const anew = await judgeAnew(verdictOf(2, { outcome: "error", notes: ["no record"], model: "m" }));
  expect(anew).toMatchObject({ outcome: "error", metrics: [], rulings: [], notes: [], model: "m", policy });
  expect(anew.problems).toEqual([{ code: "not-judged", message: "no record", severity: "error" }]);
  expect((await judgeAnew(verdictOf(2, { outcome: "error" }), { trusted: null })).policy).toBeNull();
});
