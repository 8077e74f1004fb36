import fc from "fast-check";
import { expect, test } from "vitest";
import { metricName } from "./policy-2-names.ts";
import { readPolicy } from "./read-policy.ts";
import { suggestPolicy } from "./suggest-policy.ts";

const metric = (name: string, candidate: number | null, better?: "higher" | "lower", slice: string | null = null) => ({
  name,
  slice,
  candidate,
  ...(better && { better }),
});

test("gates the first metrics whose direction is known, and shows their values", () => {
  const metrics = [
    metric("rows", 16_152),
    metric("mae", 2.6340598, "lower"),
    metric("mae", 4.5, "lower", "poor-health"),
    metric("test accuracy", 0, "higher"),
    metric("auc", null, "higher"),
  ];
  expect(suggestPolicy(metrics)).toBe(`version: 2
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
  ["of the training alone", { train_loss: "lower", train_runtime: "lower" }, ["train_loss"]],
  ["of the machine alone", { latency_ms: "lower" }, ["latency_ms"]],
] as const)("gates quality on unseen data before all else: %s", (_, directions, gated) => {
  const text = suggestPolicy(Object.entries(directions).map(([name, better]) => metric(name, 1, better)));
  expect([...(text ?? "").matchAll(/metric: (\S+)/g)].map(([, name]) => name)).toEqual(gated);
});

test("asks for the direction where none is known, and suggests nothing from nothing", () => {
  expect(suggestPolicy([metric("score", 1), metric("other", 2)])).toBe(
    "version: 2\ngates:\n  - metric: score # 1 in this run\n    better: higher # or lower\n    max-regression: 1%\n",
  );
  expect(suggestPolicy([metric("mae", 1, "lower", "young"), metric("auc", null, "higher")])).toBeUndefined();
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
        const text = suggestPolicy(names.map((each) => metric(each, candidate, known ? "lower" : undefined)));
        const read = text === undefined ? undefined : readPolicy(text, "mlops.yml", { reader: "gate-metrics" });
        const gates = read?.models[0]?.gates ?? [];
        expect(gates.length).toBeLessThanOrEqual(known ? 5 : 1);
        expect(gates.length > 0).toBe(possible.length > 0);
        expect(possible).toEqual(expect.arrayContaining(gates.map((gate) => gate.metric)));
      },
    ),
  );
});
