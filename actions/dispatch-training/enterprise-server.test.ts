/** dispatch-training on an Enterprise Server: it names no run, has no service of artifacts v4, and none of concurrency groups. */
import { expect, test } from "vitest";
import { createTrainingRecordJson } from "../../shared/adapters/baseline/testing.ts";
import { storeTrainingRecord } from "../../shared/adapters/dispatch/testing.ts";
import { inMemory } from "../../shared/records/testing.ts";
import { trainingRecord } from "../../shared/records/training-record.ts";
import { createFixture, trainWorkflow, whenLogged } from "./testing.ts";

/** What `actions/upload-artifact` does there is not played: version 3 uses another service, and newer ones refuse the server. */
const WITHOUT_UPLOAD = trainWorkflow({ work: "sleep 2" }).replace(/ {6}- uses: actions\/upload[\s\S]*/, "");

test("a record that the service of artifacts v3 keeps is downloaded", async () => {
  await using fixture = await createFixture({ profile: "ghes-3.19", train: WITHOUT_UPLOAD });
  const { hub, commit } = fixture;
  const upload = (): void => {
    const [run] = hub.runs();
    if (run === undefined) throw new Error("nothing runs");
    const origin = {
      repository: hub.repository.fullName,
      workflow: "train.yml",
      run: run.id,
      attempt: 1,
      actor: "alice",
    };
    const record = createTrainingRecordJson({ mae: 0.5 }, { commit, origin });
    storeTrainingRecord(hub, run, record);
  };
  let isUploaded = false;
  const onLog = whenLogged("Waiting: it is running", () => {
    if (!isUploaded) upload();
    isUploaded = true;
  });
  const { exitCode, log, outputs, readRecord } = await fixture.dispatch({ onLog });
  expect(exitCode, log).toBe(0);
  expect(readRecord(inMemory(trainingRecord), "training-record.json")).toMatchObject({ commit, outcome: "success" });
  expect(outputs.outcome).toBe("success");
  expect(hub.runs()).toHaveLength(1);
});

test("without any service of artifacts a green run is no green training, and the message says what to do", async () => {
  await using fixture = await createFixture({ profile: "ghes-3.19", train: WITHOUT_UPLOAD });
  const { exitCode, errorCodes, log } = await fixture.dispatch();
  expect([exitCode, errorCodes]).toEqual([1, ["record-left-none"]]);
  expect(log).toContain("on Enterprise Server its version 3");
});

test("a training that fails is explained there, too", async () => {
  const train = trainWorkflow({ work: "'echo ::error::no data; exit 3'" });
  await using fixture = await createFixture({ profile: "ghes-3.19", train });
  const { exitCode, log, readRecord } = await fixture.dispatch();
  expect([exitCode, log.includes("no data")]).toEqual([1, true]);
  expect(
    readRecord(inMemory(trainingRecord), "training-record.json")?.problems?.map(({ message }) => message),
  ).toContain("no data");
});
