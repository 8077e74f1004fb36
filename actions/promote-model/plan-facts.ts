/** Reads everything a plan is made of, as it is now. */
import type { Baseline } from "../../shared/core/gate/baseline.ts";
import { judge } from "../../shared/core/gate/judge.ts";
import { isSameEnvironment } from "../../shared/core/policy/environment-name.ts";
import { expandGates } from "../../shared/core/policy/expand-gates.ts";
import type { EnvironmentPolicy } from "../../shared/core/policy/policy.ts";
import type { CheckedVersion } from "../../shared/core/promotion/checked-version.ts";
import { getCurrentVersion, isSameVersion, type LedgerState } from "../../shared/core/promotion/ledger.ts";
import type { PlanFacts } from "../../shared/core/promotion/make-plan.ts";
import { assertSettled } from "../../shared/core/promotion/next-promotion-step.ts";
import { recoverOpenIntent } from "../../shared/core/promotion/recover-open-intent.ts";
import {
  findVersionTag,
  isWithdrawn,
  parseVersionTag,
  type RegisteredVersion,
} from "../../shared/core/registry/registered-version.ts";
import type { TagRef } from "../../shared/core/registry/registry.ts";
import { versionTagName } from "../../shared/core/registry/tag-name.ts";
import { ActionError } from "../../shared/problem/problem.ts";
import type { ModelVersionRef } from "../../shared/records/promotion-plan.ts";
import type { Ports, PromotionRules } from "./ports.ts";
import { type LedgerSnapshot, READER } from "./readers.ts";

/**
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
  for (const needed of kind === "promote" ? [environment.name, ...environment.needs] : [environment.name])
    assertSettled(snapshot.ledger, needed);
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
  const checked = kind === "promote" ? await checkVersion(target, current, rules, ports) : undefined;
  const bytes = { places: await ports.lookUpBytes(target.record), environments: rules.environments };
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
    checked,
    bytes,
  };
}

/** That somebody registered a version is not believed: its evidence is proven again, and judged by today's policy. */
async function checkVersion(
  { record }: RegisteredVersion,
  current: RegisteredVersion | undefined,
  { gates, statistics, trust, model, policy }: PromotionRules,
  { proveVersion }: Ports,
): Promise<CheckedVersion> {
  const proof = await proveVersion(record, trust, policy.digest);
  const gated = gates.length > 0;
  const baseline: Baseline =
    current === undefined
      ? { kind: "first-run", reason: "nothing is deployed to compare it with" }
      : { kind: "found", metrics: current.record.metrics, provenance: provenanceOf(current) };
  const { outcome, rulings } = judge(expandGates({ gates }), record.metrics, baseline, statistics);
  return { proof, gated, required: model.require, today: gated ? { outcome, rulings: [...rulings] } : undefined };
}

const provenanceOf = ({ record, recordDigest }: RegisteredVersion) => ({
  commit: record.commit,
  metricsDigest: recordDigest,
  source: record.version,
});

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
