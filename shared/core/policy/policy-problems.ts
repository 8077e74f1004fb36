/** What can still be wrong in a policy that its schema accepts. */
import type { Problem } from "../../problem/problem.ts";
import { type Document, type DocumentPath, formatPath, quoteText } from "../../text/document/document.ts";
import { baselineProblems, waiverProblems } from "./baseline-problems.ts";
import { dataProblems } from "./data-problems.ts";
import { isSameEnvironment } from "./environment-name.ts";
import { environmentProblems, unknownEnvironment } from "./environment-problems.ts";
import { gateProblems } from "./gate-problems.ts";
import { emptyMapping, misplacedKey, missingKey, twoForms } from "./key-problems.ts";
import { type ModelRules, pickRules, type SharedKey } from "./policy.ts";
import type { Policy2File } from "./policy-2.ts";

/** @param file version 1 is upgraded before: its places are those of the same keys */
export function policyProblems(file: Policy2File, document: Document): readonly Problem[] {
  const { models } = file;
  const shared = pickRules(file);
  if (models === undefined) return scopeProblems({ rules: shared, pathOf: (key) => [key] }, document);
  const scopes = Object.entries(models).map(([name, own]) => ({
    rules: { ...shared, ...pickRules(own) },
    pathOf: (key: SharedKey) => (own[key] === undefined ? [key] : ["models", name, key]),
  }));
  return [
    ...(file.model === undefined ? [] : [twoForms(["model"], ["models"], document)]),
    ...modelNameProblems(Object.keys(models), document),
    ...statusProblems(models, document),
    // What several models take from the top level is checked with each of them, and told once.
    ...withoutRepetition(scopes.flatMap((scope) => scopeProblems(scope, document))),
  ];
}

interface Scope {
  /** All rules of one model, its own or those of the top level. */
  readonly rules: ModelRules;
  readonly pathOf: (key: SharedKey) => DocumentPath;
}

function scopeProblems({ rules, pathOf }: Scope, document: Document): readonly Problem[] {
  const { data, train, gates = [], baseline = [], waivers = [], environments = [], registry } = rules;
  return [
    ...(data === undefined ? [] : dataProblems(data, pathOf("data"), document)),
    ...retrainProblems(train, environments, pathOf("train"), document),
    ...gateProblems(gates, pathOf("gates"), document),
    ...baselineProblems(baseline, { environments }, pathOf("baseline"), document),
    ...waiverProblems(waivers, { gates }, pathOf("waivers"), document),
    ...environmentProblems(environments, pathOf("environments"), document),
    ...registryProblems(registry, pathOf("registry"), document),
  ];
}

function modelNameProblems(names: readonly string[], document: Document): readonly Problem[] {
  if (names.length === 0) return [emptyMapping(["models"], document)];
  return names.flatMap((name, index) => {
    const first = names.findIndex((other) => other.toLowerCase() === name.toLowerCase());
    if (first === index) return [];
    return [
      {
        code: "policy-duplicate-model",
        message: `${quoteText(names[first] ?? "")} and ${quoteText(name)} differ only in case: they would be one name to people`,
        place: document.placeOf(["models", name], "key"),
        fix: "Give it another name",
      },
    ];
  });
}

/** Two models that write one commit status: a merge would wait for whichever was judged last. */
function statusProblems(models: NonNullable<Policy2File["models"]>, document: Document): readonly Problem[] {
  const named = Object.entries(models).flatMap(([name, { train }]) => {
    const status = train?.["on-demand"]?.status;
    return status === undefined ? [] : [{ name, status }];
  });
  return named.flatMap(({ name, status }, index) => {
    const first = named.findIndex((other) => other.status === status);
    if (first === index) return [];
    return [
      {
        code: "policy-duplicate-status",
        message: `the models ${quoteText(named[first]?.name ?? "")} and ${quoteText(name)} have one commit status, ${quoteText(status)}: it would have the verdict of whichever was judged last`,
        place: document.placeOf(["models", name, "train", "on-demand"], "key"),
        fix: 'Give each "train.on-demand" a "status:" of its own, or write "train:" once at the top level',
      },
    ];
  });
}

function retrainProblems(
  train: ModelRules["train"],
  environments: NonNullable<ModelRules["environments"]>,
  at: DocumentPath,
  document: Document,
): readonly Problem[] {
  const against = train?.retrain?.against;
  const names = environments.map(({ name }) => name);
  if (against === undefined || names.some((name) => isSameEnvironment(name, against))) return [];
  const path = [...at, "retrain", "against"];
  const what = `${formatPath(path)} is ${quoteText(against)}`;
  return [unknownEnvironment(what, against, names, undefined, document.placeOf(path))];
}

function registryProblems(registry: ModelRules["registry"], at: DocumentPath, document: Document): readonly Problem[] {
  if (registry === undefined) return [];
  if (registry.kind === "mlflow") {
    const why = "without it, nobody knows which server is meant";
    return registry.server === undefined ? [missingKey(at, "server", why, document)] : [];
  }
  return (["server", "name"] as const)
    .filter((key) => registry[key] !== undefined)
    .map((key) => misplacedKey(at, key, "kind: git", "kind: mlflow", document));
}

function withoutRepetition(problems: readonly Problem[]): readonly Problem[] {
  const texts = problems.map((problem) => JSON.stringify(problem));
  return problems.filter((_, index) => texts.indexOf(texts[index] ?? "") === index);
}
