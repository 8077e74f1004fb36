/** What is deployed is what was registered, wherever the bytes come from: or the step fails before anything is deployed. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { type LocalGitHub, startLocalGitHub, type WorkflowRun } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import {
  publishRelease,
  recordsOf,
  replaceAsset,
  type Texts,
  tarOf,
  zipOf,
} from "../../shared/adapters/model-bytes/testing.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tag-registry.ts";
import { computeModelDigest } from "../../shared/core/registry/model-digest.ts";
import { formatTagMessage } from "../../shared/core/registry/tag-message.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import type { ModelLocation } from "../../shared/records/location.ts";
import { MODEL_VERSION, type ModelVersionRecord, modelVersionRecord } from "../../shared/records/model-version.ts";
import { type Play, playAction } from "../../test/fixture/play-action.ts";
import { connectWith } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const MODEL = { "model/a.bin": "weights", "model/sub/b.json": "{}" };
const DIGEST = computeModelDigest(recordsOf(MODEL), digestOf);

let hub: LocalGitHub;
let trained: WorkflowRun;
let counter = 0;
beforeAll(async () => {
  const workflow =
    "on: workflow_dispatch\npermissions: {}\njobs: { train: { runs-on: ubuntu-latest, steps: [run: 'true'] } }\n";
  hub = await startLocalGitHub({ limits: "off", files: { ".github/workflows/train.yml": workflow } });
  trained = await hub.run("train.yml");
});
afterAll(() => hub.close());

/** One that no other test uses. */
function nameOf(what: string): string {
  counter += 1;
  return `${what}-${counter}`;
}

/** As register-model writes it. @returns the version */
async function register(
  locations: readonly ModelLocation[],
  change: Partial<ModelVersionRecord> = {},
  recordVersion: 1 | 2 = 2,
): Promise<string> {
  counter += 1;
  const version = `v1.${counter}.0`;
  const commit = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
  const record: ModelVersionRecord = {
    ...{ schema: MODEL_VERSION, model: "visits", version, commit, modelDigest: DIGEST, dataDigest: null },
    ...{ trainingRecordDigest: digestOf("t"), verdictDigest: null, metrics: [], governance: {} },
    createdAt: "2026-01-01T00:00:00Z",
    origin: { repository: "octo/model", workflow: "register.yml", run: trained.id, attempt: 1, actor: "octo" },
    files: [...recordsOf(MODEL)],
    locations: [...locations],
    ...change,
  };
  const message = formatTagMessage(
    "Register",
    modelVersionRecord,
    inVersion(modelVersionRecord, record, recordVersion),
  );
  await createGitTagRegistry(createTestClient(hub)).create({
    name: `visits@${version}`,
    commit,
    message,
    at: record.createdAt,
  });
  return version;
}

function store(texts: Texts | Uint8Array): Extract<ModelLocation, { kind: "artifact" }> {
  const zip = texts instanceof Uint8Array ? texts : zipOf(texts as Texts);
  const { id, name, digest } = hub.storeArtifact(trained, nameOf("model"), zip);
  return { kind: "artifact", repository: "octo/model", run: trained.id, id, name, digest };
}

async function publish(
  assets: Readonly<Record<string, Uint8Array | string>>,
): Promise<ModelLocation & { readonly kind: "release-asset" }> {
  const tag = nameOf("models");
  const ids = await publishRelease(hub, tag, assets);
  return {
    kind: "release-asset",
    repository: "octo/model",
    tag,
    assets: Object.entries(ids).map(([name, id]) => ({ id, name })),
  };
}

const verify = (version: string, inputs: Play<typeof spec>["inputs"] = {}, play: Partial<Play<typeof spec>> = {}) =>
  playAction(spec, run, (given, env) => connectWith(env)(given), {
    hub,
    inputs: { model: "visits", version, "model-digest": DIGEST, ...inputs },
    ...play,
  });

