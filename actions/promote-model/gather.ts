/** What both plan and apply must know before they decide anything. */
import { ActionFailure, mistake, refusal } from "../../shared/action/problem.ts";
import type { WorkflowRun } from "../../shared/core/promotion/gatekeeper.ts";
import { environmentIn, isSameVersion, type LedgerFile, type LedgerState } from "../../shared/core/promotion/ledger.ts";
import { verifyLedger } from "../../shared/core/promotion/verify-ledger.ts";
import { assertWitnessed } from "../../shared/core/promotion/witness.ts";
import { findVersion, type RegisteredVersion, readVersionTag } from "../../shared/core/registry/registered-version.ts";
import type { TagRef } from "../../shared/core/registry/registry.ts";
import { versionTag } from "../../shared/core/registry/tag-name.ts";
import type { ModelVersion } from "../../shared/records/promotion-record.ts";
import type { Ports, Rules } from "./ports.ts";

/** @throws ActionFailure `policy-without-model` */
export async function readRules(ports: Ports): Promise<Rules> {
  const { policy, path, ref, digest } = await ports.policy();
  if (policy.model === undefined) {
    throw mistake({
      code: "policy-without-model",
      message: "the policy of the default branch does not say what a model is",
      place: { file: path },
      fix: 'Add "model:" with its name and files, and merge it',
    });
  }
  return { model: policy.model.name, environments: policy.environments, policy: { ref, digest } };
}

/**
 * This run as GitHub knows it, not as the job's variables tell it.
 *
 * @throws ActionFailure `promotion-off-default-branch`: on another branch the workflow could be anything
 */
export async function readRun({ gatekeeper, here }: Ports): Promise<WorkflowRun> {
  const run = await gatekeeper.run(here.run);
  const branch = await gatekeeper.defaultBranch();
  // GitHub may count the new attempt a moment late.
  if (run.headBranch === branch) return { ...run, attempt: Math.max(run.attempt, here.attempt) };
  throw refusal({
    code: "promotion-off-default-branch",
    message: `this run is on ${run.headBranch ?? "no branch"}, not on ${branch}`,
    fix: `Start the workflow on ${branch}, where its text has been reviewed`,
  });
}

/** The ledger and the tags as they stand, each having been held against the other. */
export interface Books {
  readonly file: LedgerFile;
  readonly ledger: LedgerState;
  readonly tags: readonly TagRef[];
  /** For an open intent in this environment: whether its run can write no more. */
  readonly ownerIsOver: boolean;
}

/** Somebody promoting to another environment may write between our reads. */
const MOST_READS = 4;

/** @throws ActionFailure `ledger-broken`, `assignment-…` */
export async function readBooks(model: string, environment: string, ports: Ports): Promise<Books> {
  const port = ports.ledger(model);
  for (let reads = 1; ; reads++) {
    // The tags first: each of them was intended before it was made, so that a later ledger knows it.
    const tags = await ports.registry.list(model);
    const file = await port.read();
    const ledger = verifyLedger(file.text, port.name, model, ports.digestOf);
    const listed = new Set(tags.map(({ name }) => name));
    const committed = [...ledger.environments.values()].flatMap((state) => state.tags);
    if (reads < MOST_READS && !committed.every(({ name }) => listed.has(name))) continue;
    assertWitnessed(ledger, model, tags);
    const owner = environmentIn(ledger, environment).open?.origin;
    const ownerIsOver =
      owner !== undefined && (await ports.gatekeeper.isOver({ id: owner.run, attempt: owner.attempt }));
    return { file, ledger, tags, ownerIsOver };
  }
}

export async function readVersion(
  model: string,
  version: string,
  tags: readonly TagRef[],
  { registry, digestOf }: Ports,
): Promise<RegisteredVersion> {
  return readVersionTag(await registry.read(findVersion(model, version, tags)), digestOf);
}

/** What the version that stands there measured; not known when its tag is gone or says something else by now. */
export async function readStanding(
  standing: ModelVersion | undefined,
  model: string,
  tags: readonly TagRef[],
  { registry, digestOf }: Ports,
): Promise<RegisteredVersion | undefined> {
  const ref = tags.find(({ name }) => name === versionTag(model, standing?.version ?? ""));
  if (ref === undefined) return undefined;
  try {
    const found = readVersionTag(await registry.read(ref), digestOf);
    return isSameVersion(found.record, standing) ? found : undefined;
  } catch (error) {
    // It must be possible to replace a version whose tag was tampered with.
    if (error instanceof ActionFailure) return undefined;
    throw error;
  }
}
