/** Guesses from paths and texts, and the files that are made of them. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { byDepth, type FolderFacts } from "./folder-facts.ts";
import { findWrittenResult, listDataFiles, listResultFiles } from "./guess-files.ts";
import { guessTraining } from "./guess-training.ts";
import { type SetupAnswers, writeSetup } from "./write-setup.ts";

const facts = (paths: readonly string[], texts: Readonly<Record<string, string>> = {}): FolderFacts => ({
  ...{ paths: [...paths, ...Object.keys(texts)], untracked: [] },
  texts: new Map(Object.entries(texts)),
});

describe("how it trains", () => {
  test.each<[string, FolderFacts, string, string | undefined, string]>([
    ["a script", facts(["train.py"]), "python train.py", undefined, "python"],
    [
      "with requirements",
      facts(["requirements.txt", "train.py"]),
      "python train.py",
      "pip install -r requirements.txt",
      "python",
    ],
    [
      "uv",
      facts(["pyproject.toml", "uv.lock", "src/train.py"]),
      "uv run python src/train.py",
      "pip install uv && uv sync",
      "python",
    ],
    [
      "poetry",
      facts(["pyproject.toml", "poetry.lock", "train.py"]),
      "poetry run python train.py",
      "pip install poetry && poetry install",
      "python",
    ],
    [
      "a module of a package",
      facts(["pyproject.toml", "wine/__init__.py", "wine/train.py"]),
      "python -m wine.train",
      "pip install .",
      "python",
    ],
    ["a folder with a blank", facts(["my model/train.py"]), "python 'my model/train.py'", undefined, "python"],
    [
      "a pipeline of DVC",
      facts(["requirements.txt", "dvc.yaml", "src/train.py"]),
      "dvc repro",
      "pip install -r requirements.txt",
      "python",
    ],
    [
      "a target of make",
      facts(["requirements.txt", "train.py"], { Makefile: "all: train\ntrain: data\n\tpython x.py\n" }),
      "make train",
      "pip install -r requirements.txt",
      "python",
    ],
    ["no target of make", facts(["train.py"], { Makefile: "train := 1\n" }), "python train.py", undefined, "python"],
    [
      "a script of npm",
      facts(["package-lock.json"], { "package.json": '{"scripts": {"train": "node t.js"}}' }),
      "npm run train",
      "npm ci",
      "node",
    ],
    ["a broken package.json", facts(["train.mjs"], { "package.json": "{" }), "node train.mjs", "npm install", "node"],
    ["R", facts(["R/train.R"]), "Rscript R/train.R", undefined, "other"],
    ["Julia", facts(["train.jl"]), "julia --project=. train.jl", undefined, "other"],
    [
      "a notebook",
      facts(["train.ipynb", "requirements.txt"]),
      "papermill train.ipynb trained.ipynb",
      "pip install -r requirements.txt && pip install papermill ipykernel",
      "python",
    ],
    [
      "the one nearest the root",
      facts(["a/b/train.py", "src/train.py", "tests/train.py"]),
      "python src/train.py",
      undefined,
      "python",
    ],
  ])("%s", (_, given, command, install, runtime) => {
    expect(guessTraining(given)?.value).toEqual({ command, install, runtime });
  });
  test.each([[facts([])], [facts(["README.md", "tests/train.py", "constrain.py", "retrain_notes.txt"])]])(
    "nothing says so",
    (given) => {
      expect(guessTraining(given)).toBeUndefined();
    },
  );
});

test("results: the likeliest first, never settings or what belongs to tests", () => {
  const given = facts([
    "eval/results.json",
    "metrics.json",
    "package.json",
    "params-metrics.md",
    "tests/metrics.json",
    ".cache/metrics.json",
    "out/scores.csv",
    "metrics.py",
  ]);
  expect(listResultFiles(given)).toEqual(["metrics.json", "out/scores.csv", "eval/results.json"]);
});

test("a result is found in the script that writes it", () => {
  const script = 'json.dump(m, open("reports/metrics.json", "w"))';
  expect(findWrittenResult(facts([], { "train.py": `open("data.csv")\n${script}` }))).toEqual({
    path: "reports/metrics.json",
    script: "train.py",
  });
  expect(findWrittenResult(facts([], { "train.ipynb": '{"source": ["open(\\"metrics.json\\")"]}' }))?.path).toBe(
    "metrics.json",
  );
  expect(
    findWrittenResult(facts([], { Makefile: '"metrics.json"', "train.py": 'open("params.json")' })),
  ).toBeUndefined();
});

test("data: what lies in a folder of data first, no results", () => {
  const given = facts(["b.csv", "data/raw/a.csv", "metrics.csv", "tests/data/x.csv", "datasets/c.parquet", "d.csv.gz"]);
  expect(listDataFiles(given)).toEqual(["datasets/c.parquet", "data/raw/a.csv", "b.csv", "d.csv.gz"]);
  expect(["b/a", "c", "a"].sort(byDepth)).toEqual(["a", "c", "b/a"]);
});

describe("what is written", () => {
  const answers: SetupAnswers = {
    training: { install: "pip install -r requirements.txt", command: "python train.py", runtime: "python" },
    ...{ metrics: ["metrics.json"], contract: undefined, gates: undefined, branch: "main" },
    source: { repository: "acme/mlops-actions", ref: "0123456789abcdef0123456789abcdef01234567", version: "v1.2.0" },
  };
  const workflow = (given: Partial<SetupAnswers>) => parse(writeSetup({ ...answers, ...given })[0]?.text ?? "");

  test("the workflow runs the command, and no name of it becomes anything else", () => {
    const hostile = 'python "a: b".py # x\n        with: {y: z}';
    const { on, jobs } = workflow({
      ...{ branch: "release: 1", metrics: ["a.json", "b c.json"] },
      training: { install: undefined, command: hostile, runtime: "other" },
    });
    expect(on.push.branches).toEqual(["release: 1"]);
    expect(jobs.model.steps).toEqual([
      { uses: "actions/checkout@v7" },
      { run: hostile },
      { uses: "acme/mlops-actions@0123456789abcdef0123456789abcdef01234567", with: { metrics: "a.json\nb c.json\n" } },
    ]);
  });

  test("the check of the data waits until its contract counts, and is a step as soon as its marks are taken away", () => {
    const contract = { path: "contracts/a.yml", files: ["data/a.csv"], text: "version: 1\n" };
    const [file, written] = writeSetup({ ...answers, contract });
    expect(parse(file?.text ?? "").jobs.model.steps).toHaveLength(5);
    const steps = parse((file?.text ?? "").replaceAll(/^ {6}# (?=- uses| {2})/gm, "      ")).jobs.model.steps;
    expect(steps[1]).toEqual({
      uses: "acme/mlops-actions/actions/check-data@0123456789abcdef0123456789abcdef01234567",
      with: { contract: "contracts/a.yml", files: "data/a.csv" },
    });
    expect(written?.text).toBe(
      "# yaml-language-server: $schema=https://raw.githubusercontent.com/acme/mlops-actions/0123456789abcdef0123456789abcdef01234567/shared/schemas/contract.json\nversion: 1\n",
    );
  });
});
