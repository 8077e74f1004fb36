import { type LocalGitHub, startLocalGitHub, type WorkflowRun } from "@mlops-actions/localhub";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestClient } from "../github/testing.ts";
import { readHistory } from "./read-history.ts";

const WORKFLOW = `
on: workflow_dispatch
permissions: {}
jobs: { train: { runs-on: ubuntu-latest, steps: [run: "true"] } }
`;
const COMMIT = "a".repeat(40);
const HISTORY = [{ name: "mae", slice: null, values: [{ commit: COMMIT, value: 2.5 }] }];
const VERDICT = {
  schema: "mlops-actions/verdict@2",
  ...{ outcome: "pass", head: COMMIT, judged: COMMIT, metricsDigest: `sha256:${"1".repeat(64)}`, policy: null },
  ...{ baseline: null, rulings: [], metrics: [], notes: [], history: HISTORY },
  origin: { repository: "octo/model", workflow: "main", run: 1, attempt: 1, actor: "octo" },
};

let hub: LocalGitHub;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { ".github/workflows/train.yml": WORKFLOW } });
});
afterAll(() => hub.close());

async function runWith(name: string, text: string): Promise<WorkflowRun> {
  const run = await hub.run("train.yml");
  hub.storeArtifact(run, name, zipSync({ "verdict.json": strToU8(text) }));
  return run;
}
const read = async (name: string, text: string, commit = COMMIT) =>
  readHistory(createTestClient(hub), (await runWith(name, text)).id, commit);

test("is in the verdict of the baseline's own run", async () => {
  expect(await read("verdict", JSON.stringify(VERDICT))).toEqual(HISTORY);
});

test.each<[string, string, string, string?]>([
  ["another name", "other", JSON.stringify(VERDICT)],
  ["a verdict about another commit", "verdict", JSON.stringify(VERDICT), "b".repeat(40)],
  ["a broken verdict", "verdict", JSON.stringify({ ...VERDICT, outcome: "splendid" })],
  ["no JSON", "verdict", "{"],
])("is not there with %s", async (_, name, text, commit) => {
  expect(await read(name, text, commit)).toBeUndefined();
});
