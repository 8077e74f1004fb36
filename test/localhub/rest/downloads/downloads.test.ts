import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { strFromU8, unzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { jobToken } from "../../operations/people/tokens.ts";
import { addArtifact } from "../../operations/runs/artifacts.ts";
import { addJobRecord, addRunRecord, endRunRecord } from "../../operations/testing.ts";
import { runToolkitScript } from "../../results/testing.ts";
import type { StepRecord } from "../../world/actions.ts";
import type { Job } from "../../world/repository.ts";
import { artifactRoutes } from "../routes/artifacts.ts";
import { jobRoutes } from "../routes/jobs.ts";
import { runRoutes } from "../routes/runs.ts";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { serveDownloads } from "./downloads.ts";

const DAY_MS = 86_400_000;
const AT = new Date("2026-11-23T07:00:00.123Z");

async function start() {
  const hub = await startTestHub({
    routes: [...artifactRoutes, ...jobRoutes, ...runRoutes],
    mounts: (world) => [serveDownloads(world)],
  });
  const alice = hub.world.accounts.get("alice");
  if (alice === undefined) throw new Error("there is no account alice");
  return { hub, run: await addRunRecord(hub.world, hub.repository, alice) };
}

const step = (number: number, name: string): StepRecord => ({
  number,
  name,
  status: "completed",
  conclusion: "success",
  startedAt: AT,
  completedAt: AT,
  summary: "",
  annotations: [],
});

function write(job: Job): void {
  job.steps.push(step(1, "Set up job"), step(2, "Run actions/checkout@v7"));
  job.log.push({ step: 1, at: AT, text: "Runner 2.336.0" }, { step: 2, at: AT, text: "main → HEAD" });
}

async function artifactOf(hub: TestHub, job: Job, name: string, mimeType = "application/zip", days?: number) {
  const content = zipSync({ "metrics.json": Buffer.from('{"accuracy": 0.9}') });
  const file = join(hub.world.directory, name);
  await writeFile(file, content);
  const expiresAt = days === undefined ? undefined : new Date(hub.world.clock.now().getTime() + days * DAY_MS);
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  return addArtifact(hub.world, { job, name, mimeType, size: content.length, digest, file, expiresAt });
}

describe("logs", () => {
  test("of a job are text with GitHub's times, at a URL that needs no token and is valid for a minute", async () => {
    const { hub, run } = await start();
    await using _ = hub;
    const job = addJobRecord(hub.world, run);
    const request = () =>
      hub.as("dave").request("GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs", { job_id: job.id });
    write(job);
    expect((await request()).status).toBe(404);
    endRunRecord(hub.world, run, "success");
    const redirect = await request();
    expect(redirect.status).toBe(302);
    const url = redirect.headers.get("location") ?? "";
    const log = await fetch(url);
    expect([log.headers.get("content-type"), await log.text()]).toEqual([
      "text/plain; charset=utf-8",
      "2026-11-23T07:00:00.1230000Z Runner 2.336.0\n2026-11-23T07:00:00.1230000Z main → HEAD\n",
    ]);
    const other = addJobRecord(hub.world, run);
    expect((await fetch(url.replace(String(job.id), String(other.id)))).status).toBe(403);
    hub.world.clock.advance(60_000);
    expect((await fetch(url)).status).toBe(403);
  });

  test("of a run are a zip with a file for each job and each step", async () => {
    const { hub, run } = await start();
    await using _ = hub;
    const path = "GET /repos/{owner}/{repo}/actions/runs/{run_id}";
    const first = addJobRecord(hub.world, run, { name: "train" });
    const called = addJobRecord(hub.world, run, { name: "gate / check: all" });
    expect((await hub.as("dave").request(`${path}/logs`, { run_id: run.id })).status).toBe(404);
    for (const job of [first, called]) write(job);
    for (const logs of ["/logs", "/attempts/1/logs"]) {
      const redirect = await hub.as("dave").request(path + logs, { run_id: run.id });
      const response = await fetch(redirect.headers.get("location") ?? "");
      const files = unzipSync(await response.bytes());
      expect(Object.keys(files).toSorted()).toEqual([
        "0_train.txt",
        "1_gate  check all.txt",
        "gate  check all/1_Set up job.txt",
        "gate  check all/2_Run actionscheckout@v7.txt",
        "train/1_Set up job.txt",
        "train/2_Run actionscheckout@v7.txt",
      ]);
      const text = files["train/1_Set up job.txt"];
      expect(text && strFromU8(text)).toBe("2026-11-23T07:00:00.1230000Z Runner 2.336.0\n");
    }
  });
});

describe("artifacts", () => {
  test("are listed by run and by name, newest first, and shown", async () => {
    const { hub, run } = await start();
    await using _ = hub;
    const job = addJobRecord(hub.world, run);
    const model = await artifactOf(hub, job, "model");
    const metrics = await artifactOf(hub, job, "metrics");
    const other = await addRunRecord(hub.world, hub.repository, run.actor);
    const later = await artifactOf(hub, addJobRecord(hub.world, other), "model-2");
    const list = async (path: string, query: object = {}) => {
      const { body } = await hub.as("dave").request(`GET /repos/{owner}/{repo}/actions/${path}`, { ...query });
      return body.artifacts.map(({ id }: { id: number }) => id);
    };
    expect(await list("artifacts")).toEqual([later.id, metrics.id, model.id]);
    expect(await list("artifacts", { name: "model" })).toEqual([model.id]);
    expect(await list(`runs/${run.id}/artifacts`)).toEqual([metrics.id, model.id]);
    expect(await list(`runs/${run.id}/artifacts`, { direction: "asc" })).toEqual([model.id, metrics.id]);
    const get = "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}";
    expect((await hub.as("dave").request(get, { artifact_id: model.id })).body).toMatchObject({
      name: "model",
      digest: model.digest,
      expired: false,
      workflow_run: { id: run.id, repository_id: hub.repository.id, head_repository_id: hub.repository.id },
    });
  });

  test("are downloaded unchanged, deleted, and 410 Gone after they have expired", async () => {
    const { hub, run } = await start();
    await using _ = hub;
    const artifact = await artifactOf(hub, addJobRecord(hub.world, run), "model", "application/zip", 1);
    const parameters = { artifact_id: artifact.id };
    const path = "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}";
    const request = (format: string) => hub.as("dave").request(`${path}/${format}`, parameters);
    const url = (await request("zip")).headers.get("location") ?? "";
    const response = await fetch(url);
    expect(response.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''model.zip");
    const bytes = await response.bytes();
    expect(`sha256:${createHash("sha256").update(bytes).digest("hex")}`).toBe(artifact.digest);
    expect((await request("tar")).status).toBe(404);
    hub.world.clock.advance(DAY_MS);
    expect((await request("zip")).status).toBe(410);
    expect((await hub.as("dave").request(path, parameters)).body.expired).toBe(true);
    const remove = () => hub.as("bob").request(path.replace("GET", "DELETE"), parameters);
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
  });

  test("of other runs are found and downloaded by @actions/artifact with a token", async () => {
    const { hub, run } = await start();
    await using _ = hub;
    const artifact = await artifactOf(hub, addJobRecord(hub.world, run), "model");
    const token = jobToken(hub.world, hub.repository, hub.world.nextId(), { actions: "read" });
    const { sent } = await runToolkitScript(
      `const findBy = { token: "${token.value}", workflowRunId: ${run.id}, repositoryOwner: "acme", repositoryName: "model" };
       const found = await artifact.getArtifact("model", { findBy });
       const options = { findBy, path: "back", expectedHash: found.artifact.digest };
       const { digestMismatch } = await artifact.downloadArtifact(found.artifact.id, options);
       send({ id: found.artifact.id, digestMismatch, metrics: readFileSync("back/metrics.json", "utf8") });`,
      hub.world.directory,
      { GITHUB_API_URL: hub.server.url, GITHUB_SERVER_URL: "http://github.localhost" },
    );
    expect(sent).toEqual({ id: artifact.id, digestMismatch: false, metrics: '{"accuracy": 0.9}' });
  });
});
