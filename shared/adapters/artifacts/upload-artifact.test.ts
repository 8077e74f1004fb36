import { readFileSync } from "node:fs";
import { startTestResultsService } from "@mlops-actions/localhub/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unzip } from "../files/unzip.ts";
import { createFakeTime } from "../github/testing.ts";
import { artifactName, textOfArtifactName } from "./artifact-name.ts";
import { type ArtifactService, connectArtifactService } from "./artifact-service.ts";
import { uploadArtifact } from "./upload-artifact.ts";

const { signal } = new AbortController();
const files = { "verdict.json": "{}", "report/index.html": "<p>é</p>" };

async function start(changes: Readonly<Record<string, string>> = {}) {
  const hub = await startTestResultsService();
  const time = createFakeTime();
  const connect = () => connectArtifactService({ ...hub.environment("/nowhere"), ...changes }, signal, time);
  return { hub, connect, time, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() };
}

test("the files are kept under their paths, and the real toolkit reads them", async () => {
  await using started = await start();
  const { hub, connect } = started;
  const { id } = await uploadArtifact(connect, { name: artifactName("a/b: ::error::x"), files });
  const [artifact] = hub.repository.actions.artifacts.values();
  expect([String(artifact?.id), artifact?.name]).toEqual([id, "a=2f=b=3a= =3a==3a=error=3a==3a=x"]);
  const zip = readFileSync(artifact?.file ?? "");
  expect(
    Object.fromEntries([...unzip(zip, "it")].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])),
  ).toEqual(files);
  const { sent } = await hub.script(`
    const { artifact: found } = await artifact.getArtifact(${JSON.stringify(artifact?.name)});
    const { digestMismatch } = await artifact.downloadArtifact(found.id, { path: "back", expectedHash: found.digest });
    send({ digestMismatch, text: readFileSync("back/report/index.html", "utf8") });
  `);
  expect(sent).toEqual({ digestMismatch: false, text: files["report/index.html"] });
});

test("the same files are the same bytes", async () => {
  await using started = await start();
  const { hub, connect } = started;
  for (const name of ["one", "two"]) await uploadArtifact(connect, { name, files });
  expect(new Set([...hub.repository.actions.artifacts.values()].map(({ digest }) => digest)).size).toBe(1);
});

test("an artifact whose last answer was lost is found", async () => {
  await using started = await start();
  const { hub, connect } = started;
  const losing = (): ArtifactService => {
    const service = connect();
    return {
      ...service,
      async call(method, request) {
        const answer = await service.call(method, request);
        if (method === "FinalizeArtifact") throw new Error("lost");
        return answer;
      },
    };
  };
  const { id } = await uploadArtifact(losing, { name: "x", files });
  expect([...hub.repository.actions.artifacts.keys()].map(String)).toEqual([id]);
});

test.each([
  ["is down", { ACTIONS_RESULTS_URL: "http://127.0.0.1:65535/" }, "ECONNREFUSED"],
  ["is not there", { ACTIONS_RESULTS_URL: "" }, "sets no ACTIONS_RESULTS_URL"],
  ["does not know the job", { ACTIONS_RUNTIME_TOKEN: "a.b.c" }, "for which job"],
])("a service that %s is said", async (_, changes, reason) => {
  await using started = await start(changes);
  await expect(uploadArtifact(started.connect, { name: "x", files })).rejects.toThrow(
    new RegExp(`could not be uploaded: .*${reason}.*\\[artifact-not-kept\\]`, "s"),
  );
});

test("one that fails is asked again for a while, and one that has such an artifact is not", async () => {
  await using started = await start();
  const { hub, connect, time } = started;
  hub.service.outage = 503;
  await expect(uploadArtifact(connect, { name: "x", files })).rejects.toThrow(/CreateArtifact was answered with 503/);
  expect(time.waits).toEqual([1_000, 2_000, 4_000]);
  hub.service.outage = undefined;
  await uploadArtifact(connect, { name: "x", files });
  await expect(uploadArtifact(connect, { name: "x", files })).rejects.toThrow(/"x" already.*\[artifact-taken\]/s);
  expect(time.waits).toHaveLength(3);
});

test("every text has a name of its own, which GitHub accepts", () => {
  const anyText = fc.string({ unit: "binary", minLength: 1 }).map((text) => text.toWellFormed());
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      expect(artifactName(one)).not.toMatch(/["*/:<>?\\|\r\n]/);
      expect(artifactName(one) === artifactName(other)).toBe(one === other);
      expect(textOfArtifactName(artifactName(one))).toBe(one);
    }),
  );
});
