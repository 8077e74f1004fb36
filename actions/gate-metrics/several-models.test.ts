/** gate-metrics where the policy has several models: each by its own rules, evidence and baseline. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTrainingRecordJson, TRAIN_WORKFLOW_FILES } from "../../shared/adapters/baseline/testing.ts";
import { inMemory } from "../../shared/records/testing.ts";
import { TRAINING_RECORD } from "../../shared/records/training-record.ts";
import { verdictRecord } from "../../shared/records/verdict.ts";
import { playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = `version: 2
gates: [{ metric: mae, better: lower, max-regression: 1% }]
models:
  visits: { files: [v.json] }
  fraud: { files: [f.json], gates: [{ metric: auc, better: higher, min: 0.8 }] }
  costs: { files: [c.json] }
`;
const recordOf = (values: Readonly<Record<string, number>>, modelName: string | undefined, parts: object = {}) =>
  createTrainingRecordJson(values, {
    schema: TRAINING_RECORD,
    ...(modelName !== undefined && { modelName }),
    ...parts,
  });

let hub: LocalGitHub;
let commit: string;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { ...TRAIN_WORKFLOW_FILES, ".github/mlops.yml": POLICY } });
  // The branch's own record is that of visits.
  await hub.push({ files: { "record.json": recordOf({ mae: 2 }, "visits") } });
  await hub.waitUntilIdle();
  commit = await hub.push({ files: { "other.txt": "x" }, message: "next [skip ci]" });
  await hub.waitUntilIdle();
});
afterAll(() => hub.close());

async function gate(model: string, values: Readonly<Record<string, number>>, modelName?: string) {
  const record = recordOf(values, modelName, { commit });
  const before = (await hub.repository.git.resolve(`${commit}~1`)) ?? "";
  const played = await playAction(spec, run, connect, {
    hub,
    run: { id: 1 },
    event: { name: "push", sha: commit, payload: { before, after: commit } },
    files: { "training-record.json": record },
    inputs: { metrics: "training-record.json", model },
  });
  return { ...played, verdict: played.readRecord(inMemory(verdictRecord), "verdict.json") };
}

test.each([
  ["visits", { mae: 2 }, "pass"],
  ["visits", { mae: 2.1 }, "fail"],
  ["fraud", { auc: 0.9 }, "pass"],
  ["fraud", { auc: 0.7 }, "fail"],
])("%s with %j is judged by its own rules: %s", async (model, values, outcome) => {
  const { verdict } = await gate(model, values, model);
  expect([verdict?.model, verdict?.outcome]).toEqual([model, outcome]);
});

test("a baseline of another model is none", async () => {
  const { verdict } = await gate("costs", { mae: 1 }, "costs");
  expect([verdict?.outcome, verdict?.baseline]).toEqual(["fail", null]);
  expect(JSON.stringify(verdict)).toContain("is about the model visits");
});

test("a training of another model is refused, and the verdict that there is none names the one that was judged", async () => {
  const { exitCode, errorCodes, verdict } = await gate("fraud", { auc: 0.9 }, "visits");
  expect([exitCode, errorCodes, verdict?.outcome, verdict?.model]).toEqual([
    ...[2, ["evidence-other-model"]],
    ...["error", "fraud"],
  ]);
});

test("a training that names no model counts: it may be of another tool", async () => {
  expect((await gate("fraud", { auc: 0.9 })).verdict?.outcome).toBe("pass");
});
