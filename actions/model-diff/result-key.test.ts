import { expect, test } from "vitest";
import { resultKey } from "./result-key.ts";

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
  expect(resultKey(key, job, matrix)).toBe(result);
});
