/** What both plan and apply read before they decide. */
import { getModelPolicy, requireModel } from "../../shared/core/policy/require-model.ts";
import type { WorkflowRun } from "../../shared/core/promotion/approvals.ts";
import { assertTagsMatchLedger } from "../../shared/core/promotion/assert-tags-match-ledger.ts";
import { getEnvironment, type LedgerFile, type LedgerState } from "../../shared/core/promotion/ledger.ts";
import { verifyLedger } from "../../shared/core/promotion/verify-ledger.ts";
import { setOddTagsAside } from "../../shared/core/registry/odd-tags.ts";
import type { TagRef, TagSelection } from "../../shared/core/registry/registry.ts";
import { type Problem, refused } from "../../shared/problem/problem.ts";
import type { PromotionPlan } from "../../shared/records/promotion-plan.ts";
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

/** A promotion may write between two reads. */
const MAX_READS = 4;

/** What the ledger and the tags are read for. */
export type SnapshotQuestion = Pick<PromotionPlan, "model" | "to" | "needs"> & {
  /** Empty: the one before the current version. */
  readonly version: string;
};

export const questionOf = ({ target, ...plan }: PromotionPlan): SnapshotQuestion => ({
  ...plan,
  version: target.version,
});

/**
 * @param own digest of the plan that is carried out: its intent may be finished by whoever has the plan
 * @throws ActionError `ledger-broken`, `assignment-…`
 */
export async function readLedgerSnapshot(
  question: SnapshotQuestion,
  ports: Ports,
  own?: string,
): Promise<LedgerSnapshot> {
  const { model, to } = question;
  const branch = ports.openLedger(model);
  for (let reads = 1; ; reads++) {
    // The ledger first: it says which tags are needed. Whatever it has committed has its tag when these are read.
    const file = await branch.read();
    if (file.damage !== undefined) throw refused(file.damage);
    const ledger = verifyLedger(file.text, branch.name, model, ports.digestOf);
    const selection = selectTags(ledger, question);
    const { tags, odd: oddTags } = setOddTagsAside(await ports.registry.list(model, selection));
    try {
      assertTagsMatchLedger(
        ledger,
        model,
        tags,
        selection?.assignments.map(({ environment }) => environment),
      );
    } catch (error) {
      // An intent that was written since then, and its tag.
      if (reads < MAX_READS && (await branch.read()).head !== file.head) continue;
      throw error;
    }
    const { openIntent } = getEnvironment(ledger, to);
    const owner = openIntent?.planDigest === own ? undefined : openIntent?.record.origin;
    const ownerHasEnded =
      owner !== undefined && (await ports.approvals.hasEnded({ id: owner.run, attempt: owner.attempt }));
    return { file, ledger, tags, oddTags, ownerHasEnded };
  }
}

/** A ledger in parts has many tags; `undefined`: it has not, and all of them are looked at. */
function selectTags(ledger: LedgerState, { to, needs, version }: SnapshotQuestion): TagSelection | undefined {
  if (ledger.part === undefined) return undefined;
  const deployed = getEnvironment(ledger, to).deployedVersions.map((one) => one.version.version);
  return {
    versions: [...new Set([...(version === "" ? [] : [version]), ...deployed])],
    assignments: [to, ...needs].map((environment) => {
      const { tagsFrom, lastAssignment } = getEnvironment(ledger, environment);
      return { environment, from: tagsFrom, to: lastAssignment + 1 };
    }),
  };
}
