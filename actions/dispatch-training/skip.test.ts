/** A training that would repeat an earlier one is skipped, with the proof; whatever is not known for sure is trained. */
import { expect, test } from "vitest";
import { createTrainingRecordJson } from "../../shared/adapters/baseline/testing.ts";
import { storeTrainingRecord } from "../../shared/adapters/dispatch/testing.ts";
import { inMemory } from "../../shared/records/testing.ts";
import { trainingRecord } from "../../shared/records/training-record.ts";
import type { Play } from "../../test/fixture/play-action.ts";
import type { spec } from "./spec.ts";
import { createFixture, trainWorkflow } from "./testing.ts";

const policy = (skip: string, data = "data: { files: [data/*.csv], contract: contract.yml }"): string =>
  `version: 2\n${data}\ntrain: { skip: ${skip} }\n`;
const FILES = {
  ".github/mlops.yml": policy("{ code: [src, train.py], lockfiles: [requirements.txt], params: [epochs] }"),
  ...{
    "src/model.py": "1",
    "train.py": "1",
    "data/a.csv": "x\n1\n",
    "requirements.txt": "torch==2.11",
    "README.md": "1",
    "contract.yml": "a",
  },
};

/** A repository whose first commit was trained. */
async function start(files: Readonly<Record<string, string>> = {}, train = trainWorkflow()) {
  const fixture = await createFixture({ train, files: { ...FILES, ...files } });
  const { hub } = fixture;
  const first = await fixture.dispatch();
  const trainings = () => hub.runs({ workflow: "train.yml" }).length;
  const dispatch = (commit: string, inputs: Play<typeof spec>["inputs"] = {}) =>
    fixture.dispatch({ inputs: { commit, ...inputs } });
  return {
    hub,
    first,
    commit: fixture.commit,
    dispatch,
    trainings,
    [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose](),
  };
}

