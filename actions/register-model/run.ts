/** The story of register-model: check that the evidence belongs together, and give the model a version that never changes. */

import type { Log } from "../../shared/action/log.ts";
import { toRecordOrigin } from "../../shared/action/record-origin.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { ModelDescription, ModelPolicy, Policy } from "../../shared/core/policy/policy.ts";
import { getModelPolicy, requireModel } from "../../shared/core/policy/require-model.ts";
import { buildModelVersion } from "../../shared/core/registry/build-model-version.ts";
import { assertKept, findExpiryWarning, findLastReach } from "../../shared/core/registry/bytes/location-expiry.ts";
import { type LocationRequest, parseLocationRequest } from "../../shared/core/registry/bytes/location-request.ts";
import { assertTrainedBy, parseRunId } from "../../shared/core/registry/evidence-run.ts";
import { collectGovernance } from "../../shared/core/registry/governance.ts";
import { assertLineage } from "../../shared/core/registry/lineage.ts";
import { compileMetadataSchema, type MetadataSchema } from "../../shared/core/registry/metadata-schema.ts";
import { computeModelDigest } from "../../shared/core/registry/model-digest.ts";
import { setOddTagsAside } from "../../shared/core/registry/odd-tags.ts";
import { parseVersionTag } from "../../shared/core/registry/registered-version.ts";
import { assertSameRegistration, findVersionTags, placeInLine } from "../../shared/core/registry/registration.ts";
import type { Registry, TagRef } from "../../shared/core/registry/registry.ts";
import { formatTagMessage } from "../../shared/core/registry/tag-message.ts";
import { versionTagName } from "../../shared/core/registry/tag-name.ts";
import { parseVersionOrThrow } from "../../shared/core/registry/version.ts";
import { ActionError, type Problem, userError } from "../../shared/problem/problem.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import type { CoveredPattern, FileRecord } from "../../shared/records/fields.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import type { ModelLocation } from "../../shared/records/location.ts";
import { type ModelVersionRecord, modelVersionRecord } from "../../shared/records/model-version.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import type { Verdict } from "../../shared/records/verdict.ts";
import { renderModelVersion } from "../../shared/report/model-version.ts";
import type { spec } from "./spec.ts";

export interface Ports {
  /** The policy of the default branch. */
  readonly readPolicy: () => Promise<{
    readonly policy: Policy;
    readonly path: string;
    readonly ref: string;
    readonly digest: string;
  }>;
  /** The results of the training: its record, the verdict about it if there is one, and its files as they are now. */
  readonly readEvidence: (patterns: readonly string[]) => Promise<{
    readonly training: ReadRecord<TrainingRecord>;
    readonly verdict: ReadRecord<Verdict> | undefined;
    readonly files: readonly FileRecord[];
    readonly patterns: readonly CoveredPattern[];
  }>;
  /** Fields of the model card. */
  readonly readModelCard: (fields: readonly string[]) => Promise<Readonly<Record<string, string>>>;
  /** The JSON Schema at this path of the trusted commit; `undefined` when the policy names none. */
  readonly readMetadataSchema: (
    path: string | undefined,
    commit: string,
  ) => Promise<(MetadataSchema & { readonly ref: string; readonly digest: string }) | undefined>;
  /** That a trusted run uploaded exactly these records. @throws ActionError (a refusal) `evidence-…` */
  readonly proveEvidence: (
    training: ReadRecord<TrainingRecord>,
    verdict: ReadRecord<Verdict> | undefined,
    trust: Policy["trust"],
  ) => Promise<ModelVersionRecord["evidence"]>;
  /** That this run can supply evidence, and still has artifacts. @throws ActionError (a refusal) `evidence-…` */
  readonly assertEvidenceRun: (run: number, trust: Policy["trust"]) => Promise<void>;
  /** The places that have the model. @throws ActionError where one that is named has not */
  readonly findLocations: (
    requests: readonly LocationRequest[],
    trained: { readonly files: readonly FileRecord[]; readonly run: number; readonly commit: string },
  ) => Promise<readonly ModelLocation[]>;
  /** Full ref of the default branch or a release branch that contains a commit; `undefined`: none of them. */
  readonly findTrustedBranch: (commit: string, releaseBranches: readonly string[]) => Promise<string | undefined>;
  readonly registry: Registry;
  readonly digestOf: DigestFunction;
  /** UTC, ISO 8601. */
  readonly now: () => string;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  const { registry, digestOf } = ports;
  parseVersionOrThrow(inputs.version);
  const chosenRun = parseRunId(inputs["run-id"]);
  const places = inputs.locations.map(parseLocationRequest);

  // Gather: the rules, the evidence, and the registered versions.
  const { policy, path, ref, digest } = await ports.readPolicy();
  const rules = getModelPolicy(policy);
  const model = requireModel(rules, path);
  // Before its files are looked for: without such a run, they were not downloaded.
  if (chosenRun !== undefined) await ports.assertEvidenceRun(chosenRun, policy.trust);
  const { training, verdict, files, patterns } = await ports.readEvidence(model.files);
  if (chosenRun !== undefined) assertTrainedBy(chosenRun, training.record.origin.run);
  const metadataSchema = await ports.readMetadataSchema(model["metadata-schema"], ref);
  const metadata = await compileMetadataSchema(metadataSchema);
  const card = await ports.readModelCard([...model.require, ...metadata.fields]);
  const { tags, odd } = setOddTagsAside(await registry.list(model.name));
  for (const problem of odd) log.warn(problem);
  const now = ports.now();

