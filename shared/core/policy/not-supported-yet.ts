/** Keys of policy 2 whose capability this release does not have: an action that would need one refuses. Shrinks to nothing. */
import type { Problem } from "../../problem/problem.ts";
import { type Document, type DocumentPath, formatPath } from "../../text/document/document.ts";

export type PolicyReader =
  | "check-data"
  | "dispatch-training"
  | "gate-metrics"
  | "model-diff"
  | "promote-model"
  | "register-model"
  | "report-metrics"
  | "train-model";

interface UnsupportedKey {
  /** `[]`: each entry of a list; `*`: any name. At the top level and inside each model. */
  readonly key: string;
  readonly actions: readonly PolicyReader[];
  /** Which values need the capability; all by default. */
  readonly when?: (value: unknown) => boolean;
  /** What this release does without it, completing "this release …". */
  readonly lacks: string;
}

const GATE = ["gate-metrics", "model-diff", "report-metrics"] as const;
const DATA = ["check-data"] as const;
const PROMOTE = ["promote-model"] as const;
const REGISTRY = ["register-model", "promote-model"] as const;

const isNot =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    !values.includes(value);
const isOtherRegistry = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "kind" in value && value.kind !== "git";
const hasTeam = (value: unknown): boolean => Array.isArray(value) && value.some((one) => String(one).includes("/"));
const isAuto = (value: unknown): boolean => value === "auto";

const keys = (
  actions: readonly PolicyReader[],
  lacks: string,
  ...names: readonly string[]
): readonly UnsupportedKey[] => names.map((key) => ({ key, actions, lacks }));

const ruleKeys = (at: string): readonly UnsupportedKey[] => [
  { key: `${at}.max-regression`, actions: GATE, when: isAuto, lacks: "does not learn the noise of a metric" },
];

export const NOT_SUPPORTED_YET: readonly UnsupportedKey[] = [
  ...ruleKeys("gates[].worst-slice"),
  ...keys(GATE, "does not read the versions of environments", "baseline[].environment"),
  ...keys(GATE, "takes numbers from any file it is given", "trust.metric-sources"),
  { key: "trust.level", actions: [...GATE, ...REGISTRY], when: isNot("advisory"), lacks: "cannot enforce it" },
  { key: "data.unchanged", actions: DATA, when: isNot("check"), lacks: "reads every file" },
  ...keys(["train-model"], "does not do it", "train.resume", "train.prices", "train.preflight"),
  {
    key: "train.on-demand.people",
    actions: ["dispatch-training"],
    when: hasTeam,
    lacks: "knows people and no teams here",
  },
  ...keys(["dispatch-training"], "does not do it", "train.budget", "train.retrain"),
  { key: "registry", actions: REGISTRY, when: isOtherRegistry, lacks: "lists versions in git only" },
  ...keys(REGISTRY, "verifies no signatures", "trust.attestations", "trust.hosts"),
  ...keys(PROMOTE, "does not check it", "environments[].soak", "environments[].require"),
  ...keys(PROMOTE, "does not check it", "environments[].guarantee.evidence", "environments[].guarantee.pointer"),
  ...keys(PROMOTE, "does not do it", "environments[].alias", "environments[].rollout"),
];

/**
 * One problem for each place; none for a policy of version 1, which has no such key.
 *
 * @param document of a policy that its schema has accepted
 * @param model the one of several that is worked on: what others need does not matter; without it, all of them
 */
export function findUnsupportedKeys(document: Document, action: PolicyReader, model?: string): readonly Problem[] {
  const mine = NOT_SUPPORTED_YET.filter(({ actions }) => actions.includes(action));
  const ownKeys = new Set(findPlaces(document.value, ["models", model ?? "", "*"], []).map(({ path }) => path.at(-1)));
  return mine.flatMap((entry) => {
    const [first = "", ...rest] = toSteps(entry.key);
    const own = ["models", model ?? "*", ...(first === "model" ? rest : [first, ...rest])];
    const isReplaced = ownKeys.has(first);
    return [...(isReplaced ? [] : [[first, ...rest]]), own].flatMap((steps) =>
      findPlaces(document.value, steps, [])
        .filter(({ value }) => entry.when?.(value) ?? true)
        .map(({ path }) => toProblem(document, path, entry, action)),
    );
  });
}

/** `gates[].slices.*` as steps: `gates`, `[]`, `slices`, `*`. */
const toSteps = (pattern: string): readonly string[] => pattern.replaceAll("[]", ".[]").split(".");

interface FoundPlace {
  readonly path: DocumentPath;
  readonly value: unknown;
}

function findPlaces(value: unknown, [step, ...rest]: readonly string[], path: DocumentPath): readonly FoundPlace[] {
  if (step === undefined) return [{ path, value }];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) {
    return step === "[]" ? value.flatMap((entry, index) => findPlaces(entry, rest, [...path, index])) : [];
  }
  const members = Object.entries(value).filter(([key]) => step === "*" || key === step);
  return members.flatMap(([key, inner]) => findPlaces(inner, rest, [...path, key]));
}

const toProblem = (
  document: Document,
  path: DocumentPath,
  { lacks }: UnsupportedKey,
  action: PolicyReader,
): Problem => ({
  code: "policy-not-supported-yet",
  message: `${formatPath(path)} is valid, but this release ${lacks}, and ${action} would have to ignore it`,
  place: document.placeOf(path, "key"),
  fix: `Update ${action} to a release that has it, or remove the key`,
});
