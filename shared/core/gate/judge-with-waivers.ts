/** The whole decision by a policy: its gates, and the waivers that keep a broken rule from closing the gate. */
import type { Metric } from "../../records/fields.ts";
import type { Policy } from "../policy/policy.ts";
import { getModelPolicy } from "../policy/require-model.ts";
import { type Approver, applyWaivers, findNeededWaivers, type WaivedChange } from "./apply-waivers.ts";
import type { Baseline } from "./baseline.ts";
import { type JudgingPolicy, requireGates } from "./build-verdict.ts";
import { type GateResult, judge, outcomeOf } from "./judge.ts";
import type { PredictedCases } from "./predicted-cases.ts";

export interface GatePolicy {
  readonly rules: Policy;
  readonly policy: JudgingPolicy;
}

/** What GitHub knows, asked only where a waiver would change something. */
export interface WaiverPorts {
  readonly findChange: () => Promise<WaivedChange>;
  /** By login in lower case; without those that GitHub does not know. */
  readonly readApprovers: (logins: readonly string[]) => Promise<ReadonlyMap<string, Approver>>;
}

/** @throws ActionError `gate-nothing-to-judge`, and whatever the ports throw */
export async function judgeWithWaivers(
  { rules, policy }: GatePolicy,
  candidate: readonly Metric[],
  baseline: Baseline,
  { findChange, readApprovers }: WaiverPorts,
  predictions?: PredictedCases,
): Promise<GateResult & { readonly notes: readonly string[] }> {
  const { waivers, statistics } = getModelPolicy(rules);
  const result = judge(requireGates({ rules, policy }), candidate, baseline, statistics, predictions);
  if (waivers.length === 0 || result.outcome === "pass") return { ...result, notes: [] };
  const change = await findChange();
  const needed = findNeededWaivers(result.rulings, waivers, change.branch);
  const approvers = await readApprovers([...new Set(needed.map(({ approver }) => approver.toLowerCase()))]);
  const options = { path: policy.path, longest: rules.trust["waiver-max"] };
  const { rulings, notes } = applyWaivers(result.rulings, waivers, change, approvers, options);
  return { ...result, rulings: [...rulings], outcome: outcomeOf(rulings), notes };
}
