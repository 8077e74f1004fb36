import { expect, test } from "vitest";
import { recordName, resultKey } from "./result-key.ts";

test.each([
  ["", "train", "null", "train"],
  ["", "", "null", "model"],
  ["visits", "train", "null", "visits"],
  ["", "train", '{"size":"small"}', "train (small)"],
  ["visits", "train", '{"python":"3.12","size":"small"}', "visits (3.12, small)"],
  ["", "train", '{"model":{"name":"a","layers":2}}', 'train ({"name":"a","layers":2})'],
  ["", "train", "{}", "train"],
  ["", "train", "", "train"],
  ["", "train", "{", "train"],
  ["", "train", '"text"', "train"],
])("key %j in the job %j with the matrix %s is %j", (key, job, matrix, result) => {
  expect(resultKey({ key, model: "", matrix }, job)).toBe(result);
});

test.each([
  ["", "fraud", "null", "fraud"],
  ["", "fraud", '{"model":"fraud"}', "fraud"],
  ["", "fraud", '{"model":"fraud","size":"small"}', "fraud (small)"],
  ["nightly", "fraud", '{"model":"fraud"}', "nightly"],
])("key %j for the model %j in the matrix %s is %j", (key, model, matrix, result) => {
  expect(resultKey({ key, model, matrix }, "train")).toBe(result);
});

test.each([
  ["o/r/.github/workflows/ci.yml@refs/heads/main", "model-diff ci.yml train"],
  ["o/r/.github/workflows/other.yaml@refs/pull/1/merge", "model-diff other.yaml train"],
  ["", "model-diff train"],
])("a result of %j is kept as %j", (workflow, name) => {
  expect(recordName(workflow, "train")).toBe(name);
});
