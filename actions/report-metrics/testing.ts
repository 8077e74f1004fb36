/** Verdicts as a gate of this release reaches them, and what a policy must be for that. */
import { digestOf } from "../../shared/adapters/files/digest.ts";
import type { Baseline } from "../../shared/core/gate/baseline.ts";
import { buildVerdict } from "../../shared/core/gate/build-verdict.ts";
import { judge } from "../../shared/core/gate/judge.ts";
import type { WaiverPorts } from "../../shared/core/gate/judge-with-waivers.ts";
import { expandGates } from "../../shared/core/policy/expand-gates.ts";
import { POLICY_PATH } from "../../shared/core/policy/policy.ts";
import { readPolicy } from "../../shared/core/policy/read-policy.ts";
import { getModelPolicy } from "../../shared/core/policy/require-model.ts";
import { digestMetrics } from "../../shared/records/digest.ts";
import type { Origin } from "../../shared/records/fields.ts";
import type { Verdict } from "../../shared/records/verdict.ts";

export const POLICY = `version: 1
gates:
  - { metric: mae, better: lower, max: 3 }
`;

/** For policies without any. */
export const NO_WAIVERS: WaiverPorts = {
  findChange: () => Promise.reject(new Error("nobody asked whose change it is")),
  readApprovers: () => Promise.reject(new Error("nobody asked who may write")),
};

interface Judgement {
  readonly head: string;
  readonly origin: Origin;
  readonly values: Readonly<Record<string, number>>;
  /** The commit of the policy. */
  readonly ref: string;
  readonly policy?: string;
  /** The one of several. */
  readonly model?: string;
  readonly baseline?: Baseline;
  readonly notes?: readonly string[];
}

const NO_BASELINE: Baseline = { kind: "missing", reason: "the branch has none" };

export function judgeValues({ values, policy = POLICY, baseline = NO_BASELINE, ref, ...rest }: Judgement): Verdict {
  const candidate = Object.entries(values).map(([name, value]) => ({ name, slice: null, value }));
  const rules = readPolicy(policy, POLICY_PATH, { reader: "gate-metrics", model: rest.model });
  return buildVerdict({
    result: judge(expandGates(getModelPolicy(rules)), candidate, baseline),
    subject: { head: rest.head, judged: "b".repeat(40) },
    model: rules.chosen,
    policy: { path: POLICY_PATH, ref, digest: digestOf(policy), version: rules.version },
    ...{ baseline, notes: [...(rest.notes ?? [])], origin: rest.origin },
    metricsDigest: digestMetrics(candidate, digestOf),
  });
}
