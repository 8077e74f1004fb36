import { expect, test } from "vitest";
import { describeAbsent } from "./describe-absent.ts";

const many = Array.from({ length: 3000 }, (_, at) => `layer_${at}.gradient_norm`);

test.each<[string, readonly string[], string]>([
  ["accuracy", ["Accuracy", "loss"], 'it was not measured; did you mean "Accuracy"? There are also "loss"'],
  ["accuracy", ["loss", "eval.accuracy"], 'did you mean "eval.accuracy"? There are also "loss"'],
  ["eval/accuracy", ["loss", "val_accuracy"], 'did you mean "val_accuracy"?'],
  ["mAP50-95", ["metrics/mAP50-95(B)", "metrics/mAP50(B)"], 'did you mean "metrics/mAP50-95(B)"?'],
  ["accuracy", ["hellaswag.acc", "hellaswag.acc_norm"], 'did you mean "hellaswag.acc"?'],
  ["accurracy", ["precision", "accuracy"], 'did you mean "accuracy"?'],
  ["checks", ["checks.passes", "checks.value"], 'did you mean "checks.passes" or "checks.value"?'],
  // One letter of three is another metric.
  ["acc", ["auc"], 'it was not measured; measured: "auc"'],
  ["f1", ["r2"], 'it was not measured; measured: "r2"'],
  ["mae", [], "it was not measured, and neither was anything else"],
  ["mae", ["a", "b", "c", "d", "e", "f", "g"], 'measured: "a", "b", "c", "d", "e" and 2 more'],
  ["gradient_norms", many, "and 2992 more"],
])("of %s the nearest names are told, and what there is: %o", (name, names, text) => {
  const measured = names.map((one) => ({ name: one, slice: null, value: 1 }));
  expect(describeAbsent({ name, slice: null }, measured)).toContain(text);
});

test.each<[string | null, readonly (string | null)[], string]>([
  ["Night", ["night", "day"], 'in this slice; did you mean "night"? There are also "day"'],
  ["night", [null], "it was measured over all of the data only"],
  [null, ["night"], 'it was measured in slices only, such as "night"'],
])("of the slice %s as well: %o", (slice, slices, text) => {
  const measured = slices.map((one) => ({ name: "mae", slice: one, value: 1 }));
  expect(describeAbsent({ name: "mae", slice }, measured)).toContain(text);
});
