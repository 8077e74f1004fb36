/** Makes the files of a first pull request. */
import { quoteScalar } from "../../text/yaml/quote-scalar.ts";
import { POLICY_PATH } from "../policy/policy.ts";
import type { TrainingGuess } from "./guess-training.ts";

/** From where workflows take the actions. */
export interface ActionSource {
  /** `owner/name` */
  readonly repository: string;
  /** Tag or commit. */
  readonly ref: string;
  /** What a person calls a commit, such as `v1.2.0`. */
  readonly version?: string | undefined;
}

export interface SetupContract {
  readonly path: string;
  /** Paths of the data files it is for. */
  readonly files: readonly string[];
  readonly text: string;
}

export interface SetupAnswers {
  readonly training: TrainingGuess;
  /** Paths or globs of what the training writes. */
  readonly metrics: readonly string[];
  readonly contract: SetupContract | undefined;
  /** Text of a policy of version 2 with gates alone; `undefined`: nothing is measured yet, and the first comment suggests one. */
  readonly gates: string | undefined;
  readonly source: ActionSource;
  /** The default branch. */
  readonly branch: string;
}

export interface SetupFile {
  readonly path: string;
  readonly text: string;
}

const WORKFLOW_PATH = ".github/workflows/model.yml";

export function writeSetup(answers: SetupAnswers): readonly SetupFile[] {
  const { contract, gates, source } = answers;
  return [
    { path: WORKFLOW_PATH, text: writeWorkflow(answers) },
    ...(contract === undefined ? [] : [{ path: contract.path, text: editorLine(source, "contract") + contract.text }]),
    ...(gates === undefined ? [] : [{ path: POLICY_PATH, text: editorLine(source, "policy") + gates }]),
  ];
}

function writeWorkflow({ training, metrics, contract, source, branch }: SetupAnswers): string {
  return lines(
    "# Trains, and shows on each pull request how the model changes. The rules are in .github/mlops.yml.",
    "name: model",
    `on: { pull_request: {}, push: { branches: [${quoteScalar(branch)}] } }`,
    "permissions: { contents: read, actions: read, pull-requests: write }",
    "jobs:",
    "  model:",
    "    runs-on: ubuntu-latest",
    "    steps:",
    "      - uses: actions/checkout@v7",
    ...contractStep(contract, source),
    ...RUNTIME_STEPS[training.runtime],
    ...(training.install === undefined ? [] : [`      - run: ${quoteScalar(training.install)}`]),
    `      - run: ${quoteScalar(training.command)}`,
    `      - uses: ${uses(source, "")}`,
    "        with:",
    ...inputLines("metrics", metrics),
  );
}

const RUNTIME_STEPS: Readonly<Record<TrainingGuess["runtime"], readonly string[]>> = {
  python: ["      - uses: actions/setup-python@v6", '        with: { python-version: "3.x" }'],
  node: ["      - uses: actions/setup-node@v6", "        with: { node-version: 24 }"],
  other: [],
};

/** The contract counts as it stands on the default branch: in the change that adds it, there is none yet. */
function contractStep(contract: SetupContract | undefined, source: ActionSource): readonly string[] {
  if (contract === undefined) return [];
  const step = [
    `- uses: ${uses(source, "/actions/check-data")}`,
    "  with:",
    ...inputLines("contract", [contract.path], "    "),
    ...inputLines("files", contract.files, "    "),
  ];
  return [
    "      # When the contract is on the default branch, take these # away: broken data then stops a training before it starts.",
    ...step.map((line) => `      # ${line}`),
  ];
}

/** Editors complete and check a file that begins with it. */
const editorLine = ({ repository, ref }: ActionSource, schema: "policy" | "contract"): string =>
  `# yaml-language-server: $schema=https://raw.githubusercontent.com/${repository}/${ref}/shared/schemas/${schema}.json\n`;

const uses = ({ repository, ref, version }: ActionSource, path: string): string =>
  `${repository}${path}@${ref}${version === undefined ? "" : ` # ${version}`}`;

const inputLines = (name: string, values: readonly string[], indent = "          "): readonly string[] =>
  values.length === 1
    ? [`${indent}${name}: ${quoteScalar(values[0] ?? "")}`]
    : [`${indent}${name}: |`, ...values.map((value) => `${indent}  ${value}`)];

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join("");
