import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestResultsService } from "@mlops-actions/localhub/testing";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { unzip } from "../files/unzip.ts";
import { artifactName, uploadArtifact } from "./upload-artifact.ts";

afterEach(() => vi.unstubAllEnvs());

async function start() {
  const hub = await startTestResultsService();
  const temp = await mkdtemp(join(tmpdir(), "artifact-"));
  for (const [name, value] of Object.entries(hub.environment(temp))) vi.stubEnv(name, value);
  return { hub, temp, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() };
}

test("the files are kept under their paths, nothing is printed, and nothing is left behind", async () => {
  await using started = await start();
  const { hub, temp } = started;
  const printed: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = ((chunk: string) => printed.push(String(chunk)) > 0) as typeof write;
  const files = { "verdict.json": "{}", "report/index.html": "<p>é</p>" };
  const { id } = await uploadArtifact({ name: artifactName("a/b: ::error::x"), files, temp }).finally(() => {
    process.stdout.write = write;
  });
  const [artifact] = hub.repository.actions.artifacts.values();
  expect([artifact?.id, artifact?.name]).toEqual([id, "a=2f=b=3a= =3a==3a=error=3a==3a=x"]);
  const zip = readFileSync(artifact?.file ?? "");
  const kept = Object.fromEntries([...unzip(zip, "it")].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));
  expect(kept).toEqual(files);
  expect([printed, readdirSync(temp)]).toEqual([[], []]);
});

test.each([
  ["that is down", "http://127.0.0.1:1/", "ECONNREFUSED"],
  ["that is not there", "", "ACTIONS_RESULTS_URL"],
])("a service %s is said", async (_, url, reason) => {
  await using started = await start();
  vi.stubEnv("ACTIONS_RESULTS_URL", url);
  const upload = uploadArtifact({ name: "x", files: { "a.json": "{}" }, temp: started.temp });
  await expect(upload).rejects.toThrow(new RegExp(`could not be uploaded: .*${reason}.*\\[artifact-not-kept\\]`, "s"));
  expect(existsSync(join(started.temp, "artifact-x"))).toBe(false);
});

test("every text has a name of its own, which GitHub accepts", () => {
  const anyText = fc.string({ unit: "binary", minLength: 1 }).map((text) => text.toWellFormed());
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      expect(artifactName(one)).not.toMatch(/["*/:<>?\\|\r\n]/);
      expect(artifactName(one) === artifactName(other)).toBe(one === other);
    }),
  );
});