  const branch = await ports.findTrustedBranch(training.record.commit, policy.trust["release-branches"]);

  // Decide: whether all of it is about this model, and whether the version is free.
  const lineage = {
    repository: context.repository,
    model: model.name,
    isOneOfSeveral: policy.chosen !== undefined,
    training: training.record,
    verdict: verdict?.record,
    files,
    modelDigest: computeModelDigest(files, digestOf),
    policyDigest: digest,
    gated: rules.gates.length > 0,
    merged: branch !== undefined,
  };
  assertLineage(lineage);
  const evidence = await ports.proveEvidence(training, verdict, policy.trust);
  const sources = { given: inputs.governance, card, fromPolicy: policyGovernance(model) };
  const governance = collectGovernance(model.require, sources, now.slice(0, 10));
  metadata.assert(governance, sources);
  const { existing: taken, notBefore } = findVersionTags(model.name, inputs.version, tags);
  const line = await readLine(inputs.version, notBefore, model, { registry, digestOf, log });
  const trained = { files, run: training.record.origin.run, commit: training.record.commit };
  const locations = await findPlaces(places, trained, policy.version, ports);
  if (policy.version === 2) assertKept(locations, model["bytes-kept"], now, inputs.version);
  for (const problem of bytesWarnings(locations, rules, now, inputs)) log.warn(problem);
  const record = buildModelVersion({
    model: model.name,
    version: inputs.version,
    modelDigest: lineage.modelDigest,
    ...{ training, verdict, digestOf, governance, metadataSchema, line, branch, evidence },
    createdAt: now,
    origin: toRecordOrigin(context),
    ...{ patterns, files, locations },
  });

  // Write: one tag, created once. A tag that another run created must contain the same registration.
  const { ref: tag, mine } =
    taken === undefined
      ? await createVersionTag(inVersion(modelVersionRecord, record, policy.version), registry)
      : { ref: taken, mine: false };
  const existing = parseVersionTag(await registry.read(tag), "register-model", digestOf);
  assertSameRegistration(existing, record);
  const registered = existing.record;
  log.notice(`${tag.name} is ${mine ? "registered" : "already registered, with the same content"}`);
  return {
    outputs: {
      tag: tag.name,
      version: registered.version,
      "model-digest": registered.modelDigest,
      result: mine ? "registered" : "unchanged",
    },
    summary: renderModelVersion(registered, tag.name),
  };
};

/**
 * Where the version belongs among those that do not come before it. Whether they were registered only their records say: a tag
 * without one has no effect.
 *
 * @throws ActionError `version-not-greater`
 */
async function readLine(
  version: string,
  notBefore: readonly TagRef[],
  { name: model, "release-lines": lines }: ModelDescription,
  { registry, digestOf, log }: Pick<Ports, "registry" | "digestOf"> & { readonly log: Log },
): Promise<ModelVersionRecord["line"]> {
  const registered: string[] = [];
  for (const ref of notBefore.slice(0, MAX_TAGS_READ)) {
    try {
      registered.push(parseVersionTag(await registry.read(ref), "register-model", digestOf).record.version);
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      for (const problem of error.problems) log.warn(problem);
    }
  }
  return placeInLine(model, version, registered, lines);
}

async function createVersionTag(
  record: ReadRecord<ModelVersionRecord>,
  registry: Registry,
): Promise<{ ref: TagRef; mine: boolean }> {
  const { model, version, commit, createdAt } = record.record;
  const message = formatTagMessage(`Register ${model} ${version}`, modelVersionRecord, record);
  return registry.create({ name: versionTagName(model, version), commit, message, at: createdAt });
}

/** A record of version 1 has no room for places. @throws ActionError `locations-need-version-2` */
async function findPlaces(
  requests: readonly LocationRequest[],
  trained: Parameters<Ports["findLocations"]>[1],
  version: Policy["version"],
  { findLocations }: Pick<Ports, "findLocations">,
): Promise<readonly ModelLocation[]> {
  if (version === 2) return findLocations(requests, trained);
  if (requests.length === 0) return [];
  throw userError({
    code: "locations-need-version-2",
    message: "a record of version 1 does not say where the bytes are",
    fix: 'Write "version: 2" in the policy, or leave the input locations out',
  });
}

/** What will keep the version from its last environment, and can still be changed. */
function bytesWarnings(
  locations: readonly ModelLocation[],
  { environments }: Pick<ModelPolicy, "environments">,
  now: string,
  { version }: { readonly version: string },
): readonly Problem[] {
  const expiry = findExpiryWarning(locations, findLastReach(environments, now), version);
  return expiry === undefined ? [] : [expiry];
}

/** Of those that do not come before the wanted version: normally there are none, for a hotfix a few. */
const MAX_TAGS_READ = 30;

const policyGovernance = ({ owner, purpose, data_sources }: ModelDescription) => ({ owner, purpose, data_sources });
