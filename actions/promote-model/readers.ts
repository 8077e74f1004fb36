/** What both plan and apply read before they decide. */
import { isSameEnvironment } from "../../shared/core/policy/environment-name.ts";
import type { EnvironmentPolicy } from "../../shared/core/policy/policy.ts";
import { getModelPolicy, requireModel } from "../../shared/core/policy/require-model.ts";
import type { WorkflowRun } from "../../shared/core/promotion/approvals.ts";
import { assertTagsMatchLedger } from "../../shared/core/promotion/assert-tags-match-ledger.ts";
import {
  getCurrentVersion,
  getEnvironment,
  isSameVersion,
  type LedgerFile,
  type LedgerState,
} from "../../shared/core/promotion/ledger.ts";
import type { PlanFacts } from "../../shared/core/promotion/make-plan.ts";
import { recoverOpenIntent } from "../../shared/core/promotion/recover-open-intent.ts";
import { verifyLedger } from "../../shared/core/promotion/verify-ledger.ts";
import { setOddTagsAside } from "../../shared/core/registry/odd-tags.ts";
import {
  findVersionTag,
  isWithdrawn,
  parseVersionTag,
  type RegisteredVersion,
} from "../../shared/core/registry/registered-version.ts";
import type { TagRef } from "../../shared/core/registry/registry.ts";
import { versionTagName } from "../../shared/core/registry/tag-name.ts";
import { ActionError, type Problem, refused } from "../../shared/problem/problem.ts";
import type { ModelVersionRef } from "../../shared/records/promotion-plan.ts";
import type { Ports, PromotionRules } from "./ports.ts";

const READER = "promote-model";

/** @throws ActionError `policy-without-model` */
export async function readPromotionRules(ports: Ports): Promise<PromotionRules> {
  const { policy, path, ref, digest } = await ports.readPolicy();
  const rules = getModelPolicy(policy);
  return {
    model: requireModel(rules, path),
    environments: rules.environments,
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
  /** Whether the run that wrote the environment's open intent can no longer write; false without an open intent. */
  readonly ownerHasEnded: boolean;
}

/** A promotion to another environment may write between two reads. */
const MAX_READS = 4;

/** @throws ActionError `ledger-broken`, `assignment-…` */
export async function readLedgerSnapshot(model: string, environment: string, ports: Ports): Promise<LedgerSnapshot> {
  const branch = ports.openLedger(model);
  for (let reads = 1; ; reads++) {
    // The tags first: the intent of each tag was written before it, so that a ledger that is read later contains it.
    const { tags, odd: oddTags } = setOddTagsAside(await ports.registry.list(model));
    const file = await branch.read();
    const ledger = verifyLedger(file.text, branch.name, model, ports.digestOf);
    const tagNames = new Set(tags.map(({ name }) => name));
    const committedTags = [...ledger.environments.values()].flatMap((state) => state.tags);
    if (reads < MAX_READS && !committedTags.every(({ name }) => tagNames.has(name))) continue;
    assertTagsMatchLedger(ledger, model, tags);
    const owner = getEnvironment(ledger, environment).openIntent?.record.origin;
    const ownerHasEnded =
      owner !== undefined && (await ports.approvals.hasEnded({ id: owner.run, attempt: owner.attempt }));
    return { file, ledger, tags, oddTags, ownerHasEnded };
  }
}

/**
 * Everything a plan is made of, as it is now.
 *
 * @param chooseVersion from the ledger, in which a run that has ended holds nothing open
 */
export async function readPlanFacts(
  kind: PlanFacts["kind"],
  environment: EnvironmentPolicy,
  chooseVersion: (ledger: LedgerState) => string,
  rules: PromotionRules,
  snapshot: LedgerSnapshot,
  ports: Ports,
): Promise<PlanFacts> {
  const { tags, ownerHasEnded } = snapshot;
  const { name, "release-lines": releaseLines } = rules.model;
  const entryContext = { ledger: snapshot.ledger, at: ports.now(), origin: ports.origin };
  const ledger = recoverOpenIntent(environment.name, tags, ownerHasEnded, entryContext, ports.digestOf);
  const version = chooseVersion(ledger);
  const target = await readRegisteredVersion(name, version, tags, ports);
  const currentVersion = getCurrentVersion(ledger, environment.name)?.version;
  const current = await readCurrentVersion(currentVersion, name, tags, ports);
  const isLastEnvironment = !rules.environments.some(({ needs }) =>
    needs.some((needed) => isSameEnvironment(needed, environment.name)),
  );
  const withdrawn = isWithdrawn(name, version, tags);
  const { policy } = rules;
  return {
    kind,
    environment,
    isLastEnvironment,
    target,
    current,
    isWithdrawn: withdrawn,
    releaseLines,
    ledger,
    policy,
  };
}

async function readRegisteredVersion(
  model: string,
  version: string,
  tags: readonly TagRef[],
  { registry, digestOf }: Ports,
): Promise<RegisteredVersion> {
  return parseVersionTag(await registry.read(findVersionTag(model, version, tags)), READER, digestOf);
}

/** The record of the current version; `undefined` when its tag is missing or contains something else now. */
async function readCurrentVersion(
  current: ModelVersionRef | undefined,
  model: string,
  tags: readonly TagRef[],
  { registry, digestOf }: Ports,
): Promise<RegisteredVersion | undefined> {
  const ref = tags.find(({ name }) => name === versionTagName(model, current?.version ?? ""));
  if (ref === undefined) return undefined;
  try {
    const found = parseVersionTag(await registry.read(ref), READER, digestOf);
    return isSameVersion(found.record, current) ? found : undefined;
  } catch (error) {
    // It must be possible to replace a version whose tag was tampered with.
    if (error instanceof ActionError) return undefined;
    throw error;
  }
}
