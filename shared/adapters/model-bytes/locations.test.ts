/** Places that are found when a version is registered, and looked up again before it is promoted. */
import { createHash } from "node:crypto";
import { type LocalGitHub, startLocalGitHub, type WorkflowRun } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseLocationRequest } from "../../core/registry/bytes/location-request.ts";
import { ActionError } from "../../problem/problem.ts";
import type { ModelLocation } from "../../records/location.ts";
import { digestOf } from "../files/digest.ts";
import { createTestClient } from "../github/testing.ts";
import { assetName, findLocations } from "./find-locations.ts";
import { lookUpLocations } from "./look-up-locations.ts";
import { publishRelease, recordsOf, replaceAsset, zipOf } from "./testing.ts";

const MODEL = { "model/a.bin": "weights", "model/b.json": "{}" };
const FILES = recordsOf(MODEL);
const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
const lfs = (text: string): string =>
  `version https://git-lfs.github.com/spec/v1\noid ${digestOf(text).replace(":", ":")}\nsize ${text.length}\n`;

let hub: LocalGitHub;
let commit: string;
beforeAll(async () => {
  hub = await startLocalGitHub({
    limits: "off",
    files: {
      ".github/workflows/train.yml":
        "on: workflow_dispatch\npermissions: {}\njobs: { train: { runs-on: ubuntu-latest, steps: [run: 'true'] } }\n",
      "model/a.bin": lfs("weights"),
      "model/b.json": lfs("{}"),
      "dvc/a.bin.dvc": `outs:\n- md5: ${md5("weights")}\n  size: 7\n  hash: md5\n  path: a.bin\n`,
      "dvc.lock": `schema: '2.0'\nstages:\n  train:\n    cmd: train\n    outs:\n    - path: dvc/b.json\n      md5: ${md5("{}")}\n`,
    },
  });
  commit = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
});
afterAll(() => hub.close());

const client = () => createTestClient(hub);
const find = (run: WorkflowRun, lines: readonly string[] = [], files = FILES) =>
  findLocations(client(), lines.map(parseLocationRequest), {
    ...{ files, run: run.id, commit },
    md5Of: async (path) => md5(MODEL[path.replace("dvc/", "model/") as keyof typeof MODEL]),
  });
const lookUp = async (location: ModelLocation) =>
  (await lookUpLocations(client(), [location], FILES)).map(({ found }) => found);
async function only(places: Promise<readonly ModelLocation[]>): Promise<ModelLocation> {
  const [place, ...others] = await places;
  if (place === undefined || others.length > 0) throw new Error("there is not exactly one place");
  return place;
}
const codeOf = (places: Promise<unknown>): Promise<string> =>
  places.then(
    () => "none",
    (error: unknown) => (error instanceof ActionError ? (error.problems[0]?.code ?? "") : String(error)),
  );

describe("an artifact", () => {
  test("is found by what is in it, and says when it expires", async () => {
    const run = await hub.run("train.yml");
    hub.storeArtifact(run, "record", zipOf({ "training-record.json": "{}" }));
    const artifact = hub.storeArtifact(run, "model", zipOf({ "a.bin": "weights", "b.json": "{}", "more.txt": "" }));
    const expected = {
      ...{ kind: "artifact", repository: "octo/model", run: run.id, id: artifact.id, name: "model" },
      digest: artifact.digest,
      expiresAt: artifact.expiresAt.toISOString().replace(/\.\d+Z$/, "Z"),
      below: { model: "model/", store: "" },
    };
    const before = hub.journal.requests("actions/download-artifact").length;
    expect(await only(find(run))).toEqual(expected);
    expect(await only(find(run, ["artifact model"]))).toEqual(expected);
    // Looked into by its directory alone: one request for each artifact that could be it.
    expect(hub.journal.requests("actions/download-artifact").length - before).toBeLessThanOrEqual(4);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ["lacks a file", { "model/a.bin": "weights" }],
    ["has one of another size", { ...MODEL, "model/a.bin": "weight" }],
  ])("that %s has not the model", async (_, texts) => {
    const run = await hub.run("train.yml");
    hub.storeArtifact(run, "model", zipOf(texts));
    expect(await find(run)).toEqual([]);
    expect(await codeOf(find(run, ["artifact"]))).toBe("artifact-without-model");
    expect(await codeOf(find(run, ["artifact other"]))).toBe("artifact-without-model");
  });

  test("is gone once it was replaced or has expired, and is never another one of the same name", async () => {
    const run = await hub.run("train.yml");
    const { rest, repository } = client();
    const store = () => hub.storeArtifact(run, "model", zipOf(MODEL));
    const artifact = store();
    const place = await only(find(run));
    expect(await lookUp(place)).toEqual([{ state: "there" }]);
    expect(await lookUp({ ...place, digest: digestOf("x") } as ModelLocation)).toMatchObject([{ state: "differs" }]);
    expect(await lookUp({ ...place, run: 1 } as ModelLocation)).toMatchObject([{ state: "differs" }]);
    // As upload-artifact with `overwrite: true` does in a run that is run again.
    await rest.actions.deleteArtifact({ ...repository, artifact_id: artifact.id });
    store();
    expect(await lookUp(place)).toMatchObject([{ state: "gone", why: expect.stringContaining("replaced") }]);
    const again = await only(find(run));
    hub.clock.advance(91 * 86_400_000);
    expect(await lookUp(again)).toEqual([{ state: "gone", why: "it has expired" }]);
    expect(await find(run)).toEqual([]);
  });

  test("of another repository is not asked for", async () => {
    const run = await hub.run("train.yml");
    hub.storeArtifact(run, "model", zipOf(MODEL));
    const place = await only(find(run));
    expect(await lookUp({ ...place, repository: "eve/model" } as ModelLocation)).toEqual([{ state: "unchecked" }]);
  });
});

