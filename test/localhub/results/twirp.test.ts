import { describe, expect, test } from "vitest";
import { jobToken } from "../operations/tokens.ts";
import { GHES } from "../world/profile.ts";
import { createWorld } from "../world/world.ts";
import { startResultsService } from "./service.ts";
import { startTestResults, type TestResults } from "./testing.ts";

const ARTIFACTS = "github.actions.results.api.v1.ArtifactService";
const CACHES = "github.actions.results.api.v1.CacheService";

async function call(hub: TestResults, method: string, body: unknown, token = tokenOf(hub)) {
  const response = await fetch(`${hub.service.url}/twirp/${method}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
}

const tokenOf = ({ service, world, repository, job }: TestResults): string =>
  service.access(job, jobToken(world, repository, job.id, {})).runtimeToken;
const ids = ({ run, job }: TestResults) => ({
  workflow_run_backend_id: String(run.id),
  workflow_job_run_backend_id: String(job.id),
});

describe("calls", () => {
  test("need the token of a running job", async () => {
    await using hub = await startTestResults();
    const token = tokenOf(hub);
    const [header, payload] = token.split(".");
    const ask = async (value: string) => (await call(hub, `${ARTIFACTS}/ListArtifacts`, ids(hub), value)).status;
    expect([await ask(token), await ask(`${header}.${payload}.AAAA`), await ask("")]).toEqual([200, 401, 401]);
    hub.job.status = "completed";
    expect(await ask(token)).toBe(401);
  });

  test("carry the run and the job in the token's scope", async () => {
    await using hub = await startTestResults();
    const payload = JSON.parse(Buffer.from(tokenOf(hub).split(".")[1] ?? "", "base64url").toString());
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
  ])("answer %i to %s with %j", async (status, method, body, code) => {
    await using hub = await startTestResults();
    expect(await call(hub, method, body)).toMatchObject({ status, body: { code, msg: expect.any(String) } });
  });

  test("of both spellings of a field mean the same", async () => {
    await using hub = await startTestResults();
    const spelt = { workflowRunBackendId: String(hub.run.id), workflowJobRunBackendId: String(hub.job.id) };
    expect(await call(hub, `${ARTIFACTS}/ListArtifacts`, spelt)).toMatchObject({
      status: 200,
      body: { artifacts: [] },
    });
  });
});

describe("an artifact", () => {
  test("that arrived with another digest or size than announced is refused", async () => {
    await using hub = await startTestResults();
    const artifact = { ...ids(hub), name: "model" };
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

  // README of actions/upload-artifact: 500 artifacts in a job.
  test("number 501 of a job is refused", async () => {
    await using hub = await startTestResults();
    const create = async (name: string) => {
      const artifact = { ...ids(hub), name };
      const { status, body } = await call(hub, `${ARTIFACTS}/CreateArtifact`, artifact);
      if (status !== 200) return body["msg"];
      await fetch(String(body["signed_upload_url"]), { method: "PUT", body: "x" });
      return (await call(hub, `${ARTIFACTS}/FinalizeArtifact`, { ...artifact, size: "1" })).status;
    };
    for (let index = 0; index < 500; index++) await create(`part-${index}`);
    expect(hub.repository.actions.artifacts.size).toBe(500);
    expect(await create("one-more")).toBe("a job may create at most 500 artifacts");
  });

  test.each(['a"b', "a:b", "a/b", "a\\b", "a*b", "a?b", "a\nb"])("named %j is refused", async (name) => {
    await using hub = await startTestResults();
    expect((await call(hub, `${ARTIFACTS}/CreateArtifact`, { ...ids(hub), name })).status).toBe(400);
  });
});

test("Enterprise Server has no results service", async () => {
  const world = createWorld({ directory: "nowhere", profile: GHES.name });
  await expect(startResultsService(world)).rejects.toThrow("the profile ghes-3.19 has no results service");
});
