import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { endRun, recordAttempt, recordJob, recordRun } from "../operations/testing.ts";
import { startTestResults } from "./testing.ts";

const DAY_MS = 86_400_000;

const upload = (name: string, bytes: number, options = "{}") => `
  mkdirSync("out/sub", { recursive: true });
  writeFileSync("out/metrics.json", '{"accuracy": 0.9}');
  writeFileSync("out/sub/model.bin", randomBytes(${bytes}));
  const uploaded = await artifact.uploadArtifact("${name}", ["out/metrics.json", "out/sub/model.bin"], "out", ${options});
`;

describe("@actions/artifact against this service", () => {
  test("uploads, lists, downloads with the digest checked, and deletes", async () => {
    await using hub = await startTestResults();
    const { sent } = await hub.script(`
      ${upload("model", 20_000)}
      const { artifacts } = await artifact.listArtifacts();
      const found = await artifact.getArtifact("model");
      const { digestMismatch } = await artifact.downloadArtifact(uploaded.id, {
        path: "back", expectedHash: found.artifact.digest,
      });
      const intact = sha("back/sub/model.bin") === sha("out/sub/model.bin");
      send({ uploaded, artifacts, digestMismatch, intact, metrics: readFileSync("back/metrics.json", "utf8") });
    `);
    const [kept] = hub.repository.actions.artifacts.values();
    expect(sent).toMatchObject({ digestMismatch: false, intact: true, metrics: '{"accuracy": 0.9}' });
    expect(sent.artifacts).toEqual([
      { id: kept?.id, name: "model", size: kept?.size, createdAt: kept?.createdAt.toISOString(), digest: kept?.digest },
    ]);
    expect(`sha256:${sent.uploaded.digest}`).toBe(kept?.digest);
    const zip = readFileSync(kept?.file ?? "");
    expect(`sha256:${createHash("sha256").update(zip).digest("hex")}`).toBe(kept?.digest);
    expect(Object.keys(unzipSync(zip))).toEqual(expect.arrayContaining(["metrics.json", "sub/model.bin"]));

    const deleted = await hub.script('send(await artifact.deleteArtifact("model"));');
    expect(deleted.sent).toEqual({ id: kept?.id });
    expect(hub.repository.actions.artifacts.size).toBe(0);
  });

  test("carries 40 MB in blocks", async () => {
    await using hub = await startTestResults();
    const { sent } = await hub.script(`
      ${upload("big", 40 * 1024 * 1024, "{ compressionLevel: 0 }")}
      const found = await artifact.getArtifact("big");
      const { digestMismatch } = await artifact.downloadArtifact(uploaded.id, {
        path: "back", expectedHash: found.artifact.digest,
      });
      send({ digestMismatch, intact: sha("back/sub/model.bin") === sha("out/sub/model.bin") });
    `);
    expect(sent).toEqual({ digestMismatch: false, intact: true });
  });

  test("a single file can go without an archive and keeps its name", async () => {
    await using hub = await startTestResults();
    const { sent } = await hub.script(`
      writeFileSync("report.html", "<h1>ok</h1>");
      const { id } = await artifact.uploadArtifact("ignored", ["report.html"], ".", { skipArchive: true });
      await artifact.downloadArtifact(id, { path: "back" });
      send(readFileSync("back/report.html", "utf8"));
    `);
    expect(sent).toBe("<h1>ok</h1>");
    expect([...hub.repository.actions.artifacts.values()]).toMatchObject([
      { name: "report.html", mimeType: "text/html" },
    ]);
  });

  test("one name can be used once in an attempt, and again by the next", async () => {
    await using hub = await startTestResults();
    const attempt = `try { ${upload("model", 100)} send("kept"); } catch (error) { send(error.message); }`;
    expect((await hub.script(attempt)).sent).toBe("kept");
    const sibling = recordJob(hub.world, hub.run, { name: "evaluate" });
    expect((await hub.script(attempt, { job: sibling })).sent).toContain(
      "(409) Conflict: an artifact with this name already exists on the workflow run",
    );
    endRun(hub.world, hub.run, "failure");
    recordAttempt(hub.world, hub.run);
    const again = recordJob(hub.world, hub.run);
    expect((await hub.script(attempt, { job: again })).sent).toBe("kept");
    const { sent } = await hub.script("send((await artifact.listArtifacts({ latest: true })).artifacts.length);", {
      job: again,
    });
    expect([sent, hub.repository.actions.artifacts.size]).toEqual([1, 2]);
  });

  test("artifacts go when their retention ends, at most 90 days", async () => {
    await using hub = await startTestResults();
    const { world } = hub;
    await hub.script(`${upload("short", 100, "{ retentionDays: 5 }")} send(0);`);
    await hub.script(`${upload("long", 100, "{ retentionDays: 400 }")} send(0);`);
    const days = [...hub.repository.actions.artifacts.values()].map(({ createdAt, expiresAt }) =>
      Math.round((expiresAt.getTime() - createdAt.getTime()) / DAY_MS),
    );
    expect(days).toEqual([5, 90]);
    world.clock.advance(6 * DAY_MS);
    const { sent } = await hub.script("send((await artifact.listArtifacts()).artifacts.map(({ name }) => name));");
    expect(sent).toEqual(["long"]);
  });

  test("other runs' artifacts are out of reach", async () => {
    await using hub = await startTestResults();
    await hub.script(`${upload("model", 100)} send(0);`);
    const other = await recordRun(hub.world, hub.repository, hub.run.actor);
    const { sent } = await hub.script(
      'try { await artifact.getArtifact("model"); } catch (error) { send(error.name); }',
      {
        job: recordJob(hub.world, other),
      },
    );
    expect(sent).toBe("ArtifactNotFoundError");
  });

  test("with the service gone the upload fails at once", async () => {
    await using hub = await startTestResults();
    const { sent } = await hub.script(
      `try { ${upload("model", 100)} } catch (error) { send(error.message.split("\\n")[0]); }`,
      { env: { ACTIONS_RESULTS_URL: "http://127.0.0.1:1/" } },
    );
    expect(sent).toBe("Failed to CreateArtifact: Unable to make request: ECONNREFUSED");
  });
});