describe("fetched", () => {
  const below = { model: "model/", store: "" };
  const packed = { "a.bin": "weights", "sub/b.json": "{}" };
  test.each<[string, () => Promise<ModelLocation> | ModelLocation]>([
    ["an artifact", () => store({ ...MODEL, "training-record.json": "{}" })],
    ["an artifact whose paths leave out a folder", () => ({ ...store(packed), below })],
    ["the files of a release", () => publish({ "a.bin": "weights", "b.json": "{}" })],
    ["a zip of a release", () => publish({ "model.zip": zipOf({ "README.md": "# visits", ...MODEL }) })],
    ["a tar", () => publish({ "model.tar": tarOf(MODEL) })],
    [
      "a tar.gz with a folder in it",
      async () => ({
        ...(await publish({ "m.tgz": gzipSync(tarOf({ "v1/a.bin": "weights", "v1/sub/b.json": "{}" })) })),
        below: { model: "model/", store: "v1/" },
      }),
    ],
    ["a tar.zst", async () => publish({ "model.tar.zst": zstdCompressSync(tarOf(MODEL)) })],
  ])("%s has the model, and the folder nothing else", async (_, locate) => {
    const version = await register([await locate()]);
    const played = await verify(version);
    expect(played.exitCode, played.log).toBe(0);
    expect(played.outputs).toMatchObject({
      result: "verified",
      folder: "model-to-deploy",
      files: "2",
      bytes: "9",
      "model-digest": DIGEST,
    });
    expect([played.read("model-to-deploy/model/a.bin"), played.read("model-to-deploy/model/sub/b.json")]).toEqual([
      "weights",
      "{}",
    ]);
    expect(played.read("model-to-deploy/training-record.json")).toBe("");
    expect(played.summary).toContain("is what was registered");
  });

  test("the second place, when the first one is gone; one that cannot be fetched from is passed over", async () => {
    const artifact = store(MODEL);
    const { rest, repository } = createTestClient(hub);
    await rest.actions.deleteArtifact({ ...repository, artifact_id: artifact.id });
    const version = await register([artifact, { kind: "s3", uri: "s3://bucket/key" }, store(MODEL)]);
    const { exitCode, log } = await verify(version);
    expect(exitCode, log).toBe(0);
    expect(log).toMatch(/Not from artifact model-\d+ .*: it was deleted/);
    expect(log).toContain("Not from s3://bucket/key: this release does not fetch from there");
  });

  test.each<[string, readonly string[], () => Promise<ModelLocation[]> | ModelLocation[]]>([
    [
      "other bytes of the same length",
      ["model-file-differs", "model-differs"],
      () => [store({ ...MODEL, "model/a.bin": "WEIGHTS" })],
    ],
    [
      "more bytes than registered",
      ["model-file-differs"],
      () => [store({ ...MODEL, "model/a.bin": "weights and more" })],
    ],
    ["fewer", ["model-file-differs", "model-differs"], () => [store({ ...MODEL, "model/a.bin": "weight" })]],
    ["a file that is missing", ["model-file-missing", "model-differs"], () => [store({ "model/a.bin": "weights" })]],
    ["an archive that is cut off", ["archive-broken"], () => [store(zipOf(MODEL).subarray(0, -30))]],
    ["an archive that is none", ["archive-broken"], () => [store(Buffer.from("<html>not found</html>"))]],
    [
      "a tar that is cut off",
      ["archive-broken"],
      async () => [await publish({ "model.tar": tarOf(MODEL).subarray(0, 1500) })],
    ],
    ["a tar.gz that is none", ["archive-broken"], async () => [await publish({ "model.tar.gz": "plain text" })]],
    [
      "a file of a release that is of another name",
      ["model-file-missing"],
      async () => [await publish({ "x.bin": "weights", "b.json": "{}" })],
    ],
    ["a digest that GitHub says is another one", ["bytes-differ"], () => [{ ...store(MODEL), digest: digestOf("x") }]],
    ["no place at all", ["bytes-nowhere"], () => []],
    ["only a place that is not fetched from", ["bytes-not-fetchable"], () => [{ kind: "gs", uri: "gs://bucket/key" }]],
  ])("refused, and nothing is left to deploy: %s", async (_, codes, locate) => {
    const version = await register(await locate());
    const played = await verify(version);
    expect([played.exitCode > 0, played.errorCodes]).toEqual([true, codes]);
    expect(played.outputs.folder).toBe("");
    for (const path of Object.keys(MODEL)) expect(played.read(`model-to-deploy/${path}`)).toBe("");
  });

  test("a release's file that was uploaded again after the approval", async () => {
    const place = await publish({ "a.bin": "weights", "b.json": "{}" });
    const known = {
      ...place,
      assets: place.assets.map((asset) => ({ ...asset, digest: digestOf(asset.name === "a.bin" ? "weights" : "{}") })),
    };
    const version = await register([known]);
    await replaceAsset(hub, place.tag, "a.bin", "WEIGHTS");
    expect((await verify(version)).errorCodes).toEqual(["bytes-differ"]);
  });

  test("what expired, or a run that was run again has replaced, is gone: another one of its name is not taken", async () => {
    const artifact = store(MODEL);
    const version = await register([artifact]);
    const { rest, repository } = createTestClient(hub);
    await rest.actions.deleteArtifact({ ...repository, artifact_id: artifact.id });
    hub.storeArtifact(trained, artifact.name, zipOf(MODEL));
    expect((await verify(version)).errorCodes).toEqual(["bytes-gone"]);
  });

  test("a folder that has something, or is a link, is not fetched into", async () => {
    const version = await register([store(MODEL)]);
    const files = { "model-to-deploy/left.txt": "old" };
    expect((await verify(version, {}, { files })).errorCodes).toEqual(["folder-not-empty"]);
    const first = await verify(version, { folder: "elsewhere" });
    symlinkSync(join(first.workspace, "elsewhere"), join(first.workspace, "link"));
    const linked = await verify(version, { folder: "link" }, { workspace: first.workspace });
    expect(linked.errorCodes).toEqual(["folder-is-link"]);
  });
});

