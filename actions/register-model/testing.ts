/** For tests of register-model: the results of a training, and their registration. */
import type { LocalGitHub } from "@mlops-actions/localhub";
import type { Connect } from "../../shared/action/run-action.ts";
import { createTrainingRecordJson } from "../../shared/adapters/baseline/testing.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { computeModelDigest } from "../../shared/core/registry/model-digest.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import { VERDICT, type Verdict } from "../../shared/records/verdict.ts";
import { type Play, playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { type Ports, run } from "./run.ts";
import { spec } from "./spec.ts";

export const POLICY = `version: 1
gates: [{ metric: mae, better: lower, max: 3 }]
model: { name: visits, files: ["model/*.json"], owner: risk team, purpose: plan capacity }
`;
export const MODEL = { "model/a.json": "{}", "model/b.json": "[1]" };
const FILES = Object.entries(MODEL).map(([path, text]) => ({ path, bytes: text.length, digest: digestOf(text) }));
export const MODEL_DIGEST = computeModelDigest(FILES, digestOf);
export const [MERGED, OTHER] = ["a".repeat(40), "f".repeat(40)] as const;
export const origin = { repository: "octo/model", workflow: "main.yml", run: 7, attempt: 1, actor: "alice" };

const judged = (commit: string, change: Partial<Verdict> = {}): Verdict => ({
  schema: VERDICT,
  outcome: "pass",
  head: commit,
  judged: commit,
  metricsDigest: digestOf("metrics"),
  policy: { path: ".github/mlops.yml", ref: commit, digest: digestOf(POLICY) },
  baseline: null,
  rulings: [],
  metrics: [{ name: "mae", slice: null, candidate: 2, baseline: null }],
  notes: [],
  origin,
  ...change,
});

export interface Results {
  /** The commit that was trained and judged. */
  readonly commit?: string;
  readonly training?: Partial<TrainingRecord>;
  readonly verdict?: Partial<Verdict>;
}

export interface RegisterOptions extends Results {
  /** Of the model, as they were downloaded. */
  readonly files?: Readonly<Record<string, string>>;
  readonly inputs?: Play<typeof spec>["inputs"];
  /** Other files in the workspace. */
  readonly workspace?: Readonly<Record<string, string>>;
  readonly hub?: LocalGitHub;
}

/** The records that a run uploads. */
function createRecords({ commit = MERGED, training, verdict }: Results) {
  const model = { files: FILES, digest: MODEL_DIGEST };
  const record = { commit, dataDigest: digestOf("data"), model, origin, ...training };
  return {
    "trained/training-record.json": createTrainingRecordJson({ mae: 2 }, record),
    "verdict.json": JSON.stringify(judged(commit, verdict)),
  };
}

/** Uploads the two records that it is given, as those of its own run. */
const TRAIN = `
name: train
on:
  pull_request:
  workflow_dispatch: { inputs: { record: { type: string }, verdict: { type: string } } }
permissions: {}
jobs:
  train:
    runs-on: ubuntu-latest
    steps:
      - run: |
          printf %s "$RECORD" | sed 's/"run":7,/"run":'"$GITHUB_RUN_ID,/" > training-record.json
          printf %s "$VERDICT" | sed 's/"run":7,/"run":'"$GITHUB_RUN_ID,/" > verdict.json
        env: { RECORD: "\${{ inputs.record }}", VERDICT: "\${{ inputs.verdict }}" }
      - uses: actions/upload-artifact@v7
        with: { name: record, path: training-record.json }
      - uses: actions/upload-artifact@v7
        with: { name: verdict, path: verdict.json }
`;
/** What `trainOnGitHub` needs in the repository. */
export const WORKFLOWS = { ".github/workflows/train.yml": TRAIN };

/** A run of the default branch that uploads the records. @returns what to register them with */
export async function trainOnGitHub(hub: LocalGitHub, results: Results = {}): Promise<RegisterOptions> {
  const commit = results.commit ?? (await hub.repository.git.resolve("refs/heads/main")) ?? "";
  const records = createRecords({ ...results, commit });
  const inputs = { record: records["trained/training-record.json"], verdict: records["verdict.json"] };
  const { id: run } = await hub.run("train.yml", { inputs });
  const own = { origin: { ...origin, run } };
  return { hub, commit, training: { ...own, ...results.training }, verdict: { ...own, ...results.verdict } };
}

export function register(
  version: string,
  { files = MODEL, inputs, workspace, hub, ...results }: RegisterOptions,
  connection: Connect<typeof spec, Ports> = connect,
) {
  const downloaded = Object.entries(files).map(([path, text]) => [`trained/${path}`, text]);
  return playAction(spec, run, connection, {
    hub,
    event: { name: "workflow_dispatch" },
    files: {
      ...Object.fromEntries(downloaded),
      ...createRecords(results),
      "MODEL_CARD.md": "---\nlicense: mit\ndata_sources: [RAND HIE, census]\n---\n# Visits\n",
      ...workspace,
    },
    inputs: {
      version,
      folder: "trained",
      record: "trained/training-record.json",
      verdict: "verdict.json",
      card: "MODEL_CARD.md",
      governance: "approval_date=2026-06-01",
      ...inputs,
    },
  });
}