test("a commit in which nothing that matters differs has the earlier training's results, and says whose", async () => {
  await using started = await start();
  const { hub, first, commit: earlier, dispatch, trainings } = started;
  expect(first.log).toContain("No earlier training was made from the same: code ");
  const commit = await hub.push({ files: { "README.md": "2" } });
  const { exitCode, log, outputs, readRecord } = await dispatch(commit);
  const [run] = hub.runs({ workflow: "train.yml" });
  expect([exitCode, trainings(), outputs]).toEqual([
    0,
    1,
    {
      outcome: "success",
      record: "training-record.json",
      commit,
      "run-id": String(run?.id),
      "run-url": first.outputs["run-url"],
    },
  ]);
  expect(log).toContain(`Nothing is trained: run ${run?.id} has trained commit ${earlier.slice(0, 7)}, and code `);
  const record = readRecord(inMemory(trainingRecord), "training-record.json");
  expect(record).toMatchObject({ commit, metrics: [{ name: "mae", value: 0.5 }], origin: { run: run?.id } });
  expect(record?.contentKey?.parts.map(({ name }) => name)).toEqual(["code", "data", "lockfiles", "params", "image"]);
  expect(record?.reused).toMatchObject({
    commit: earlier,
    proof: {
      ...{ repository: "octo/model", run: run?.id, event: "workflow_dispatch", branch: "main", conclusion: "success" },
      ...{ workflow: ".github/workflows/train.yml", headCommit: earlier },
      artifact: { name: "training-record", digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    },
  });
});

test.each<[string, Readonly<Record<string, string | null>>, Play<typeof spec>["inputs"]?]>([
  ["code", { "src/model.py": "2" }],
  ["a new file of the code", { "src/more.py": "" }],
  ["a file of the code that is gone", { "train.py": "2", "src/model.py": null, "src/other.py": "1" }],
  ["data", { "data/a.csv": "x\n2\n" }],
  ["data that DVC keeps", { "models/b.dvc": "outs: []" }],
  ["a lockfile", { "requirements.txt": "torch==2.12" }],
  ["the workflow, and with it the image", { ".github/workflows/train.yml": `${trainWorkflow()}# changed\n` }],
  ["the rules", { ".github/mlops.yml": policy("{ code: [src, train.py], lockfiles: [requirements.txt] }") }],
  ["a param that matters", {}, { inputs: '{"epochs": 9}' }],
  ["nothing, and force is set", {}, { force: "true" }],
])("it is trained when this differs: %s", async (_, files, inputs = {}) => {
  await using started = await start();
  const { hub, first, dispatch, trainings } = started;
  expect(first.log).toContain("No earlier training was made from the same: code ");
  const commit = await hub.push({ files: { "README.md": "2", ...files } });
  const { exitCode, readRecord } = await dispatch(commit, inputs);
  expect([exitCode, trainings()]).toEqual([0, 2]);
  expect(readRecord(inMemory(trainingRecord), "training-record.json")?.reused).toBeUndefined();
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ["names no data", { ".github/mlops.yml": policy("{ code: [src] }", "gates: []") }, "the policy names no data"],
  [
    "has a pattern that covers nothing",
    { ".github/mlops.yml": policy("{ code: [lib] }") },
    'code: "lib" covers no file',
  ],
  [
    "names data that is not in git",
    { ".github/mlops.yml": policy("{ code: [src] }", "data: { files: [big.csv], contract: contract.yml }") },
    'data: "big.csv" covers no file',
  ],
  ["is broken", { ".github/mlops.yml": "version: 2\ntrain: { skip: {} }\n" }, "No training is skipped: "],
])("nothing is skipped when the policy %s, and the log says why", async (_, files, text) => {
  await using started = await start(files);
  const { hub, first, dispatch, trainings } = started;
  expect(first.log).toContain(text);
  await dispatch(await hub.push({ files: { "README.md": "2" } }));
  expect(trainings()).toBe(2);
});

test("a training that failed, and one whose record is gone, are no earlier trainings", async () => {
  await using failing = await start({}, trainWorkflow({ work: "exit 1" }));
  await failing.dispatch(await failing.hub.push({ files: { "README.md": "2" } }));
  expect(failing.trainings()).toBe(2);

  await using expired = await start();
  const { hub } = expired;
  const { body } = await hub.request("GET /repos/{owner}/{repo}/actions/artifacts");
  for (const { id } of body.artifacts) {
    await hub.request("DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}", { artifact_id: id });
  }
  await expired.dispatch(await hub.push({ files: { "README.md": "2" } }));
  expect(expired.trainings()).toBe(2);
});

test("a run that only has the title, and a record that only claims the content, are not believed", async () => {
  await using started = await start();
  const { hub, dispatch, trainings } = started;
  const [, part = ""] = / [0-9a-f]{16}-([0-9a-f]{16})-/.exec(hub.runs()[0]?.displayTitle ?? "") ?? [];
  const { body } = await hub.request("GET /repos/{owner}/{repo}/actions/artifacts");
  for (const { id } of body.artifacts) {
    await hub.request("DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}", { artifact_id: id });
  }
  // Somebody's own run, of another commit, with the title and a record of what it was not made from.
  const other = await hub.push({ branch: "evil", files: { "src/model.py": "evil" } });
  const forged = await hub.run("train.yml", { inputs: { commit: other, request: `x-${part}-y` } });
  const origin = { repository: "octo/model", workflow: "train.yml", run: forged.id, attempt: 1, actor: "octo" };
  storeTrainingRecord(hub, forged, createTrainingRecordJson({ mae: 0 }, { commit: other, origin }));
  const commit = await hub.push({ files: { "README.md": "2" } });
  for (const token of [undefined, hub.token]) {
    const before = trainings();
    await dispatch(commit, { force: "false", ...(token !== undefined && { token }) });
    expect(trainings()).toBe(before + 1);
  }
});
