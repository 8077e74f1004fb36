/** The policy as every action has it in memory, whichever version was written: that of version 2, by model. */
import type { Policy1File } from "./policy-1.ts";
import { type Policy2File, policy2 } from "./policy-2.ts";
import type { BaselineSource, Gate2, GateRule2, Statistics2, Waiver2 } from "./policy-2-gates.ts";
import type { Environment2, Registry2 } from "./policy-2-promotion.ts";
import type { Data2, Train2 } from "./policy-2-train.ts";

/** The policy's path in every repository. */
export const POLICY_PATH = ".github/mlops.yml";

export type Gate = Gate2;
export type GateRule = GateRule2;
export type EnvironmentPolicy = Environment2;

export interface Policy {
  /** As it was written: it is also the version of the records that are written. */
  readonly version: 1 | 2;
  /** At least one; the chosen one alone, where an action has read it. */
  readonly models: readonly ModelPolicy[];
  /** Name of the chosen one, where there are several: records say it. */
  readonly chosen?: string | undefined;
  readonly trust: Policy2File["trust"];
}

/** Everything that holds for one model. */
export interface ModelPolicy {
  /** Null where the policy describes no model, as for a repository that only gates metrics. */
  readonly model: ModelDescription | null;
  readonly data: Data2 | undefined;
  readonly train: Train2 | undefined;
  readonly gates: readonly Gate[];
  /** Left out: the values alone are compared. */
  readonly statistics: Statistics2 | undefined;
  readonly baseline: readonly BaselineSource[];
  readonly waivers: readonly Waiver2[];
  readonly environments: readonly EnvironmentPolicy[];
  readonly registry: Registry2;
}

export type ModelDescription = NonNullable<Policy2File["model"]>;

type ModelFile = NonNullable<Policy2File["models"]>[string];

/** Keys that a model of the long form has from the top level when it does not write them. */
const SHARED_KEYS = [
  "data",
  "train",
  "gates",
  "statistics",
  "baseline",
  "waivers",
  "environments",
  "registry",
] as const;

export type SharedKey = (typeof SHARED_KEYS)[number];
export type ModelRules = Pick<Policy2File, SharedKey>;

/** Version 1 as version 2, which contains it but for `needs`: one name there, a list here. */
export function upgradePolicy(file: Policy1File): Policy2File {
  const environments = file.environments.map(({ needs, ...environment }) => ({
    ...environment,
    needs: needs === undefined ? [] : [needs],
  }));
  return policy2.parse({ ...file, version: 2, environments });
}

/** @param version as it was written */
export function toPolicy(file: Policy2File, version: 1 | 2): Policy {
  const { model, models, trust } = file;
  const shared = pickRules(file);
  if (models === undefined) return { version, models: [toModelPolicy(model ?? null, shared)], trust };
  const isOneOfSeveral = Object.keys(models).length > 1;
  const named = Object.entries(models).map(([name, own]) => {
    const inherited = isOneOfSeveral ? { ...shared, ...withOwnStatus(shared.train, name) } : shared;
    return toModelPolicy(describeModel(name, own), { ...inherited, ...pickRules(own) });
  });
  return { version, models: named, trust };
}

/** One commit status for several models would have the verdict of whichever was judged last. */
function withOwnStatus(train: ModelRules["train"], name: string): Pick<ModelRules, "train"> {
  const onDemand = train?.["on-demand"];
  if (onDemand === undefined) return {};
  return { train: { ...train, "on-demand": { ...onDemand, status: `${onDemand.status} (${name})` } } };
}

/** Only the keys that are written. */
export const pickRules = (file: ModelRules): ModelRules =>
  Object.fromEntries(SHARED_KEYS.flatMap((key) => (file[key] === undefined ? [] : [[key, file[key]]])));

const toModelPolicy = (model: ModelDescription | null, rules: ModelRules): ModelPolicy => ({
  model,
  data: rules.data,
  train: rules.train,
  gates: rules.gates ?? [],
  statistics: rules.statistics,
  baseline: rules.baseline ?? [{ from: "first-parent" }],
  waivers: rules.waivers ?? [],
  environments: rules.environments ?? [],
  registry: rules.registry ?? { kind: "git" },
});

function describeModel(name: string, file: ModelFile): ModelDescription {
  const described = Object.entries(file).filter(([key]) => !(SHARED_KEYS as readonly string[]).includes(key));
  return { name, ...(Object.fromEntries(described) as Omit<ModelDescription, "name">) };
}
