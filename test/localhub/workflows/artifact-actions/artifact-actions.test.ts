import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobToken } from "../../operations/people/tokens.ts";
import { startTestResultsService, type TestResultsService } from "../../results/testing.ts";
import { createActionSource } from "../action-source.ts";

const directory = mkdtempSync(join(tmpdir(), "localhub-artifacts-"));
let hub: TestResultsService;
let workspaces = 0;

beforeAll(async () => {
  hub = await startTestResultsService();
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

const FILES = {
  "out/metrics.json": "{}",
  "out/deep/model.bin": "weights",
  "out/.hidden/secret": "s",
  "logs/a.log": "a",
  "logs/b.txt": "b",
};

function workspaceWith(files: Readonly<Record<string, string>> = FILES): string {
  workspaces += 1;
  const workspace = join(directory, `job-${workspaces}`);
  mkdirSync(workspace);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  return workspace;
}

async function runBuiltinAction(uses: string, inputs: Record<string, string>, workspace = workspaceWith()) {
  const { repository, run, job, service, world } = hub;
  const fetched = await createActionSource(world, run).fetch(uses);
  if (fetched.kind !== "builtin") throw new Error(`${uses} is not built in`);
  const access = service.accessFor(job, jobToken(world, repository, job.id, job.permissions));
  const log: string[] = [];
  const defaults = Object.entries(fetched.file.inputs).map(([name, input]) => [name, String(input.default)]);
  const outcome = await fetched.run({
    inputs: { ...Object.fromEntries(defaults.filter(([, value]) => !value?.includes("${{"))), ...inputs },
    github: { repository: repository.fullName, run_id: String(run.id), server_url: "http://github.localhost" },
    workspace,
    temp: workspace,
    log: (line) => void log.push(line),
    signal: new AbortController().signal,
    env: { ACTIONS_RESULTS_URL: access.resultsUrl, ACTIONS_RUNTIME_TOKEN: access.runtimeToken },
  });
  return { outputs: outcome.outputs, log, workspace };
}

const upload = (inputs: Record<string, string>, workspace?: string) =>
  runBuiltinAction("actions/upload-artifact@v7", inputs, workspace);
const download = (inputs: Record<string, string>) =>
  runBuiltinAction("actions/download-artifact@v7", inputs, workspaceWith({}));

const tree = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();

describe("which files are uploaded (README of actions/upload-artifact)", () => {
  test.each([
    ["a single file is at the top", "out/metrics.json", ["metrics.json"]],
    ["a folder is the top", "out", ["deep/model.bin", "metrics.json"]],
    ["a pattern starts at its fixed part", "out/**/*.bin", ["deep/model.bin"]],
    ["several start at their common folder", "out/metrics.json\nlogs/*.log", ["logs/a.log", "out/metrics.json"]],
    ["excluded files", "logs\n!logs/*.txt", ["a.log"]],
    ["a path inside another counts once", "out\nout/deep", ["deep/model.bin", "metrics.json"]],
    ["hidden files are skipped", "out/.hidden/**\nlogs/a.log", ["logs/a.log"]],
  ])("%s", async (name, path, files) => {
    await upload({ name, path });
    const { workspace } = await download({ name });
    expect(tree(workspace)).toEqual(files);
  });

  test("hidden files on request, and the targets of links", async () => {
    const workspace = workspaceWith();
    symlinkSync(join(workspace, "logs"), join(workspace, "out/link"));
    symlinkSync(join(workspace, "out"), join(workspace, "out/loop"));
    symlinkSync(join(workspace, "nowhere"), join(workspace, "out/broken"));
    await upload({ name: "all", path: "out", "include-hidden-files": "true" }, workspace);
    expect(tree((await download({ name: "all" })).workspace)).toEqual(
      [".hidden/secret", "deep/model.bin", "link/a.log", "link/b.txt", "metrics.json"].toSorted(),
    );
  });
});

test("outputs, digest and retention, and the real @actions/artifact reads what was uploaded", async () => {
  const { outputs, log } = await upload({ name: "model", path: "out", "retention-days": "5" });
  const artifact = hub.repository.actions.artifacts.get(Number(outputs["artifact-id"]));
  expect(`sha256:${outputs["artifact-digest"]}`).toBe(artifact?.digest);
  expect(outputs["artifact-url"]).toBe(
    `http://github.localhost/acme/model/actions/runs/${hub.run.id}/artifacts/${artifact?.id}`,
  );
  expect(Math.round(((artifact?.expiresAt.getTime() ?? 0) - Date.now()) / 86_400_000)).toBe(5);
  expect(log).toContain("With the provided path, there will be 2 files uploaded");
  const { sent } = await hub.script(`
    const { artifact: found } = await artifact.getArtifact("model");
    const { digestMismatch } = await artifact.downloadArtifact(found.id, { path: "back", expectedHash: found.digest });
    send({ digestMismatch, text: readFileSync("back/deep/model.bin", "utf8") });
  `);
  expect(sent).toEqual({ digestMismatch: false, text: "weights" });
});

test("what the real @actions/artifact uploaded is downloaded: by pattern, by id, all in one folder", async () => {
  const { sent } = await hub.script(`
    writeFileSync("one.txt", "1"); writeFileSync("two.txt", "2");
    const one = await artifact.uploadArtifact("part-one", ["one.txt"], ".");
    await artifact.uploadArtifact("part-two", ["two.txt"], ".");
    send(one.id);
  `);
  const apart = await download({ pattern: "part-*", path: "in" });
  expect(tree(apart.workspace)).toEqual(["in/part-one/one.txt", "in/part-two/two.txt"]);
  expect(apart.outputs).toEqual({ "download-path": join(apart.workspace, "in") });
  const together = await download({ pattern: "part-*", "merge-multiple": "true" });
  expect(tree(together.workspace)).toEqual(["one.txt", "two.txt"]);
  const byId = await download({ "artifact-ids": String(sent) });
  expect(readFileSync(join(byId.workspace, "one.txt"), "utf8")).toBe("1");
  const all = await download({});
  expect(tree(all.workspace)).toEqual(expect.arrayContaining(["part-one/one.txt", "part-two/two.txt"]));
});

test("without an archive the file keeps its name", async () => {
  await upload({ name: "ignored", path: "logs/b.txt", archive: "false" });
  const { workspace } = await download({ name: "b.txt" });
  expect(readFileSync(join(workspace, "b.txt"), "utf8")).toBe("b");
});

test("an existing name fails, unless it may be overwritten", async () => {
  await upload({ name: "twice", path: "logs/a.log" });
  await expect(upload({ name: "twice", path: "logs/b.txt" })).rejects.toThrow(
    "Failed to CreateArtifact: (409) an artifact with this name already exists",
  );
  await upload({ name: "twice", path: "logs/b.txt", overwrite: "true" });
  expect(tree((await download({ name: "twice" })).workspace)).toEqual(["b.txt"]);
});

describe("errors and warnings", () => {
  const none = "No files were found with the provided path: none/*. No artifacts will be uploaded.";

  test("no file found: a warning, a log line or an error", async () => {
    expect((await upload({ path: "none/*" })).log).toEqual([`::warning::${none}`]);
    expect((await upload({ path: "none/*", "if-no-files-found": "ignore" })).log).toEqual([none]);
    await expect(upload({ path: "none/*", "if-no-files-found": "error" })).rejects.toThrow(none);
  });

  test.each([
    [{ path: "" }, "Input required and not supplied: path"],
    [{ path: "out", name: "a/b" }, "The artifact name is not valid: a/b."],
    [{ path: "out", archive: "false" }, "only a single file can be uploaded. Found 2 files"],
    [{ path: "out", "compression-level": "11" }, "Invalid compression-level: 11"],
    [{ path: "out", "retention-days": "soon" }, "Invalid retention-days"],
  ])("upload %j", async (inputs, message) => {
    await expect(upload(inputs)).rejects.toThrow(message);
  });

  test.each([
    [{ name: "none" }, "Unable to download artifact(s): Artifact not found for name: none"],
    [{ "artifact-ids": "1" }, "None of the provided artifact IDs were found"],
    [{ name: "a", "artifact-ids": "1" }, "cannot be used together"],
    [{ pattern: "{a,b}" }, "braces and parentheses are not supported"],
  ])("download %j", async (inputs, message) => {
    await expect(download(inputs)).rejects.toThrow(message);
  });
});
