import { describe, expect, test } from "vitest";
import { isDvcFile, listDvcMetricFiles } from "./dvc-files.ts";

test.each([
  ["dvc.yaml", true],
  ["models/a/dvc.yml", true],
  ["**/dvc.yaml", false],
  ["!dvc.yaml", false],
  ["dvc.yaml/metrics.json", false],
  ["mydvc.yaml", false],
  ["params.yaml", false],
])("%s: %s", (path, expected) => {
  expect(isDvcFile(path)).toBe(expected);
});

describe("a dvc.yaml", () => {
  test.each<[string, string, string, readonly string[]]>([
    ["at the top", "dvc.yaml", "metrics:\n- metrics.json\n- eval/live.yaml\n", ["metrics.json", "eval/live.yaml"]],
    [
      "of stages, with options, and each once",
      "dvc.yaml",
      "stages:\n  a: {cmd: x, metrics: [m.json: {cache: false}]}\n  b: {cmd: y, metrics: [m.json, n.json]}\n  c: {cmd: z}\n",
      ["m.json", "n.json"],
    ],
    [
      "in a folder",
      "models/a/dvc.yaml",
      "metrics: [metrics.json, ../b.json]\n",
      ["models/a/metrics.json", "models/b.json"],
    ],
    ["that leads out", "a/dvc.yaml", "metrics: [../../b.json, ./c//d.json]\n", ["../b.json", "a/c/d.json"]],
    ["with a working folder", "x/dvc.yaml", "stages: {a: {wdir: out, metrics: [m.json]}}\n", ["x/out/m.json"]],
    [
      "with a stage for several values",
      "dvc.yaml",
      "stages: {a: {foreach: [1], do: {metrics: [m.json]}}}\n",
      ["m.json"],
    ],
  ])("%s", (_, path, text, expected) => {
    expect(listDvcMetricFiles(text, path)).toEqual(expected);
  });

  test.each([
    ["without metrics", "stages: {a: {cmd: x, metrics: []}}\n", "d.yaml: it lists no metric files"],
    [
      "with a template",
      "metrics:\n- out/${model}.json\n",
      'd.yaml: it names "out/${model}.json", which only DVC can fill in',
    ],
    ["that is broken", "metrics:\n  - a: [\n", "d.yaml:3: it is not YAML"],
  ])("%s is refused", (_, text, message) => {
    expect(() => listDvcMetricFiles(text, "d.yaml")).toThrow(message);
  });
});
