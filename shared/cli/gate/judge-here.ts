/** The gate's decision on a laptop, by the same core as on GitHub. */

import { digestOf } from "../../adapters/files/digest.ts";
import { buildVerdict } from "../../core/gate/build-verdict.ts";
import { judge } from "../../core/gate/judge.ts";
import { expandGates } from "../../core/policy/expand-gates.ts";
import { getModelPolicy } from "../../core/policy/require-model.ts";
import { userError } from "../../problem/problem.ts";
import { digestMetrics } from "../../records/digest.ts";
import type { Verdict } from "../../records/verdict.ts";
import type { LocalGate } from "./gather.ts";

/** Of what is not committed yet. */
const NO_COMMIT = "0".repeat(40);

/**
 * Never written to a file as a record: it would look like one that a run has made.
 *
 * @throws ActionError `gate-nothing-to-judge`
 */
export function judgeHere({
  rules,
  policyPath,
  policyText,
  metrics,
  evidence,
  baseline,
  head,
  notes,
}: LocalGate): Verdict {
  const { statistics, waivers, ...model } = getModelPolicy(rules);
  const gates = expandGates(model);
  if (gates.length === 0)
    throw userError({
      code: "gate-nothing-to-judge",
      message: "the policy has no gates, so nothing would be judged",
      place: { file: policyPath },
      fix: "Add at least one gate under gates:",
    });
  const commit = head ?? NO_COMMIT;
  return buildVerdict({
    result: judge(gates, metrics, baseline, statistics, evidence.predictions),
    subject: { head: commit, judged: commit },
    policy: { path: policyPath, ref: commit, digest: digestOf(policyText), version: rules.version },
    baseline,
    statistics,
    model: rules.chosen,
    training: evidence.files.find(({ record }) => record !== undefined)?.record,
    metricsDigest: digestMetrics(metrics, digestOf),
    notes: [...notes, ...(waivers.length === 0 ? [] : ["Waivers count on GitHub only: it knows who gave them."])],
    origin: { repository: "this/folder", workflow: "laptop", run: 1, attempt: 1, actor: "you" },
  });
}
