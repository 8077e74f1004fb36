/** What both plan and apply read before they decide. */
import { getModelPolicy, requireModel } from "../../shared/core/policy/require-model.ts";
import type { WorkflowRun } from "../../shared/core/promotion/approvals.ts";
import { assertTagsMatchLedger } from "../../shared/core/promotion/assert-tags-match-ledger.ts";
import { getEnvironment, type LedgerFile, type LedgerState } from "../../shared/core/promotion/ledger.ts";
import { verifyLedger } from "../../shared/core/promotion/verify-ledger.ts";
import { setOddTagsAside } from "../../shared/core/registry/odd-tags.ts";
import type { TagRef } from "../../shared/core/registry/registry.ts";
import { type Problem, refused } from "../../shared/problem/problem.ts";
import type { Ports, PromotionRules } from "./ports.ts";

export const READER = "promote-model";

/**
 * @param model its name; empty: the only one
 * @param about a commit that will be looked for on the default branch: the same request tells where the branch is
 * @throws ActionError `policy-without-model`, `model-not-named`, `model-unknown`
 */
export async function readPromotionRules(ports: Ports, model: string, about?: string): Promise<PromotionRules> {
  const { policy, path, ref, digest } = await ports.readPolicy(model, about);
  const rules = getModelPolicy(policy);
  return {
    model: requireModel(rules, path),
    chosen: policy.chosen,
    environments: rules.environments,
    gates: rules.gates,
    statistics: rules.statistics,
    trust: policy.trust,
    policy: { ref, digest },
    version: policy.version,
  };
}

/**
 * This run as GitHub knows it, not as the job's environment variables say.
 *
 * @throws ActionError `promotion-off-default-branch`: on another branch the workflow could be anything
 */
export async function readPromotionRun({ approvals, origin, ref }: Ports): Promise<WorkflowRun> {
  const run = await approvals.run(origin.run);
  const branch = await approvals.defaultBranch();
  // GitHub may report the new attempt with a short delay.
  const isOnBranch = run.headBranch === branch && ref === `refs/heads/${branch}`;
  if (isOnBranch) return { ...run, attempt: Math.max(run.attempt, origin.attempt) };
  // GitHub gives the name alone: a tag may have the name of the branch.
  throw refused({
    code: "promotion-off-default-branch",
    message: `this run is on ${ref === "" ? (run.headBranch ?? "no branch") : ref}, not on ${branch}`,
    fix: `Start the workflow on ${branch}, where the workflow file has been reviewed`,
  });
}

/** The ledger and the tags, checked against each other. */
export interface LedgerSnapshot {
  readonly file: LedgerFile;
  readonly ledger: LedgerState;
  readonly tags: readonly TagRef[];
  /** What looks like a tag of the model and is none: told, and without effect. */
  readonly oddTags: readonly Problem[];
  /** Whether the run that wrote the environment's open intent can no longer write; false without one of another plan. */
  readonly ownerHasEnded: boolean;
}

/** A promotion to another environment may write between two reads. */
const MAX_READS = 4;

/**
 * @param own digest of the plan that is carried out: its intent may be finished by whoever has the plan
 * @throws ActionError `ledger-broken`, `assignment-…`
 */
export async function readLedgerSnapshot(
  model: string,
  environment: string,
  ports: Ports,
  own?: string,
): Promise<LedgerSnapshot> {
  const branch = ports.openLedger(model);
  for (let reads = 1; ; reads++) {
    // The tags first: the intent of each tag was written before it, so that a ledger that is read later contains it.
    const { tags, odd: oddTags } = setOddTagsAside(await ports.registry.list(model));
    const file = await branch.read();
    if (file.damage !== undefined) throw refused(file.damage);
    const ledger = verifyLedger(file.text, branch.name, model, ports.digestOf);
    const tagNames = new Set(tags.map(({ name }) => name));
    const committedTags = [...ledger.environments.values()].flatMap((state) => state.tags);
    if (reads < MAX_READS && !committedTags.every(({ name }) => tagNames.has(name))) continue;
    assertTagsMatchLedger(ledger, model, tags);
    const { openIntent } = getEnvironment(ledger, environment);
    const owner = openIntent?.planDigest === own ? undefined : openIntent?.record.origin;
    const ownerHasEnded =
      owner !== undefined && (await ports.approvals.hasEnded({ id: owner.run, attempt: owner.attempt }));
    return { file, ledger, tags, oddTags, ownerHasEnded };
  }
}
