import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { startTestResultsService } from "./testing.ts";

const upload = (name: string, bytes: number, options = "{}") => `
  mkdirSync("out/sub", { recursive: true });
  writeFileSync("out/metrics.json", '{"accuracy": 0.9}');
  writeFileSync("out/sub/model.bin", randomBytes(${bytes}));
  const uploaded = await artifact.uploadArtifact("${name}", ["out/metrics.json", "out/sub/model.bin"], "out", ${options});
`;

describe("@actions/artifact against this service", () => {
  test("uploads, lists, downloads with the digest checked, and deletes", async () => {
    await using hub = await startTestResultsService();
    const { sent } = await hub.script(`
      ${upload("model", 20_000)}
      const { artifacts } = await artifact.listArtifacts();
      const found = await artifact.getArtifact("model");
      const { digestMismatch } = await artifact.downloadArtifact(uploaded.id, {
        path: "back", expectedHash: found.artifact.digest,
      });
      const intact = sha("back/sub/model.bin") === sha("out/sub/model.bin");
      const metrics = readFileSync("back/metrics.json", "utf8");
      const second = await artifact.uploadArtifact("second", ["out/metrics.json"], "out", { retentionDays: 5 });
      const deleted = await artifact.deleteArtifact("second");
      send({ uploaded, artifacts, digestMismatch, intact, metrics, deletedSecond: deleted.id === second.id });
    `);
    const [first, ...others] = hub.repository.actions.artifacts.values();
    expect(others).toEqual([]);
    expect(sent).toMatchObject({
      digestMismatch: false,
      intact: true,
      deletedSecond: true,
      metrics: '{"accuracy": 0.9}',
    });
    expect(sent.artifacts).toEqual([
      {
        id: first?.id,
        name: "model",
        size: first?.size,
        createdAt: first?.createdAt.toISOString(),
        digest: first?.digest,
      },
    ]);
    expect(`sha256:${sent.uploaded.digest}`).toBe(first?.digest);
    const zip = readFileSync(first?.file ?? "");
    expect(`sha256:${createHash("sha256").update(zip).digest("hex")}`).toBe(first?.digest);
    expect(Object.keys(unzipSync(zip))).toEqual(expect.arrayContaining(["metrics.json", "sub/model.bin"]));
  });

  test("uploads 40 MB in blocks", async () => {
    await using hub = await startTestResultsService();
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

  test("a single file can be uploaded without an archive and keeps its name", async () => {
    await using hub = await startTestResultsService();
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

  test("an existing name and an unreachable service fail the upload at once", async () => {
    await using hub = await startTestResultsService();
    const { sent } = await hub.script(`
      ${upload("model", 100)}
      const failure = (again) => again.then(() => "none", (error) => error.message.split("\\n")[0]);
      const again = () => artifact.uploadArtifact("model", ["out/metrics.json"], "out");
      const taken = await failure(again());
      process.env.ACTIONS_RESULTS_URL = "http://127.0.0.1:1/";
      send({ taken, unreachable: await failure(again()) });
    `);
    expect(sent).toEqual({
      taken: expect.stringContaining("(409) Conflict: an artifact with this name already exists on the workflow run"),
      unreachable: "Failed to CreateArtifact: Unable to make request: ECONNREFUSED",
    });
  });
});