describe("a release", () => {
  test("has each file under its name, or all in an archive", async () => {
    const run = await hub.run("train.yml");
    await publishRelease(hub, "v1.0.0", { "a.bin": "weights", "b.json": "{}", "notes.txt": "read me" });
    const plain = await only(find(run, ["release v1.0.0"]));
    expect(plain).toMatchObject({
      kind: "release-asset",
      tag: "v1.0.0",
      assets: [{ name: "a.bin" }, { name: "b.json" }],
    });
    expect(await lookUp(plain)).toEqual([{ state: "verified" }]);
    await publishRelease(hub, "v1.0.1", { "model.zip": zipOf({ "m/a.bin": "weights", "m/b.json": "{}" }) });
    const packed = await only(find(run, ["release v1.0.1 model.zip"]));
    expect(packed).toMatchObject({ assets: [{ name: "model.zip" }], below: { model: "model/", store: "m/" } });
    expect(await lookUp(packed)).toEqual([{ state: "there" }]);
  });

  test("is refused where a file is missing, has other bytes, or there is none", async () => {
    const run = await hub.run("train.yml");
    await publishRelease(hub, "v2.0.0", {
      "a.bin": "WEIGHTS",
      "b.json": "{}",
      "odd.zip": zipOf({ "a.bin": "weights" }),
    });
    expect(await codeOf(find(run, ["release v2.0.0"]))).toBe("release-without-model");
    expect(await codeOf(find(run, ["release v2.0.0 odd.zip"]))).toBe("release-without-model");
    expect(await codeOf(find(run, ["release v9"]))).toBe("release-missing");
  });

  test("that was uploaded again is the same only with the same bytes", async () => {
    const run = await hub.run("train.yml");
    await publishRelease(hub, "v3.0.0", { "a.bin": "weights", "b.json": "{}" });
    const place = await only(find(run, ["release v3.0.0"]));
    await replaceAsset(hub, "v3.0.0", "a.bin", "weights");
    expect(await lookUp(place)).toEqual([{ state: "verified" }]);
    await replaceAsset(hub, "v3.0.0", "a.bin", "WEIGHTS");
    expect(await lookUp(place)).toMatchObject([
      { state: "differs", why: expect.stringContaining("a.bin was uploaded again") },
    ]);
    const { rest, repository } = client();
    const { data } = await rest.repos.getReleaseByTag({ ...repository, tag: "v3.0.0" });
    await rest.repos.deleteRelease({ ...repository, release_id: data.id });
    expect(await lookUp(place)).toEqual([{ state: "gone", why: "a.bin was deleted from it" }]);
  });

  test("has names as GitHub changes them", () => {
    expect(["d/my model (1).bin", "..hidden", "a+b@c.bin"].map(assetName)).toEqual([
      "my.model.1.bin",
      "hidden",
      "a+b@c.bin",
    ]);
  });
});

describe("pointers", () => {
  test("of Git LFS stand for the files by their own hash", async () => {
    const run = await hub.run("train.yml");
    const place = await only(find(run, ["git-lfs"]));
    expect(place).toEqual({
      ...{ kind: "git-lfs", repository: "octo/model", commit, immutable: true },
      pointers: ["model/a.bin", "model/b.json"],
    });
    expect(await lookUp(place)).toEqual([{ state: "unchecked" }]);
    const other = recordsOf({ "model/a.bin": "WEIGHTS" });
    expect(await codeOf(find(run, ["git-lfs"], other))).toBe("pointer-differs");
    expect(await codeOf(find(run, ["git-lfs"], recordsOf({ "dvc.lock": "" })))).toBe("pointer-missing");
  });

  test("of DVC do by MD5, in a file beside it or in dvc.lock", async () => {
    const run = await hub.run("train.yml");
    const files = recordsOf({ "dvc/a.bin": "weights", "dvc/b.json": "{}" });
    expect(await only(find(run, ["dvc storage"], files))).toEqual({
      ...{ kind: "dvc", repository: "octo/model", commit, immutable: true, remote: "storage" },
      pointers: ["dvc/a.bin.dvc", "dvc.lock"],
      files: files.map((file, at) => ({ ...file, md5: md5(at === 0 ? "weights" : "{}") })),
    });
    expect(await codeOf(find(run, ["dvc"], recordsOf({ "dvc/c.bin": "" })))).toBe("pointer-missing");
  });
});

test("what GitHub does not say is never there", async () => {
  const run = await hub.run("train.yml");
  hub.storeArtifact(run, "model", zipOf(MODEL));
  const place = await only(find(run));
  using _ = hub.faults.always({ operation: "actions/get-artifact" }, { kind: "status", status: 503 });
  expect(await codeOf(lookUp(place))).toBe("github-unreachable");
});

test("where the storage gives no part of a file, an artifact that is named counts, and is compared when it is fetched", async () => {
  const run = await hub.run("train.yml");
  const artifact = hub.storeArtifact(run, "model", zipOf(MODEL));
  // As if it said another size than it has: a part behind its end is asked for.
  Object.assign(artifact, { size: 1_000_000 });
  expect(await find(run)).toEqual([]);
  expect(await only(find(run, ["artifact model"]))).toMatchObject({ kind: "artifact", id: artifact.id });
});
