import { expect, test } from "vitest";
import { describeTrainingChanges, type TrainingBasis } from "./training-changes.ts";

const basis = (params: TrainingBasis["params"], dataDigest: string | null = "sha256:1"): TrainingBasis => ({
  params,
  dataDigest,
});

test("parameters that differ are told, sorted by name", () => {
  const now = basis({ lr: 0.2, seed: 1, layers: "2", kind: "tree" });
  const before = basis({ seed: 1, lr: 0.1, layers: 2, depth: 3 });
  expect(describeTrainingChanges(now, before)).toEqual({
    data: false,
    params: [
      { name: "depth", before: "3", after: null },
      { name: "kind", before: null, after: '"tree"' },
      { name: "layers", before: "2", after: '"2"' },
      { name: "lr", before: "0.1", after: "0.2" },
    ],
  });
});

test.each([
  ["the same", "sha256:1", "sha256:1", false],
  ["other", "sha256:2", "sha256:1", true],
  ["not known before", "sha256:2", null, null],
  ["not known now", null, "sha256:1", null],
  ["never known", null, null, null],
])("data is %s", (_, now, before, data) => {
  expect(describeTrainingChanges(basis({}, now), basis({}, before))).toEqual({ params: [], data });
});

test("nothing is told where a record is missing", () => {
  expect(describeTrainingChanges(undefined, basis({}))).toBeUndefined();
  expect(describeTrainingChanges(basis({}), undefined)).toBeUndefined();
});

test("many and long ones are cut, as they are only shown", () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`p${at}`, "x".repeat(300)]));
  const { params = [] } = describeTrainingChanges(basis(many), basis({})) ?? {};
  expect([params.length, params[0]?.after?.length]).toEqual([100, 201]);
});

test("a name of every object is none of the parameters", () => {
  const named = basis(JSON.parse('{"__proto__": 1, "constructor": 2}') as TrainingBasis["params"]);
  expect(describeTrainingChanges(named, basis({}))?.params?.map(({ name, before }) => [name, before])).toEqual([
    ["__proto__", null],
    ["constructor", null],
  ]);
});
