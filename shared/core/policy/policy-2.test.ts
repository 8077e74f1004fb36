/** Holds policy 2 to its plan: it contains version 1, and no key of it is silently without effect. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { findUnsupportedKeys, NOT_SUPPORTED_YET, type PolicyReader } from "./not-supported-yet.ts";
import { toPolicy, upgradePolicy } from "./policy.ts";
import { policy1 } from "./policy-1.ts";
import { policy2 } from "./policy-2.ts";

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean | Node;
  readonly items?: Node;
  readonly description?: string;
}

/** Every key as `gates[].slices.*.min`. */
function keysOf(node: Node, path = ""): readonly (readonly [string, Node])[] {
  if (node.items) return keysOf(node.items, `${path}[]`);
  const named = Object.entries(node.properties ?? {}).flatMap(([key, inner]) => {
    const here = path === "" ? key : `${path}.${key}`;
    return [[here, inner] as const, ...keysOf(inner, here)];
  });
  const own = node.additionalProperties;
  return typeof own === "object" ? [...named, ...keysOf(own, `${path}.*`)] : named;
}

const keysOfSchema = (schema: z.ZodType) => keysOf(z.toJSONSchema(schema, { io: "input" }) as Node);
const keys2 = keysOfSchema(policy2).filter(([key]) => !key.startsWith("models."));
const names1 = new Set(keysOfSchema(policy1).map(([key]) => key));

/** What the first release with version 2 does, of what version 1 lacks. */
const RULES = ["max-change", "min-improvement", "min-n"];
const WORKS = [
  ...["models", "data.sets", "data.leakage", "data.drift", "data.references", "data.unique"],
  ...["trust", "train", "train.on-demand", "train.skip", "model.metadata-schema", "waivers", "trust.waiver-max"],
  ...[
    "model.release-lines",
    "model.bytes-kept",
    "trust.release-branches",
    "gates[].on-inconclusive",
    "gates[].evidence",
    "statistics",
  ],
  ...["evidence", "alpha", "power", "correction", "on-inconclusive", "min-runs"].map((key) => `statistics.${key}`),
  ...["trust.evidence-workflows", "trust.evidence-events"],
  ...["approved-by", "approvers", "approval-expires", "approval-environments"].map((key) => `environments[].${key}`),
  ...["environments[].guarantee", "environments[].guarantee.bytes"],
  ...["baseline", ...["from", "within", "path", "commit", "max-age"].map((key) => `baseline[].${key}`)],
  ...["reason", "unit", "severity", "worst-slice", "gap", ...RULES].map((key) => `gates[].${key}`),
  ...RULES.map((key) => `gates[].slices.*.${key}`),
];
/** Only these keys themselves: each of their keys must be covered on its own. */
const NOT_ITS_KEYS = ["trust", "train", "gates[]", "baseline", "environments[].guarantee"];

test("every key says what it means", () => {
  expect(keysOfSchema(policy2).flatMap(([key, { description }]) => (description ? [] : [key]))).toEqual([]);
});

test("every key that version 1 lacks works, or is refused where it would matter", () => {
  const covered = [...NOT_SUPPORTED_YET.map(({ key }) => key), ...WORKS];
  const isCovered = (key: string) =>
    names1.has(key) ||
    covered.some(
      (known) =>
        key === known || (!NOT_ITS_KEYS.includes(known) && key.startsWith(`${known}.`)) || key.startsWith(`${known}[]`),
    );
  expect(keys2.flatMap(([key]) => (isCovered(key) ? [] : [key]))).toEqual([]);
});

test("every key of the table is one of the schema", () => {
  const all = new Set(keys2.map(([key]) => key));
  const known = (key: string) => all.has(key) || all.has(key.replace(/\[\]$/, ""));
  expect(NOT_SUPPORTED_YET.flatMap(({ key }) => (known(key) ? [] : [key]))).toEqual([]);
});

const found = (text: string, action: PolicyReader, model?: string) => {
  const document = readYaml(`version: 2\n${text}`, "mlops.yml", "policy");
  const checked = policy2.safeParse(document.value);
  expect(checked.error?.issues).toBeUndefined();
  return findUnsupportedKeys(document, action, model).map(
    ({ message, place }) => `${place?.line}:${place?.column} ${message.split(" ")[0]}`,
  );
};