test("a tag that was made anew after the approval does not count", async () => {
  const other = { "model/a.bin": "evil" };
  const files = [...recordsOf(other)];
  const version = await register([store(other)], { files, modelDigest: computeModelDigest(files, digestOf) });
  expect((await verify(version)).errorCodes).toEqual(["model-digest-not-approved"]);
  const forged = await register([store(MODEL)], { files });
  expect((await verify(forged)).errorCodes).toEqual(["version-tag-forged"]);
  expect((await verify("v9.9.9")).errorCodes).toEqual(["version-not-registered"]);
});

describe("in a folder", () => {
  let version: string;
  beforeAll(async () => {
    version = await register([]);
  });
  const inFolder = (texts: Texts, inputs: Play<typeof spec>["inputs"] = {}) =>
    verify(
      version,
      { from: "folder", folder: "got", ...inputs },
      {
        files: Object.fromEntries(Object.entries(texts).map(([path, text]) => [`got/${path}`, text])),
      },
    );
  const LFS = `version https://git-lfs.github.com/spec/v1\noid ${digestOf("weights")}\nsize 7\n`;

  test.each<[string, Texts, Play<typeof spec>["inputs"], readonly string[]]>([
    ["exactly the model", MODEL, {}, []],
    [
      "more, which is ignored",
      { ...MODEL, "training-record.json": "{}", "logs/a.txt": "" },
      { ignore: "*.json\nlogs" },
      [],
    ],
    ["more", { ...MODEL, "more.bin": "" }, {}, ["model-file-extra", "model-differs"]],
    ["a dotfile more", { ...MODEL, "model/.more": "" }, {}, ["model-file-extra", "model-differs"]],
    ["less", { "model/a.bin": "weights" }, {}, ["model-file-missing", "model-differs"]],
    ["other bytes", { ...MODEL, "model/a.bin": "WEIGHTS" }, {}, ["model-file-differs", "model-differs"]],
    ["a pointer of Git LFS", { ...MODEL, "model/a.bin": LFS }, {}, ["model-file-not-plain", "model-differs"]],
    ["ignoring what is the model's own", MODEL, { ignore: "model/a.bin" }, ["model-file-missing", "model-differs"]],
    ["nothing", {}, {}, ["folder-missing"]],
  ])("%s", async (_, texts, inputs, codes) => {
    const { errorCodes, outputs } = await inFolder(texts, inputs);
    expect([errorCodes, outputs.result === "verified"]).toEqual([codes, codes.length === 0]);
  });

  test("a link is no file of the model, even to the same bytes", async () => {
    const played = await inFolder({ "model/sub/b.json": "{}" });
    const folder = join(played.workspace, "got/model");
    writeFileSync(join(played.workspace, "weights"), "weights");
    symlinkSync(join(played.workspace, "weights"), join(folder, "a.bin"));
    mkdirSync(join(played.workspace, "outside"));
    symlinkSync(join(played.workspace, "outside"), join(folder, "dir"));
    const again = await verify(version, { from: "folder", folder: "got" }, { workspace: played.workspace });
    expect(again.errorCodes).toEqual(["model-file-not-plain", "model-file-extra", "model-differs"]);
  });

  test("a version of version 1 has the digest of all files, and is compared by that", async () => {
    version = await register([], { files: undefined as never, locations: undefined as never }, 1);
    expect((await inFolder(MODEL)).outputs.result).toBe("verified");
    expect((await inFolder({ ...MODEL, "more.bin": "" })).errorCodes).toEqual([
      "model-digest-differs",
      "model-differs",
    ]);
    expect((await verify(version)).errorCodes).toEqual(["bytes-nowhere"]);
  });
});

describe("by the user's own command", () => {
  const FETCH =
    'mkdir -p "$MODEL_FOLDER/model/sub"; printf weights > "$MODEL_FOLDER/model/a.bin"; printf {} > "$MODEL_FOLDER/model/sub/b.json"';
  const byCommand = async (command: string) =>
    verify(await register([{ kind: "s3", uri: "s3://bucket/visits" }]), { from: "command", command });

  test("it fetches into the folder, knows the places, and has no token of the action", async () => {
    const { exitCode, log, outputs } = await byCommand(
      `${FETCH}; echo "from $MODEL_LOCATIONS"; echo "token:\${INPUT_TOKEN:-none}"`,
    );
    expect([exitCode, outputs.source], log).toEqual([0, "the command"]);
    expect(log).toContain("from s3://bucket/visits");
    expect(log).toContain("token:none");
  });

  test.each([
    ["that fails", "echo gone; exit 3", ["command-failed"]],
    ["that fails within a pipe", `${FETCH}; false | cat`, ["command-failed"]],
    [
      "that fetches something else",
      `${FETCH}; echo x >> "$MODEL_FOLDER/model/a.bin"`,
      ["model-file-differs", "model-differs"],
    ],
    ["that fetches nothing", "true", ["model-file-missing", "model-file-missing", "model-differs"]],
  ])("one %s", async (_, command, codes) => {
    expect((await byCommand(command)).errorCodes).toEqual(codes);
  });

  test("is run only where it is asked for", async () => {
    const version = await register([store(MODEL)]);
    expect((await verify(version, { command: FETCH })).errorCodes).toEqual(["command-not-used"]);
    expect((await verify(version, { from: "command" })).errorCodes).toEqual(["command-missing"]);
  });
});
