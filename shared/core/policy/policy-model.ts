/** The policy as every action has it in memory, whichever version was written: that of version 2, by model. */
import type { Policy as Policy1File } from "./policy.ts";
import { type Policy2File, policy2, type TrustPolicy } from "./policy-2.ts";

type ModelFile = NonNullable<Policy2File["models"]>[string];
type Rules = Omit<ModelFile, keyof ModelFields>;
type ModelFields = Omit<NonNullable<Policy2File["model"]>, "name">;

/** Everything that holds for one model. */
export interface ModelPolicy {
  /** Null where the policy describes no model, as for a repository that only gates metrics. */
  readonly name: string | null;
  readonly model: ModelFields | null;
  readonly data: Rules["data"];
  readonly train: Rules["train"];
  readonly gates: NonNullable<Rules["gates"]>;
  /** Left out: the values alone are compared. */
  readonly statistics: Rules["statistics"];
  readonly baseline: NonNullable<Rules["baseline"]>;
  readonly waivers: NonNullable<Rules["waivers"]>;
  readonly environments: NonNullable<Rules["environments"]>;
  readonly registry: NonNullable<Rules["registry"]>;
}

export interface PolicyModel {
  /** As it was written: it is also the version of the records that are written. */
  readonly version: 1 | 2;
  /** At least one. */
  readonly models: readonly ModelPolicy[];
  readonly trust: TrustPolicy;
}

/** Of version 1, which version 2 contains but for `needs`: one name there, a list here. */
export function upgradePolicy(file: Policy1File): PolicyModel {
  const environments = file.environments.map(({ needs, ...environment }) => ({
    ...environment,
    needs: needs === undefined ? [] : [needs],
  }));
  return { ...toPolicyModel(policy2.parse({ ...file, version: 2, environments })), version: 1 };
}

export function toPolicyModel(file: Policy2File): PolicyModel {
  const { version, model, models, trust, ...shared } = file;
  if (models !== undefined) {
    const named = Object.entries(models).map(([name, own]) => toModelPolicy(name, own, { ...shared, ...own }));
    return { version, models: named, trust };
  }
  const { name = null, ...fields } = model ?? {};
  return {
    version,
    models: [toModelPolicy(name, model === undefined ? null : (fields as ModelFields), shared)],
    trust,
  };
}

function toModelPolicy(name: string | null, model: ModelFields | null, rules: Rules): ModelPolicy {
  return {
    name,
    model: model === null ? null : pickModelFields(model),
    data: rules.data,
    train: rules.train,
    gates: rules.gates ?? [],
    statistics: rules.statistics,
    baseline: rules.baseline ?? [{ from: "first-parent" }],
    waivers: rules.waivers ?? [],
    environments: rules.environments ?? [],
    registry: rules.registry ?? { kind: "git" },
  };
}

/** Without the rules, which stand beside it. */
const pickModelFields = (fields: ModelFields): ModelFields => ({
  files: fields.files,
  require: fields.require,
  "metadata-schema": fields["metadata-schema"],
  owner: fields.owner,
  purpose: fields.purpose,
  data_sources: fields.data_sources,
  "release-lines": fields["release-lines"],
  "bytes-kept": fields["bytes-kept"],
});
