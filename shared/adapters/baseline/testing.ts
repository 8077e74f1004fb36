/** A repository on the local GitHub whose runs upload training records, genuine and forged: for tests of the gate. */
import { strToU8, zipSync } from "fflate";
import type { TrainingRecord } from "../../records/training-record.ts";

/**
 * Trains on every push, and on a dispatch the commit it names, as dispatch-training's target workflow does. `$COMMIT` in
 * the committed record becomes the commit that was trained; without a `record.json` the job fails.
 */
const TRAIN_WORKFLOW = `
name: train
on:
  push:
  pull_request:
  workflow_dispatch:
    inputs:
      commit: { type: string, required: true }
      record: { type: string, required: true }
permissions: {}
jobs:
  train:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v7
      - run: |
          if [ -n "$RECORD" ]; then echo "$RECORD" > record.json; fi
          mkdir out && if [ -f predictions.csv ]; then cp predictions.csv out/; fi
          sed "s/[$]COMMIT/$COMMIT/" record.json > out/training-record.json
        env:
          COMMIT: \${{ inputs.commit || github.sha }}
          RECORD: \${{ inputs.record }}
      - uses: actions/upload-artifact@v7
        with: { name: training-record, path: out/ }
`;

export const TRAIN_WORKFLOW_PATH = ".github/workflows/train.yml";

export const TRAIN_WORKFLOW_FILES = { [TRAIN_WORKFLOW_PATH]: TRAIN_WORKFLOW } as const;

/** As an artifact is stored. */
export const zipTexts = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));

/** A valid training record with these metrics; slices as `slice/name`. */
export function createTrainingRecordJson(
  metrics: Readonly<Record<string, number>>,
  changes: Readonly<Partial<Record<keyof TrainingRecord, unknown>>> = {},
): string {
  const record = {
    schema: "mlops-actions/training-record@1",
    outcome: "success",
    commit: "$COMMIT",
    dataDigest: null,
    command: ["node", "train.mjs"],
    params: {},
    environment: { os: "linux", arch: "x64", runner: "here", gpus: [], versions: {} },
    startedAt: "2026-11-01T00:00:00Z",
    endedAt: "2026-11-01T00:00:01Z",
    exit: { code: 0, signal: null },
    metrics: Object.entries(metrics).map(([key, value]) => {
      const [name = "", slice = null] = key.split("/").reverse();
      return { name, slice, value };
    }),
    metricFiles: [],
    model: null,
    origin: { repository: "octo/model", workflow: "train", run: 1, attempt: 1, actor: "octo" },
    ...changes,
  };
  return JSON.stringify(record);
}
