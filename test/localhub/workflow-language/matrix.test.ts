import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { combinationName, expandMatrix, MAX_COMBINATIONS, strategyContext } from "./matrix.ts";
import type { Json } from "./values.ts";

const valuesOf = (matrix: Json) => expandMatrix(matrix).map(({ values }) => values);
const namesOf = (matrix: Json) => expandMatrix(matrix).map((combination) => combinationName("build", combination));

test("the last vector changes fastest", () => {
  expect(valuesOf({ os: ["a", "b"], version: [1, 2] })).toEqual([
    { os: "a", version: 1 },
    { os: "a", version: 2 },
    { os: "b", version: 1 },
    { os: "b", version: 2 },
  ]);
});

test("include extends and adds (the example of GitHub docs, matrix include)", () => {
  const matrix = {
    fruit: ["apple", "pear"],
    animal: ["cat", "dog"],
    include: [
      { color: "green" },
      { color: "pink", animal: "cat" },
      { fruit: "apple", shape: "circle" },
      { fruit: "banana" },
      { fruit: "banana", animal: "cat" },
    ],
  };
  expect(valuesOf(matrix)).toEqual([
    { fruit: "apple", animal: "cat", color: "pink", shape: "circle" },
    { fruit: "apple", animal: "dog", color: "green", shape: "circle" },
    { fruit: "pear", animal: "cat", color: "pink" },
    { fruit: "pear", animal: "dog", color: "green" },
    { fruit: "banana" },
    { fruit: "banana", animal: "cat" },
  ]);
  // What an include adds is not part of the name; an include of its own is (actions/runner, MatrixBuilder).
  expect(namesOf(matrix)).toEqual([
    "build (apple, cat)",
    "build (apple, dog)",
    "build (pear, cat)",
    "build (pear, dog)",
    "build (banana)",
    "build (banana, cat)",
  ]);
});

test("include alone makes one job per entry", () => {
  expect(valuesOf({ include: [{ site: "a" }, { site: "b", fast: true }] })).toEqual([
    { site: "a" },
    { site: "b", fast: true },
  ]);
});

test("exclude removes what it matches, in part and at any depth, by the rules of ==", () => {
  expect(
    valuesOf({
      os: ["Linux", "mac"],
      n: [1, 2],
      exclude: [
        { os: "linux", n: "1" },
        { n: 2, os: "mac" },
      ],
    }),
  ).toEqual([
    { os: "Linux", n: 2 },
    { os: "mac", n: 1 },
  ]);
  expect(valuesOf({ os: ["a", "b"], n: [1, 2], exclude: [{ os: "a" }] })).toEqual([
    { os: "b", n: 1 },
    { os: "b", n: 2 },
  ]);
  const node = [
    { version: 20, npm: 10 },
    { version: 24, npm: 11 },
  ];
  expect(valuesOf({ node, exclude: [{ node: { version: 20 } }] })).toEqual([{ node: node[1] }]);
  expect(
    valuesOf({
      pair: [
        [1, 2],
        [3, 4],
      ],
      exclude: [{ pair: [1] }],
    }),
  ).toEqual([{ pair: [3, 4] }]);
});

test("include is applied after exclude", () => {
  expect(valuesOf({ os: ["a", "b"], exclude: [{ os: "a" }], include: [{ os: "a", extra: 1 }] })).toEqual([
    { os: "b" },
    { os: "a", extra: 1 },
  ]);
});

test("names show every plain value inside, and at most 100 characters", () => {
  expect(namesOf({ node: [{ version: 20, flags: ["x", true, null, ""] }], n: [1.5] })).toEqual([
    "build (20, x, true, 1.5)",
  ]);
  expect(namesOf({ empty: [""] })).toEqual(["build"]);
  const [name] = namesOf({ long: ["x".repeat(200)] });
  expect(name).toHaveLength(100);
  expect(name).toMatch(/^build \(x+\.\.\.$/);
});

describe("a matrix GitHub rejects", () => {
  test.for<[string, Json, string]>([
    ["not a mapping", "x", "must be a mapping"],
    ["empty", {}, "Matrix must define at least one vector"],
    ["an empty include", { include: [] }, "Matrix must define at least one vector"],
    ["an empty vector", { os: [] }, "Matrix vector 'os' does not contain any values"],
    ["a vector that is not a list", { os: "a" }, "Matrix vector 'os' must be a list of values"],
    ["an include that is not a list", { include: { a: 1 } }, "Matrix include must be a list of mappings"],
    [
      "an include entry without values",
      { os: [1], include: [{}] },
      "Matrix include mapping does not contain any values",
    ],
    ["an exclude entry without values", { os: [1], exclude: [{}] }, "Matrix exclude filter must not be empty"],
    ["an unknown key", { os: [1], exclude: [{ arch: 1 }] }, "Matrix exclude key 'arch' does not match any key"],
  ])("%s", ([, matrix, message]) => {
    expect(() => expandMatrix(matrix)).toThrow(message);
  });

  test("more than 256 jobs (GitHub docs: Actions limits)", () => {
    const vector = (length: number) => Array.from({ length }, (_, index) => index);
    expect(expandMatrix({ a: vector(MAX_COMBINATIONS) })).toHaveLength(256);
    expect(() => expandMatrix({ a: vector(257) })).toThrow("generates 257 jobs");
    expect(() => expandMatrix({ a: vector(256), include: [{ a: -1 }] })).toThrow("generates 257 jobs");
    // The product is rejected before it is built, however large.
    expect(() => expandMatrix({ a: vector(2000), b: vector(2000), c: vector(2000) })).toThrow("8000000000 jobs");
  });
});

const vectors = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,4}$/).filter((name) => name !== "include" && name !== "exclude"),
  fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }),
  { minKeys: 1, maxKeys: 3 },
);

test("without include and exclude a matrix is the product of its vectors, each combination once", () => {
  fc.assert(
    fc.property(vectors, (matrix) => {
      const values = valuesOf(matrix);
      expect(values).toHaveLength(Object.values(matrix).reduce((size, vector) => size * vector.length, 1));
      expect(new Set(values.map((each) => JSON.stringify(each))).size).toBe(values.length);
    }),
  );
});

test("excluding every combination leaves none; including them again brings each back once", () => {
  fc.assert(
    fc.property(vectors, (matrix) => {
      const all = valuesOf(matrix);
      expect(valuesOf({ ...matrix, exclude: all })).toEqual([]);
      expect(valuesOf({ ...matrix, exclude: all, include: all })).toEqual(all);
      expect(valuesOf({ ...matrix, include: all })).toEqual(all);
    }),
  );
});

test("the strategy context", () => {
  const context = strategyContext(1, 3, { failFast: true, maxParallel: undefined });
  expect(context).toEqual({ "fail-fast": true, "job-index": 1, "job-total": 3, "max-parallel": 3 });
  expect(strategyContext(0, 3, { failFast: false, maxParallel: 2 })).toMatchObject({ "max-parallel": 2 });
});
