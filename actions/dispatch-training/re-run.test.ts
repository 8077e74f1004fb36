/** A job that dispatched a training is re-run: what its earlier attempt has started is not started again. */
import { expect, test } from "vitest";
import { inMemory } from "../../shared/records/testing.ts";
import { trainingRecord } from "../../shared/records/training-record.ts";
import type { Play } from "../../test/fixture/play-action.ts";
import type { spec } from "./spec.ts";
import { createFixture, trainWorkflow, whenLogged } from "./testing.ts";

const PARENT = 'on: workflow_dispatch\njobs: { ci: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }\n';

/** A fixture, and attempts of one job in it. */
async function start(options: Parameters<typeof createFixture>[0] = {}) {
  const fixture = await createFixture({ ...options, files: { ".github/workflows/ci.yml": PARENT } });
  const parent = await fixture.hub.run("ci.yml");
  const attempt = (number: number, play: Play<typeof spec> = {}) =>
    fixture.dispatch({ ...play, run: { id: parent.id, attempt: number } });
  const trainings = () => fixture.hub.runs({ workflow: "train.yml" });
  return { fixture, attempt, trainings, [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose]() };
}

test("it follows the training that is still running", async () => {
  await using started = await start({ train: trainWorkflow({ work: "sleep 3" }) });
  const { fixture, attempt, trainings } = started;
  const { hub } = fixture;
  const lost = hub.tokenWith({ actions: "write", contents: "read" });
  const revoke = (): void => {
    const token = hub.world.tokens.get(lost);
    if (token !== undefined) token.revoked = true;
  };
  const onLog = whenLogged("Training commit", revoke);
  const first = await attempt(1, { inputs: { token: lost, timeout: "3m" }, onLog });
  expect([first.exitCode, first.errorCodes]).toEqual([1, ["dispatched-run-unseen"]]);
  const second = await attempt(2, { inputs: { token: hub.tokenWith({ actions: "write", contents: "read" }) } });
  expect(second.log).toContain("An earlier attempt of this job has started it: no other training is started");
  expect([second.exitCode, trainings().length]).toEqual([0, 1]);
});

test("it takes the record of the training that succeeded", async () => {
  await using started = await start();
  const { attempt, trainings } = started;
  const first = await attempt(1);
  const second = await attempt(2);
  expect(second.log).toContain("An earlier attempt of this job has started it: no other training is started");
  expect([first.exitCode, second.exitCode, trainings().length]).toEqual([0, 0, 1]);
  expect(second.read("training-record.json")).toBe(first.read("training-record.json"));
});

test.each<[string, Play<typeof spec>]>([
  ["the inputs differ", { inputs: { inputs: '{"epochs": 9}' } }],
  ["the commit differs", { inputs: { commit: "f".repeat(40) } }],
  ["its job is another one", { env: { GITHUB_JOB: "other" } }],
])("it trains anew when %s", async (_, play) => {
  await using started = await start();
  const { attempt, trainings } = started;
  await attempt(1);
  const { log } = await attempt(2, play);
  expect(log).not.toContain("An earlier attempt");
  expect(trainings()).toHaveLength(2);
});

test("it trains anew when the training failed, and when its record is gone", async () => {
  await using failing = await start({ train: trainWorkflow({ work: "exit 3" }) });
  for (const number of [1, 2]) expect((await failing.attempt(number)).exitCode).toBe(1);
  expect(failing.trainings()).toHaveLength(2);

  await using expired = await start();
  await expired.attempt(1);
  const { hub } = expired.fixture;
  const { body } = await hub.request("GET /repos/{owner}/{repo}/actions/artifacts");
  for (const { id } of body.artifacts) {
    await hub.request("DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}", { artifact_id: id });
  }
  expect((await expired.attempt(2)).exitCode).toBe(0);
  expect(expired.trainings()).toHaveLength(2);
});

test("the first attempt never takes a run, whatever its title says", async () => {
  await using started = await start();
  const { attempt, trainings } = started;
  await attempt(1);
  const { log } = await attempt(1);
  expect(log).not.toContain("An earlier attempt");
  expect(trainings()).toHaveLength(2);
});

const FAILING = [
  "echo 'step 1 of 9'",
  "echo '::error file=train.py,line=3::loss is nan'",
  "echo 'the ```last``` line'",
  "exit 3",
].join("; ");

test.each([
  ["no record", trainWorkflow({ work: FAILING }), "unknown: the run left no record"],
  [
    "its own record",
    trainWorkflow({ work: "true" })
      .replace('echo "$RECORD"', 'echo "${RECORD/success/failure}"')
      .concat(`      - run: ${FAILING.replaceAll("::error", "''::error")}\n`)
      .replace("''::error", "::error"),
    "node",
  ],
])("a training that fails and leaves %s is explained in log, summary and record", async (_, train, command) => {
  await using fixture = await createFixture({ train });
  const { exitCode, log, summary, outputs, readRecord } = await fixture.dispatch();
  const record = readRecord(inMemory(trainingRecord), "training-record.json");
  expect([exitCode, outputs.outcome, outputs.record]).toEqual([1, "failure", "training-record.json"]);
  expect(record?.command[0]).toBe(command);
  expect(record?.outcome).toBe("failure");
  const problems = record?.problems ?? [];
  expect(problems.map(({ message }) => message)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^job "train" failed in the step "Run .*"$/), "loss is nan"]),
  );
  expect(problems).toContainEqual(
    expect.objectContaining({ message: "loss is nan", place: { file: "train.py", line: 3 } }),
  );
  expect(record?.log?.tail).toEqual(expect.arrayContaining(["step 1 of 9", "the ```last``` line"]));
  for (const text of ["loss is nan", "step 1 of 9", 'job "train" failed in the step']) expect(log).toContain(text);
  for (const text of ["loss is nan", "step 1 of 9", "The last lines of its log"]) expect(summary).toContain(text);
});
