import { describe, expect, test } from "vitest";
import { jobToken } from "../operations/people/tokens.ts";
import { addArtifact } from "../operations/runs/artifacts.ts";
import { addAttemptRecord, addJobRecord, addRunRecord, endRunRecord } from "../operations/testing.ts";
import { GHES } from "../world/profile.ts";
import type { Job } from "../world/repository.ts";
import { createWorld } from "../world/world.ts";
import { startResultsService } from "./service.ts";
import { startTestResultsService, type TestResultsService } from "./testing.ts";

const ARTIFACTS = "github.actions.results.api.v1.ArtifactService";
const CACHES = "github.actions.results.api.v1.CacheService";

const DAY_MS = 86_400_000;

async function call(hub: TestResultsService, method: string, body: unknown, as: Job | string = hub.job) {
  const response = await fetch(`${hub.service.url}/twirp/${method}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${typeof as === "string" ? as : tokenOf(hub, as)}`,
      "content-type": "application/json",
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
}

const tokenOf = ({ service, world, repository }: TestResultsService, job: Job): string =>
  service.accessFor(job, jobToken(world, repository, job.id, {})).runtimeToken;

const ids = (job: Job) => ({
  workflow_run_backend_id: String(job.run.id),
  workflow_job_run_backend_id: String(job.id),
});

/** Uploads an artifact of one byte. @returns the last response's status, or the message why it could not start. */
async function upload(hub: TestResultsService, name: string, job = hub.job, more: object = {}) {
  const artifact = { ...ids(job), name };
  const started = await call(hub, `${ARTIFACTS}/CreateArtifact`, { ...artifact, ...more }, job);
  if (started.status !== 200) return started.body["msg"];
  await fetch(String(started.body["signed_upload_url"]), { method: "PUT", body: "x" });
  return (await call(hub, `${ARTIFACTS}/FinalizeArtifact`, { ...artifact, size: "1" }, job)).status;
}

async function names(hub: TestResultsService, job = hub.job) {
  const { body } = await call(hub, `${ARTIFACTS}/ListArtifacts`, ids(job), job);
  return (body["artifacts"] as readonly { readonly name: string }[]).map(({ name }) => name);
}

describe("calls", () => {
  test("need the token of a running job", async () => {
    await using hub = await startTestResultsService();
    const token = tokenOf(hub, hub.job);
    const [header, payload] = token.split(".");
    const statusWith = async (value: string) =>
      (await call(hub, `${ARTIFACTS}/ListArtifacts`, ids(hub.job), value)).status;
    expect([await statusWith(token), await statusWith(`${header}.${payload}.AAAA`), await statusWith("")]).toEqual([
      200, 401, 401,
    ]);
    hub.job.status = "completed";
    expect(await statusWith(token)).toBe(401);
  });

  test("have the run and the job in the token's scope", async () => {
    await using hub = await startTestResultsService();
    const payload = JSON.parse(Buffer.from(tokenOf(hub, hub.job).split(".")[1] ?? "", "base64url").toString());
    expect(payload).toMatchObject({
      scp: `Actions.Results:${hub.run.id}:${hub.job.id}`,
      ac: '[{"Scope":"refs/heads/main","Permission":3}]',
    });
  });

  test.each([
    [404, `${ARTIFACTS}/Rename`, {}, "bad_route"],
    [404, `${ARTIFACTS}/toString`, {}, "bad_route"],
    [400, `${ARTIFACTS}/ListArtifacts`, "[]", "malformed"],
    [400, `${ARTIFACTS}/ListArtifacts`, "{", "malformed"],
    [400, `${CACHES}/CreateCacheEntry`, { version: "1" }, "invalid_argument"],
    [400, `${CACHES}/CreateCacheEntry`, { key: "a,b", version: "1" }, "invalid_argument"],
    [400, `${CACHES}/CreateCacheEntry`, { key: "k".repeat(513), version: "1" }, "invalid_argument"],
    [403, `${ARTIFACTS}/ListArtifacts`, { workflow_run_backend_id: "1" }, "permission_denied"],
    [404, `${CACHES}/FinalizeCacheEntryUpload`, { key: "none", version: "1", size_bytes: "1" }, "not_found"],
  ])("return %i for %s with %j", async (status, method, body, code) => {
    await using hub = await startTestResultsService();
    expect(await call(hub, method, body)).toMatchObject({ status, body: { code, msg: expect.any(String) } });
  });

  test("accept both spellings of a field", async () => {
    await using hub = await startTestResultsService();
    const camelCase = { workflowRunBackendId: String(hub.run.id), workflowJobRunBackendId: String(hub.job.id) };
    expect(await call(hub, `${ARTIFACTS}/ListArtifacts`, camelCase)).toMatchObject({
      status: 200,
      body: { artifacts: [] },
    });
  });
});

describe("an artifact", () => {
  test("with another digest or size than announced is rejected", async () => {
    await using hub = await startTestResultsService();
    const artifact = { ...ids(hub.job), name: "model" };
    const finalize = async (announced: object) => {
      const { body } = await call(hub, `${ARTIFACTS}/CreateArtifact`, { ...artifact, version: 7 });
      await fetch(String(body["signed_upload_url"]), { method: "PUT", body: "content" });
      return call(hub, `${ARTIFACTS}/FinalizeArtifact`, { ...artifact, ...announced });
    };
    expect((await finalize({ size: "7", hash: `sha256:${"0".repeat(64)}` })).status).toBe(400);
    expect((await finalize({ size: "8" })).status).toBe(400);
    expect(hub.repository.actions.artifacts.size).toBe(0);
    expect((await finalize({ size: "7" })).status).toBe(200);
  });

  test("has a unique name in an attempt, which may be used again in the next", async () => {
    await using hub = await startTestResultsService();
    const { world, run } = hub;
    const sibling = addJobRecord(world, run, { name: "evaluate" });
    expect(await upload(hub, "model")).toBe(200);
    expect(await upload(hub, "model", sibling)).toBe("an artifact with this name already exists on the workflow run");
    endRunRecord(world, run, "failure");
    addAttemptRecord(world, run);
    const again = addJobRecord(world, run);
    expect(await upload(hub, "model", again)).toBe(200);
    expect(await names(hub, again)).toEqual(["model", "model"]);
  });

  test("cannot be read by other runs", async () => {
    await using hub = await startTestResultsService();
    await upload(hub, "model");
    const other = addJobRecord(hub.world, await addRunRecord(hub.world, hub.repository, hub.run.actor));
    expect(await names(hub, other)).toEqual([]);
    const foreign = await call(hub, `${ARTIFACTS}/GetSignedArtifactURL`, { ...ids(hub.job), name: "model" }, other);
    expect(foreign.status).toBe(403);
  });

  // GitHub docs, "Configuring the retention period for GitHub Actions artifacts".
  test("expires when its retention ends, after at most 90 days", async () => {
    await using hub = await startTestResultsService();
    const inDays = (days: number) => new Date(hub.world.clock.now().getTime() + days * DAY_MS).toISOString();
    await upload(hub, "short", hub.job, { expires_at: inDays(5) });
    await upload(hub, "long", hub.job, { expires_at: inDays(400) });
    const days = [...hub.repository.actions.artifacts.values()].map(({ createdAt, expiresAt }) =>
      Math.round((expiresAt.getTime() - createdAt.getTime()) / DAY_MS),
    );
    expect(days).toEqual([5, 90]);
    hub.world.clock.advance(6 * DAY_MS);
    expect(await names(hub)).toEqual(["long"]);
  });

  // README of actions/upload-artifact: 500 artifacts in a job.
  test("number 501 of a job is rejected", async () => {
    await using hub = await startTestResultsService();
    const { world, job } = hub;
    const record = { job, mimeType: "application/zip", size: 0, digest: "", file: "", expiresAt: undefined };
    for (let index = 1; index < 500; index++) addArtifact(world, { ...record, name: `part-${index}` });
    expect(await upload(hub, "part-500")).toBe(200);
    expect(await upload(hub, "one-more")).toBe("a job may create at most 500 artifacts");
  });

  test.each(['a"b', "a:b", "a/b", "a\\b", "a*b", "a?b", "a\nb"])("named %j is rejected", async (name) => {
    await using hub = await startTestResultsService();
    expect((await call(hub, `${ARTIFACTS}/CreateArtifact`, { ...ids(hub.job), name })).status).toBe(400);
  });
});

test("Enterprise Server has no results service", async () => {
  const world = createWorld({ directory: "nowhere", profile: GHES.name });
  await expect(startResultsService(world)).rejects.toThrow("the profile ghes-3.19 has no results service");
});
