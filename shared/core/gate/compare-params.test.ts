import fc from "fast-check";
import { expect, test } from "vitest";
import { compareParams, isParamFile } from "./compare-params.ts";

const lock = (lr: number, md5: string) => `schema: '2.0'
stages:
  train:
    cmd: python train.py
    deps:
      - { path: data/train.csv, md5: ${md5}, size: 812345 }
      - { path: train.py, md5: ${md5} }
    params: { params.yaml: { model.lr: ${lr} } }
    outs: [{ path: model.pkl, md5: ${md5} }]
`;

test.each<
  [string, string | undefined, string | undefined, readonly (readonly [string, string | null, string | null])[]]
>([
  [
    "params.yaml",
    "model: { lr: 0.001, layers: [64, 32] }\nseed: 7\n",
    "model: { lr: 0.0005, layers: [64, 64] }\nseed: 7\nepochs: 5\n",
    [
      ["model.lr", "0.001", "0.0005"],
      ["model.layers", "[64, 32]", "[64, 64]"],
      ["epochs", null, "5"],
    ],
  ],
  [
    "params.json",
    '{"lr": 1, "gone": true}',
    '{"lr": 2}',
    [
      ["lr", "1", "2"],
      ["gone", "true", null],
    ],
  ],
  ["hparams.toml", "[opt]\nname = 'adam'\n", "[opt]\nname = 'sgd'\n", [["opt.name", "adam", "sgd"]]],
  ["params.yaml", undefined, "lr: 1\n", [["lr", null, "1"]]],
  [
    "dvc.lock",
    lock(0.1, "1a2b3c4d5e"),
    lock(0.2, "9f8e7d6c5b"),
    [
      ["model.lr", "0.1", "0.2"],
      ["data/train.csv", "1a2b3c4 (812345 bytes)", "9f8e7d6 (812345 bytes)"],
    ],
  ],
  [
    "data/train.csv.dvc",
    "outs: [{ path: train.csv, md5: aaaaaaaaa }]",
    "outs: [{ path: train.csv, md5: bbbbbbbbb }]",
    [["train.csv", "aaaaaaa", "bbbbbbb"]],
  ],
  // What cannot be read, or is something else, has nothing to show.
  ["params.yaml", "lr: 1", "lr: [", []],
  ["params.json", "{}", `${"[".repeat(100_000)}`, []],
  ["params.yaml", "a: &a [*a]", "a: 1", [["a", "[…]", "1"]]],
  ["params.json", '{"a": 1}', "[1]", []],
  ["dvc.lock", "stages: 1", "stages: [a]", []],
])("of %s what differs is told: %s", (path, before, after, expected) => {
  const changes = compareParams([{ path, before, after }]);
  expect(changes.map((change) => [change.name, change.before, change.after])).toEqual(expected);
});

test("a parameter that two files repeat is told once, and very many are cut", () => {
  const [before, after] = ["model: { lr: 0.1 }", "model: { lr: 0.2 }"];
  const twice = [
    { path: "params.yaml", before, after },
    { path: "dvc.lock", before: lock(0.1, "1a2b3c4d5e"), after: lock(0.2, "1a2b3c4d5e") },
  ];
  expect(compareParams(twice)).toHaveLength(1);
  const changes = compareParams([
    {
      path: "params.json",
      before: "{}",
      after: JSON.stringify(Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`p${at}`, "x".repeat(500)]))),
    },
  ]);
  expect([changes.length, changes[0]?.after?.length]).toEqual([100, 80]);
});

test("aliases that multiply are cut short", () => {
  const keys = [..."abcdefghij"];
  const level = (at: number) => `l${at}: &l${at} { ${keys.map((key) => `${key}: *l${at - 1}`).join(", ")} }`;
  const bomb = ["l0: &l0 { x: 1 }", ...[1, 2, 3, 4, 5, 6, 7].map(level)].join("\n");
  expect(compareParams([{ path: "params.yaml", before: "a: 1", after: bomb }]).length).toBeLessThanOrEqual(100);
});

test("whatever the files say, there is an answer", () => {
  const paths = fc.constantFrom("params.yaml", "params.json", "params.toml", "dvc.lock", "a.dvc");
  fc.assert(
    fc.property(paths, fc.oneof(fc.string(), fc.json()), fc.oneof(fc.string(), fc.json()), (path, before, after) => {
      for (const change of compareParams([{ path, before, after }])) expect(change.before).not.toBe(change.after);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test.each([
  ...[
    "params.yaml",
    "a/params.yml",
    "hparams.json",
    "hyperparameters.toml",
    "dvc.lock",
    "x/dvc.lock",
    "data/x.csv.dvc",
  ],
])("%s is looked at", (path) => expect(isParamFile(path)).toBe(true));
test.each(["myparams.yaml", "params.py", "dvc.yaml", ".dvc/config", "package.json", ".dvc"])("%s is not", (path) =>
  expect(isParamFile(path)).toBe(false),
);
