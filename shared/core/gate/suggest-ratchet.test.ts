import { expect, test } from "vitest";
import type { Metric } from "../../records/fields.ts";
import type { Verdict } from "../../records/verdict.ts";
import { collectMetrics, readMetrics } from "../metrics/read-metrics.ts";
import { expandGates } from "../policy/expand-gates.ts";
import { POLICY_PATH } from "../policy/policy.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { getModelPolicy } from "../policy/require-model.ts";
import { judge } from "./judge.ts";
import { suggestRatchet } from "./suggest-ratchet.ts";

const POLICY = `version: 2
gates:
  - { metric: mae, max-regression: 1%, slices: { poor: { max-regression: 0.1 } } }
  - { metric: accuracy, max-regression: auto, on-inconclusive: pass }
`;
const m = (name: string, value: number, parts: Partial<Metric> = {}): Metric => ({
  name,
  slice: null,
  value,
  ...parts,
});
const BEST = [m("mae", 2), m("mae", 3, { slice: "poor" }), m("accuracy", 0.8, { n: 1000 }), m("other", 7)];

function suggest(
  now: readonly Metric[],
  source = "best.json as committed there",
  kind: "ratchet" | "file" = "ratchet",
) {
  const model = getModelPolicy(readPolicy(POLICY, POLICY_PATH, { reader: "gate-metrics" }));
  const provenance = { commit: "a".repeat(40), metricsDigest: "sha256:1", source, kind } as const;
  const result = judge(expandGates(model), now, { kind: "found", metrics: BEST, provenance }, model.statistics);
  return suggestRatchet({ ...result, baseline: provenance } as unknown as Verdict);
}

test("what is better by more than its noise, or than it may be worse, moves; the rest stays as it was", () => {
  const now = [
    m("mae", 1.9),
    m("mae", 2.95, { slice: "poor" }),
    m("accuracy", 0.9, { n: 1000 }),
    m("other", 1),
    m("new", 1),
  ];
  const found = suggest(now);
  expect(found).toMatchObject({ path: "best.json", better: 2 });
  expect(JSON.parse(found?.text ?? "")).toEqual({ mae: 1.9, accuracy: 0.9, other: 7, slices: { poor: { mae: 3 } } });
  // It is a file that the gate reads as it was meant.
  expect(collectMetrics([readMetrics(found?.text ?? "", "best.json", "gate-metrics")])).toHaveLength(4);
});

test.each<[string, readonly Metric[], (string | undefined)?, ("ratchet" | "file")?]>([
  ["nothing is better", [m("mae", 2), m("mae", 3, { slice: "poor" }), m("accuracy", 0.8, { n: 1000 })]],
  [
    "it is better by less than the tolerance",
    [m("mae", 1.99), m("mae", 3, { slice: "poor" }), m("accuracy", 0.81, { n: 1000 })],
  ],
  ["a rule is broken", [m("mae", 1), m("mae", 9, { slice: "poor" }), m("accuracy", 0.9, { n: 1000 })]],
  [
    "the baseline is no ratchet",
    [m("mae", 1), m("mae", 3, { slice: "poor" }), m("accuracy", 0.8, { n: 1000 })],
    undefined,
    "file",
  ],
  [
    "the file is no JSON or YAML",
    [m("mae", 1), m("mae", 3, { slice: "poor" }), m("accuracy", 0.8, { n: 1000 })],
    "best.csv as committed there",
  ],
])("nothing is suggested where %s", (_, now, source, kind) => {
  expect(suggest(now, source, kind)).toBeUndefined();
});

test("of standard errors, both count", () => {
  const now = [m("mae", 1.9, { stderr: 0.5 }), m("mae", 3, { slice: "poor" }), m("accuracy", 0.8, { n: 1000 })];
  expect(suggest(now)?.better).toBe(1);
  const [first, ...rest] = BEST;
  const sure = (stderr: number) => {
    const model = getModelPolicy(readPolicy(POLICY, POLICY_PATH, { reader: "gate-metrics" }));
    const provenance = {
      commit: "a".repeat(40),
      metricsDigest: "sha256:1",
      source: "b.json as committed there",
      kind: "ratchet",
    } as const;
    const before = [{ ...m("mae", first?.value ?? 0), stderr }, ...rest];
    const result = judge(
      expandGates(model),
      [{ ...m("mae", 1.9), stderr }, ...now.slice(1)],
      { kind: "found", metrics: before, provenance },
      model.statistics,
    );
    return suggestRatchet({ ...result, baseline: provenance } as unknown as Verdict)?.better;
  };
  expect([sure(0.001), sure(0.5)]).toEqual([1, undefined]);
});
