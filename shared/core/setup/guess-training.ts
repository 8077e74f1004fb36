/** How a repository seems to train its model: by what its tools of the trade say, then by the names of scripts. */
import { baseNameOf, byDepth, type FolderFacts, type Guess, isOfTests } from "./folder-facts.ts";

export interface TrainingGuess {
  /** Installs what the command needs; `undefined`: nothing says so. */
  readonly install: string | undefined;
  readonly command: string;
  /** Which runtime the job sets up. */
  readonly runtime: "python" | "node" | "other";
}

/** Where a manager of packages keeps its own environment, the command runs in it. */
interface Packages {
  readonly file: string;
  readonly install: string;
  readonly prefix?: string;
}

const PYTHON_PACKAGES: readonly Packages[] = [
  { file: "uv.lock", install: "pip install uv && uv sync", prefix: "uv run " },
  { file: "poetry.lock", install: "pip install poetry && poetry install", prefix: "poetry run " },
  { file: "Pipfile.lock", install: "pip install pipenv && pipenv sync", prefix: "pipenv run " },
  { file: "requirements.txt", install: "pip install -r requirements.txt" },
  { file: "pyproject.toml", install: "pip install ." },
  { file: "setup.py", install: "pip install ." },
];
const NODE_PACKAGES: readonly Packages[] = [
  { file: "package-lock.json", install: "npm ci" },
  { file: "package.json", install: "npm install" },
];

const SCRIPT = /^(?:train|training|train_?model|run_?train(?:ing)?|fit|fit_?model)\.(?:py|mjs|js|ts|R|jl|ipynb)$/i;

/** @returns `undefined` when nothing in the repository says how it trains */
export function guessTraining(facts: FolderFacts): Guess<TrainingGuess> | undefined {
  return guessFromTool(facts) ?? guessFromScript(facts);
}

function guessFromTool({ paths, texts }: FolderFacts): Guess<TrainingGuess> | undefined {
  if (paths.includes("dvc.yaml")) {
    const python = withPackages(paths, PYTHON_PACKAGES, "dvc repro", "python");
    // A pipeline's outputs may lie in the remote alone.
    return { value: python, because: "dvc.yaml has the pipeline" };
  }
  if (/^train[ \t]*:(?!=)/m.test(texts.get("Makefile") ?? "")) {
    const value = withPackages(paths, PYTHON_PACKAGES, "make train", "python");
    return { value: { ...value, command: "make train" }, because: "Makefile has the target train" };
  }
  if (hasTrainScript(texts.get("package.json"))) {
    const value = withPackages(paths, NODE_PACKAGES, "npm run train", "node");
    return { value, because: "package.json has the script train" };
  }
  return undefined;
}

function guessFromScript({ paths }: FolderFacts): Guess<TrainingGuess> | undefined {
  const [script] = paths.filter((path) => SCRIPT.test(baseNameOf(path)) && !isOfTests(path)).sort(byDepth);
  if (script === undefined) return undefined;
  const because = `${script} is there`;
  const quoted = /^[\w./-]+$/.test(script) ? script : `'${script.replaceAll("'", `'\\''`)}'`;
  const ending = script.slice(script.lastIndexOf(".") + 1).toLowerCase();
  const python = (command: string) => withPackages(paths, PYTHON_PACKAGES, command, "python");
  switch (ending) {
    case "py":
      return {
        value: python(isInPackage(script, paths) ? `python -m ${toModule(script)}` : `python ${quoted}`),
        because,
      };
    case "ipynb": {
      const { install, ...rest } = python(`papermill ${quoted} trained.ipynb`);
      return {
        value: { ...rest, install: [install, "pip install papermill ipykernel"].filter(Boolean).join(" && ") },
        because,
      };
    }
    case "r":
      return { value: { install: undefined, command: `Rscript ${quoted}`, runtime: "other" }, because };
    case "jl":
      return { value: { install: undefined, command: `julia --project=. ${quoted}`, runtime: "other" }, because };
    default:
      return { value: withPackages(paths, NODE_PACKAGES, `node ${quoted}`, "node"), because };
  }
}

function withPackages(
  paths: readonly string[],
  managers: readonly Packages[],
  command: string,
  runtime: TrainingGuess["runtime"],
): TrainingGuess {
  const found = managers.find(({ file }) => paths.includes(file));
  return { install: found?.install, command: `${found?.prefix ?? ""}${command}`, runtime };
}

function hasTrainScript(text: string | undefined): boolean {
  if (text === undefined) return false;
  try {
    const { scripts } = JSON.parse(text) as { readonly scripts?: Readonly<Record<string, unknown>> };
    return typeof scripts?.["train"] === "string";
  } catch {
    return false;
  }
}

/** A module of a package, whose relative imports need `-m`. */
const isInPackage = (script: string, paths: readonly string[]): boolean =>
  script.includes("/") && paths.includes(`${script.slice(0, script.lastIndexOf("/"))}/__init__.py`) && isModule(script);

const isModule = (script: string): boolean => /^(?:[A-Za-z_]\w*\/)+[A-Za-z_]\w*\.py$/.test(script);
const toModule = (script: string): string => script.slice(0, -".py".length).replaceAll("/", ".");
