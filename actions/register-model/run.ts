/** The story of register-model: see that the evidence belongs together, and give the model a name that stays its own. */
import { originOf } from "../../shared/action/context.ts";
import { mistake } from "../../shared/action/problem.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { Policy } from "../../shared/core/policy/policy.ts";
import { collectGovernance } from "../../shared/core/registry/governance.ts";
import { assertLineage } from "../../shared/core/registry/lineage.ts";
import { modelDigest } from "../../shared/core/registry/model-digest.ts";
import { readVersionTag } from "../../shared/core/registry/registered-version.ts";
import { assertSameVersion, assertVersion, findTaken } from "../../shared/core/registry/registration.ts";
import type { Registry, TagRef } from "../../shared/core/registry/registry.ts";
import { writeTagMessage } from "../../shared/core/registry/tag-message.ts";
import { versionTag } from "../../shared/core/registry/tag-name.ts";
import { type DigestOf, digestOfRecord } from "../../shared/records/digest.ts";
import { MODEL_VERSION, type ModelVersionRecord } from "../../shared/records/model-version.ts";
import type { FileRecord } from "../../shared/records/parts.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import type { Verdict } from "../../shared/records/verdict.ts";
import { renderModelVersion } from "../../shared/report/model-version.ts";
import type { spec } from "./spec.ts";

export interface Ports {
  /** The policy of the default branch. */
  readonly policy: () => Promise<{ readonly policy: Policy; readonly path: string; readonly digest: string }>;
  /** What the training left: its record, the verdict about it if there is one, and its files as they are now. */
  readonly evidence: (patterns: readonly string[]) => Promise<{
    readonly training: TrainingRecord;
    readonly verdict: Verdict | undefined;
    readonly files: readonly FileRecord[];
  }>;
  /** Fields of the model card. */
  readonly card: (fields: readonly string[]) => Promise<Readonly<Record<string, string>>>;
  /** Whether the default branch holds a commit. */
  readonly isMerged: (commit: string) => Promise<boolean>;
  readonly registry: Registry;
  readonly digestOf: DigestOf;
  /** UTC, ISO 8601. */
  readonly now: () => string;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  const { registry, digestOf } = ports;
  assertVersion(inputs.version);

  // Gather: the rules, the evidence, and what is registered already.
  const { policy, path, digest } = await ports.policy();
  const model = modelIn(policy, path);
  const { training, verdict, files } = await ports.evidence(model.files);
  const card = await ports.card(model.require);
  const tags = await registry.list(model.name);
  const now = ports.now();

  // Decide: whether all of it is about this model, and whether the name is free.
  const lineage = {
    repository: context.repository,
    training,
    verdict,
    files,
    modelDigest: modelDigest(files, digestOf),
    policyDigest: digest,
    gated: policy.gates.length > 0,
    merged: await ports.isMerged(training.commit),
  };
  assertLineage(lineage);
  const record: ModelVersionRecord = {
    schema: MODEL_VERSION,
    model: model.name,
    version: inputs.version,
    commit: training.commit,
    modelDigest: lineage.modelDigest,
    dataDigest: training.dataDigest,
    trainingRecordDigest: digestOfRecord(training, digestOf),
    verdictDigest: verdict === undefined ? null : digestOfRecord(verdict, digestOf),
    metrics: training.metrics,
    governance: collectGovernance(
      model.require,
      { given: inputs.governance, card, policy: saidIn(model) },
      now.slice(0, 10),
    ),
    createdAt: now,
    origin: originOf(context),
  };
  const taken = findTaken(model.name, inputs.version, tags);

  // Write: one tag, made once. Whoever made it, what it says must be what we would say.
  const made = taken === undefined ? await register(record, registry) : { ref: taken, mine: false };
  const { record: there } = readVersionTag(await registry.read(made.ref), digestOf);
  assertSameVersion(there, record);
  const result = made.mine ? "registered" : "unchanged";
  log.notice(`${made.ref.name} is ${made.mine ? "registered" : "registered already, with the same content"}`);
  return {
    outputs: { tag: made.ref.name, version: there.version, "model-digest": there.modelDigest, result },
    summary: renderModelVersion(there, made.ref.name),
  };
};

async function register(record: ModelVersionRecord, registry: Registry): Promise<{ ref: TagRef; mine: boolean }> {
  const { model, version, commit, createdAt } = record;
  const message = writeTagMessage(`Register ${model} ${version}`, record);
  return registry.create({ name: versionTag(model, version), commit, message, at: createdAt });
}

function modelIn(policy: Policy, path: string): Model {
  if (policy.model !== undefined) return policy.model;
  throw mistake({
    code: "policy-without-model",
    message: "the policy of the default branch does not say what a model is",
    place: { file: path },
    fix: 'Add "model:" with its name and files, and merge it',
  });
}

type Model = NonNullable<Policy["model"]>;

const saidIn = ({ owner, purpose, data_sources }: Model) => ({ owner, purpose, data_sources });
