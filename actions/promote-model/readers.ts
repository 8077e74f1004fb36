/** What both plan and apply must know before they decide anything. */

import { requireModel } from "../../shared/core/policy/require-model.ts";
import type { WorkflowRun } from "../../shared/core/promotion/approvals.ts";
import { assertTagsMatchLedger } from "../../shared/core/promotion/assert-tags-match-ledger.ts";
import {
  getEnvironment,
  isSameVersion,
  type LedgerFile,
  type LedgerState,
} from "../../shared/core/promotion/ledger.ts";
import { verifyLedger } from "../../shared/core/promotion/verify-ledger.ts";
import {
  findVersionTag,
  parseVersionTag,
  type RegisteredVersion,
} from "../../shared/core/registry/registered-version.ts";
import type { TagRef } from "../../shared/core/registry/registry.ts";
import { versionTagName } from "../../shared/core/registry/tag-name.ts";
import { ActionError, refused } from "../../shared/problem/problem.ts";
import type { ModelVersion } from "../../shared/records/promotion-record.ts";
import type { Ports, PromotionRules } from "./ports.ts";

/** @throws ActionError `policy-without-model` */
export async function readPromotionRules(ports: Ports): Promise<PromotionRules> {
  const { policy, path, ref, digest } = await ports.readPolicy();
  return { model: requireModel(policy, path).name, environments: policy.environments, policy: { ref, digest } };
}

/**
 * This run as GitHub knows it, not as the job's variables tell it.
 *
 * @throws ActionError `promotion-off-default-branch`: on another branch the workflow could be anything
 */
export async function readPromotionRun({ approvals: gatekeeper, origin: here }: Ports): Promise<WorkflowRun> {
  const run = await gatekeeper.run(here.run);
  const branch = await gatekeeper.defaultBranch();
  // GitHub may count the new attempt a moment late.
  if (run.headBranch === branch) return { ...run, attempt: Math.max(run.attempt, here.attempt) };
  throw refused({
    code: "promotion-off-default-branch",
    message: `this run is on ${run.headBranch ?? "no branch"}, not on ${branch}`,
    fix: `Start the workflow on ${branch}, where its text has been reviewed`,
  });
}

/** The ledger and the tags as they stand, each having been held against the other. */
export interface LedgerSnapshot {
  readonly file: LedgerFile;
  readonly ledger: LedgerState;
  readonly tags: readonly TagRef[];
  /** For an open intent in this environment: whether its run can write no more. */
  readonly ownerHasEnded: boolean;
}

/** Somebody promoting to another environment may write between our reads. */
const MAX_READS = 4;

/** @throws ActionError `ledger-broken`, `assignment-…` */
export async function readLedgerSnapshot(model: string, environment: string, ports: Ports): Promise<LedgerSnapshot> {
  const port = ports.openLedger(model);
  for (let reads = 1; ; reads++) {
    // The tags first: each of them was intended before it was made, so that a later ledger knows it.
    const tags = await ports.registry.list(model);
    const file = await port.read();
    const ledger = verifyLedger(file.text, port.name, model, ports.digestOf);
    const listed = new Set(tags.map(({ name }) => name));
    const committed = [...ledger.environments.values()].flatMap((state) => state.tags);
    if (reads < MAX_READS && !committed.every(({ name }) => listed.has(name))) continue;
    assertTagsMatchLedger(ledger, model, tags);
    const owner = getEnvironment(ledger, environment).openIntent?.origin;
    const ownerIsOver =
      owner !== undefined && (await ports.approvals.hasEnded({ id: owner.run, attempt: owner.attempt }));
    return { file, ledger, tags, ownerHasEnded: ownerIsOver };
  }
}

export async function readRegisteredVersion(
  model: string,
  version: string,
  tags: readonly TagRef[],
  { registry, digestOf }: Ports,
): Promise<RegisteredVersion> {
  return parseVersionTag(await registry.read(findVersionTag(model, version, tags)), digestOf);
}

/** What the version that stands there measured; not known when its tag is gone or says something else by now. */
export async function readCurrentVersion(
  standing: ModelVersion | undefined,
  model: string,
  tags: readonly TagRef[],
  { registry, digestOf }: Ports,
): Promise<RegisteredVersion | undefined> {
  const ref = tags.find(({ name }) => name === versionTagName(model, standing?.version ?? ""));
  if (ref === undefined) return undefined;
  try {
    const found = parseVersionTag(await registry.read(ref), digestOf);
    return isSameVersion(found.record, standing) ? found : undefined;
  } catch (error) {
    // It must be possible to replace a version whose tag was tampered with.
    if (error instanceof ActionError) return undefined;
    throw error;
  }
}
