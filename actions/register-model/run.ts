/** The story of register-model: check that the evidence belongs together, and give the model a version that never changes. */
import { toRecordOrigin } from "../../shared/action/context.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { Policy } from "../../shared/core/policy/policy.ts";
import { type ModelPolicy, requireModel } from "../../shared/core/policy/require-model.ts";
import { buildModelVersion } from "../../shared/core/registry/build-model-version.ts";
import { collectGovernance } from "../../shared/core/registry/governance.ts";
import { assertLineage } from "../../shared/core/registry/lineage.ts";
import { computeModelDigest } from "../../shared/core/registry/model-digest.ts";
import { parseVersionTag } from "../../shared/core/registry/registered-version.ts";
import {
  assertSameRegistration,
  findExistingVersionTag,
  parseVersionOrThrow,
} from "../../shared/core/registry/registration.ts";
import type { Registry, TagRef } from "../../shared/core/registry/registry.ts";
import { formatTagMessage } from "../../shared/core/registry/tag-message.ts";
import { versionTagName } from "../../shared/core/registry/tag-name.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import type { FileRecord } from "../../shared/records/fields.ts";
import type { ModelVersionRecord } from "../../shared/records/model-version.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import type { Verdict } from "../../shared/records/verdict.ts";
import { renderModelVersion } from "../../shared/report/model-version.ts";
import type { spec } from "./spec.ts";

export interface Ports {
  /** The policy of the default branch. */
  readonly readPolicy: () => Promise<{ readonly policy: Policy; readonly path: string; readonly digest: string }>;
  /** The results of the training: its record, the verdict about it if there is one, and its files as they are now. */
  readonly readEvidence: (patterns: readonly string[]) => Promise<{
    readonly training: TrainingRecord;
    readonly verdict: Verdict | undefined;
    readonly files: readonly FileRecord[];
  }>;
  /** Fields of the model card. */
  readonly readModelCard: (fields: readonly string[]) => Promise<Readonly<Record<string, string>>>;
  /** Whether a commit is on the default branch. */
  readonly isMerged: (commit: string) => Promise<boolean>;
  readonly registry: Registry;
  readonly digestOf: DigestFunction;
  /** UTC, ISO 8601. */
  readonly now: () => string;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  const { registry, digestOf } = ports;
  parseVersionOrThrow(inputs.version);

  // Gather: the rules, the evidence, and the registered versions.
  const { policy, path, digest } = await ports.readPolicy();
  const model = requireModel(policy, path);
  const { training, verdict, files } = await ports.readEvidence(model.files);
  const card = await ports.readModelCard(model.require);
  const tags = await registry.list(model.name);
  const now = ports.now();

  // Decide: whether all of it is about this model, and whether the version is free.
  const lineage = {
    repository: context.repository,
    training,
    verdict,
    files,
    modelDigest: computeModelDigest(files, digestOf),
    policyDigest: digest,
    gated: policy.gates.length > 0,
    merged: await ports.isMerged(training.commit),
  };
  assertLineage(lineage);
  const record = buildModelVersion({
    model: model.name,
    version: inputs.version,
    modelDigest: lineage.modelDigest,
    ...{ training, verdict, digestOf },
    governance: collectGovernance(
      model.require,
      { given: inputs.governance, card, fromPolicy: policyGovernance(model) },
      now.slice(0, 10),
    ),
    createdAt: now,
    origin: toRecordOrigin(context),
  });
  const taken = findExistingVersionTag(model.name, inputs.version, tags);

  // Write: one tag, created once. A tag that another run created must contain the same registration.
  const { ref, mine } = taken === undefined ? await createVersionTag(record, registry) : { ref: taken, mine: false };
  const { record: registered } = parseVersionTag(await registry.read(ref), digestOf);
  assertSameRegistration(registered, record);
  log.notice(`${ref.name} is ${mine ? "registered" : "already registered, with the same content"}`);
  return {
    outputs: {
      tag: ref.name,
      version: registered.version,
      "model-digest": registered.modelDigest,
      result: mine ? "registered" : "unchanged",
    },
    summary: renderModelVersion(registered, ref.name),
  };
};

async function createVersionTag(
  record: ModelVersionRecord,
  registry: Registry,
): Promise<{ ref: TagRef; mine: boolean }> {
  const { model, version, commit, createdAt } = record;
  const message = formatTagMessage(`Register ${model} ${version}`, record);
  return registry.create({ name: versionTagName(model, version), commit, message, at: createdAt });
}

const policyGovernance = ({ owner, purpose, data_sources }: ModelPolicy) => ({ owner, purpose, data_sources });
