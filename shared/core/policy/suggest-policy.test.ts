import fc from "fast-check";
import { expect, test } from "vitest";
import { metricName } from "./policy-2-names.ts";
import { readPolicy } from "./read-policy.ts";
import { type Suggestion, suggestGates, suggestPolicy } from "./suggest-policy.ts";

const metric = (name: string, candidate: number | null, better?: "higher" | "lower", slice: string | null = null) => ({
  name,
  slice,
  candidate,
  ...(better && { better }),
});

/** Of one result. */
const suggest = (metrics: Parameters<typeof suggestGates>[0]): string | undefined =>
  suggestPolicy([{ key: "model", gates: suggestGates(metrics) }])?.text;

test("gates the first metrics whose direction is known, and shows their values", () => {
  const metrics = [
    metric("rows", 16_152),
    metric("mae", 2.6340598, "lower"),
    metric("mae", 4.5, "lower", "poor-health"),
    metric("test accuracy", 0, "higher"),
    metric("auc", null, "higher"),
  ];
  expect(suggest(metrics)).toBe(`version: 2
gates:
  - metric: mae # 2.6340598 in this run
    better: lower
    max-regression: 1%
  - metric: test accuracy # 0 in this run
    better: higher
    max-regression: 0.01
`);
});

test.each([
  [
    "of the Trainer of transformers",
    {
      eval_accuracy: "higher",
      eval_loss: "lower",
      eval_runtime: "lower",
      eval_samples_per_second: "higher",
      train_loss: "lower",
    },
    ["eval_accuracy", "eval_loss"],
  ],
  [
    "nested, as a classification report",
    {
      "test.report.0.recall": "higher",
      "test.report.1.recall": "higher",
      "test.roc_auc": "higher",
      "train.roc_auc": "higher",
    },
    ["test.roc_auc", "test.report.0.recall", "test.report.1.recall"],
  ],
  [
    "of Keras",
    { loss: "lower", accuracy: "higher", val_loss: "lower", val_auc: "higher" },
    ["accuracy", "val_loss", "val_auc"],
  ],
  ["of the training alone", { train_loss: "lower", train_runtime: "lower" }, ["train_loss"]],
  ["of the machine alone", { latency_ms: "lower" }, ["latency_ms"]],
] as const)("gates quality on unseen data before all else: %s", (_, directions, gated) => {
  const text = suggest(Object.entries(directions).map(([name, better]) => metric(name, 1, better)));
  expect([...(text ?? "").matchAll(/metric: (\S+)/g)].map(([, name]) => name)).toEqual(gated);
});

test("asks for the direction where none is known, and suggests nothing from nothing", () => {
  expect(suggest([metric("score", 1), metric("other", 2)])).toBe(
    "version: 2\ngates:\n  - metric: score # 1 in this run\n    better: higher # or lower\n    max-regression: 1%\n",
  );
  expect(suggest([metric("mae", 1, "lower", "young"), metric("auc", null, "higher")])).toBeUndefined();
});

const accuracy = (key: string, measured: number): Suggestion => ({
  key,
  gates: [{ metric: "accuracy", better: "higher", measured }],
});
const mae: Suggestion = { key: "visits", gates: [{ metric: "mae", better: "lower", measured: 2 }] };
const FILES = "    files: [model/**] # where its files are: needed to register it\n";
const GATE = "metric: accuracy # 0.8 in this run\n    better: higher\n    max-regression: 1%\n";

test.each<[string, readonly Suggestion[], string, readonly string[]]>([
  [
    "that measure the same have one list, with the values of all",
    [accuracy("train (small)", 0.8), accuracy("train (large)", 0.9), accuracy("fraud", 0.85)],
    `version: 2\ngates:\n  - ${GATE.replace("0.8 in", "0.8 to 0.9 in")}`,
    [],
  ],
  [
    "that measure something else are models, and legs that measure the same are one",
    [accuracy("train (small)", 0.8), accuracy("train (large)", 0.8), mae],
    `version: 2\nmodels:\n  train:\n${FILES}    gates:\n      - ${GATE.replaceAll("\n    ", "\n        ")}  visits:\n${FILES}    gates:\n      - metric: mae # 2 in this run\n        better: lower\n        max-regression: 1%\n`,
    ["train", "visits"],
  ],
  [
    "such as legs of a matrix are models each, by names that YAML reads",
    [accuracy("train (fraud)", 0.8), { ...mae, key: "train (visits)" }],
    `version: 2\nmodels:\n  "train (fraud)":\n${FILES}    gates:\n      - ${GATE.replaceAll("\n    ", "\n        ")}  "train (visits)":\n${FILES}    gates:\n      - metric: mae # 2 in this run\n        better: lower\n        max-regression: 1%\n`,
    ["train (fraud)", "train (visits)"],
  ],
])("several results %s", (_, results, text, models) => {
  expect(suggestPolicy(results)).toEqual({ text, models });
  for (const model of models.length === 0 ? [""] : models)
    expect(readPolicy(text, "mlops.yml", { reader: "model-diff", model }).models.length).toBeGreaterThan(0);
  expect(suggestPolicy([{ key: "empty", gates: [] }])).toBeUndefined();
});

test("is a policy that this release reads, whatever the names", () => {
  const name = fc.oneof(
    fc.constantFrom("true", "null", "~", "1e3", "- a", "a: b", "a #b", "'", '"', "{", "&a", "*a", "!t", "%", "@", "`"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
  );
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { minLength: 1, maxLength: 7 }),
      value,
      fc.boolean(),
      (names, candidate, known) => {
        const possible = names.filter((each) => metricName.safeParse(each).success);
        const text = suggest(names.map((each) => metric(each, candidate, known ? "lower" : undefined)));
        const read = text === undefined ? undefined : readPolicy(text, "mlops.yml", { reader: "gate-metrics" });
        const gates = read?.models[0]?.gates ?? [];
        expect(gates.length).toBeLessThanOrEqual(known ? 5 : 1);
        expect(gates.length > 0).toBe(possible.length > 0);
        expect(possible).toEqual(expect.arrayContaining(gates.map((gate) => gate.metric)));
      },
    ),
  );
});
