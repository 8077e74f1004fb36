/** Somebody types the number of a run: what is wrong with it is said here, not by the step that downloads. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { POLICY, type RegisterOptions, register, trainOnGitHub, WORKFLOWS } from "./testing.ts";

let hub: LocalGitHub;
let trained: RegisterOptions;
let run: number;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { ".github/mlops.yml": POLICY, ...WORKFLOWS } });
  trained = await trainOnGitHub(hub);
  run = trained.training?.origin?.run ?? 0;
});
afterAll(() => hub.close());

async function runWithoutArtifacts(): Promise<number> {
  const { id } = await hub.run("train.yml", { inputs: { record: "{}", verdict: "{}" } });
  const { artifacts } = hub.repository.actions;
  for (const [key, artifact] of artifacts) if (artifact.run.id === id) artifacts.delete(key);
  return id;
}

async function runOfBranch(): Promise<number> {
  await hub.push({ branch: "other", files: { "other.txt": "new" } });
  return (await hub.run("train.yml", { ref: "other", inputs: { record: "{}", verdict: "{}" } })).id;
}

test.each<[string, string, string, () => Promise<number | string> | number | string]>([
  ["no number", "run-malformed", '"#7" is not the ID of a run', () => "#7"],
  ["an address", "run-malformed", "after /actions/runs/", () => "https://github.com/octo/model/actions/runs/7"],
  ["too long", "run-malformed", "is not the ID", () => "9".repeat(16)],
  ["unknown", "evidence-run-unknown", "run 123456, which this repository does not have", () => 123_456],
  ["of another branch", "evidence-run-untrusted", "a run on other", runOfBranch],
  ["without artifacts", "evidence-expired", "has no artifacts", runWithoutArtifacts],
])("a run that is %s, and nothing was downloaded", async (_, code, message, choose) => {
  // The files of the training are missing, as they are when the download has failed.
  const inputs = { "run-id": String(await choose()), record: "missing/training-record.json" };
  const { exitCode, errorCodes, log } = await register("v1.0.0", { ...trained, inputs });
  expect([exitCode > 0, errorCodes, log]).toEqual([true, [code], expect.stringContaining(message)]);
});

test("another run than the one that trained is refused", async () => {
  const other = await hub.run("train.yml", { inputs: { record: "{}", verdict: "{}" } });
  const { errorCodes, log } = await register("v1.0.0", { ...trained, inputs: { "run-id": String(other.id) } });
  expect([errorCodes, log]).toEqual([["evidence-of-other-run"], expect.stringContaining(`of run ${run}, not of run`)]);
});

test("the run that trained is taken, and one that was downloaded needs no number", async () => {
  const { outputs, log } = await register("v1.0.0", { ...trained, inputs: { "run-id": String(run) } });
  expect([outputs.result, log]).toEqual(["registered", expect.anything()]);
  expect((await register("v1.0.0", trained)).outputs.result).toBe("unchanged");
});