describe("a key without its capability is refused by whom it matters to, and by nobody else", () => {
  test.for([
    ["train: {budget: {gpu-hours: 2}}", "gate-metrics", []],
    ["train: {budget: {gpu-hours: 2}}", "dispatch-training", ["2:9 train.budget"]],
    ["gates: [{metric: a, better: higher, max-regression: 2%}]", "gate-metrics", []],
    ["gates: [{metric: a, better: higher, max-regression: auto}]", "gate-metrics", []],
    ["statistics: {alpha: 0.01}", "gate-metrics", []],
    ["statistics: {predictions: {files: [p.csv]}}", "gate-metrics", []],
    ["gates: [{metric: a, max: 3, slices: {x: {max-change: 2}}}]", "gate-metrics", []],
    [
      "gates: [{metric: a, better: lower, worst-slice: {max-regression: auto}}]",
      "report-metrics",
      ["2:50 gates[0].worst-slice.max-regression"],
    ],
    ["gates: [{metric: a, better: lower, max: 1, severity: fail}]", "gate-metrics", []],
    ["environments: [{name: production/eu, approvals: 1}]", "gate-metrics", []],
    ["environments: [{name: production/eu, approvals: 1}]", "promote-model", []],
    ["environments: [{name: a, approvals: 1, needs: [b]}]", "promote-model", []],
    ["environments: [{name: a, approvals: 1, needs: [b, c]}]", "promote-model", []],
    ["environments: [{name: a, approvals: 1, soak: 1d}]", "promote-model", ["2:40 environments[0].soak"]],
    ["baseline: [{from: first-parent}]", "gate-metrics", []],
    ["baseline: [{from: first-parent, max-age: 7d}, {from: nearest-ancestor}]", "gate-metrics", []],
    ["baseline: [{from: environment, environment: production}]", "model-diff", ["2:32 baseline[0].environment"]],
    ["models: {BERT-base: {files: [m], bytes-kept: 30d}}", "gate-metrics", []],
    ["models: {BERT-base: {files: [m], bytes-kept: 30d}}", "register-model", []],
    ["models: {a: {files: [m]}, b: {files: [m]}}", "register-model", []],
    ["registry: {kind: git}", "register-model", []],
    ["registry: {kind: mlflow, server: http://m}", "register-model", ["2:1 registry"]],
  ] as const)("%s for %s", ([text, action, places]) => {
    expect(found(text, action)).toEqual(places);
  });
});

test.each([
  ["a", []],
  ["b", ["5:58 models.b.environments[0].soak"]],
  ["c", ["2:40 environments[0].soak"]],
])("of several models, only what %s needs matters", (model, places) => {
  const text = `environments: [{name: p, approvals: 1, soak: 1d}]
models:
  a: {files: [a], environments: []}
  b: {files: [b], environments: [{name: p, approvals: 1, soak: 1d}]}
  c: {files: [c]}`;
  expect(found(text, "promote-model", model)).toEqual(places);
});

interface Accepted {
  readonly policy: string;
}

const accepted = parse(
  readFileSync(new URL("../../../test/cases/policy/accepted.yml", import.meta.url), "utf8"),
) as Accepted[];

test.for(accepted)("version 2 contains version 1: $policy", ({ policy }) => {
  const file = policy1.parse(readYaml(policy, "mlops.yml", "policy").value);
  const { version, models } = toPolicy(upgradePolicy(file), 1);
  expect([version, models.length]).toEqual([1, 1]);
  expect(models[0]?.gates.map(({ severity, ...gate }) => gate)).toEqual(file.gates);
});

test("a policy 1 in memory: needs as a list, nothing new in effect", () => {
  const file = policy1.parse({
    version: 1,
    model: { name: "visits", files: ["m.json"] },
    environments: [{ name: "staging" }, { name: "production", needs: "staging", approvals: 2 }],
  });
  const [model] = toPolicy(upgradePolicy(file), 1).models;
  expect(model?.environments.map(({ name, needs, approvals }) => [name, needs, approvals])).toEqual([
    ["staging", [], 0],
    ["production", ["staging"], 2],
  ]);
  expect([model?.model?.name, model?.statistics, model?.waivers]).toEqual(["visits", undefined, []]);
});

test("a model has its own keys, and the top level's where it has none", () => {
  const gate = (metric: string) => ({ metric, better: "lower", max: 1 });
  const { models } = toPolicy(
    policy2.parse({
      version: 2,
      gates: [gate("shared")],
      environments: [{ name: "prod_eu", approvals: 1 }],
      models: { fraud_detector: { files: ["f"] }, "BERT-base": { files: ["b"], gates: [gate("own")] } },
    }),
    2,
  );
  expect(models.map(({ model, gates }) => [model?.name, gates.map(({ metric }) => metric)])).toEqual([
    ["fraud_detector", ["shared"]],
    ["BERT-base", ["own"]],
  ]);
  expect(models.map(({ environments }) => environments.map(({ name }) => name))).toEqual([["prod_eu"], ["prod_eu"]]);
});

test.for(["fraud_detector", "BERT-base", "prod_eu", "production/eu", "Ünïcode 環境", "a b", "x".repeat(255)])(
  "GitHub allows an environment %s",
  (name) => {
    expect(policy2.safeParse({ version: 2, environments: [{ name, approvals: 0 }] }).success).toBe(true);
  },
);

test.for(["", " a", "a ", "a\u200bb", "a\u202eb", "a\nb", "x".repeat(256)])("no environment %j", (name) => {
  expect(policy2.safeParse({ version: 2, environments: [{ name, approvals: 0 }] }).success).toBe(false);
});
