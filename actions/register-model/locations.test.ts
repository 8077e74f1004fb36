/** A version says where its bytes are, and what will become of them. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import { publishRelease, zipOf } from "../../shared/adapters/model-bytes/testing.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tag-registry.ts";
import { modelVersionRecord } from "../../shared/records/model-version.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import { MODEL, POLICY, type RegisterOptions, register, trainOnGitHub, WORKFLOWS } from "./testing.ts";

const ENVIRONMENTS = `environments:
  - { name: staging, approvals: 0 }
  - { name: production, needs: [staging], approvals: 1, approval-expires: 100d }
`;
const POLICY_2 = POLICY.replace("version: 1", "version: 2") + ENVIRONMENTS;

let hub: LocalGitHub;
let trained: RegisterOptions;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { ".github/mlops.yml": POLICY_2, ...WORKFLOWS } });
  trained = await trainOnGitHub(hub, { verdict: { policy: await policyOf(hub) } });
  const run = hub.runs({ workflow: "train.yml" }).at(-1);
  if (run === undefined) throw new Error("there is no run");
  hub.storeArtifact(run, "model", zipOf({ "a.json": MODEL["model/a.json"], "b.json": MODEL["model/b.json"] }));
});
afterAll(() => hub.close());

async function policyOf({ repository }: LocalGitHub) {
  const ref = (await repository.git.resolve("refs/heads/main")) ?? "";
  return { path: ".github/mlops.yml", ref, digest: digestOf(POLICY_2) };
}

async function recordOf(tag: string) {
  const registry = createGitTagRegistry(createTestClient(hub));
  const ref = (await registry.list("visits")).find(({ name }) => name === tag);
  if (ref === undefined) throw new Error(`there is no tag ${tag}`);
  const [, ...lines] = (await registry.read(ref)).message.split("\n");
  return readRecord(modelVersionRecord, lines.join("\n"), { file: tag, reader: "a-test" }).record;
}

const registerWith = (version: string, locations = "") =>
  register(version, { ...trained, hub, inputs: { ...trained.inputs, locations } });

test("by itself: the artifact of the training that has the model, with every file and when it expires", async () => {
  const { exitCode, summary, log } = await registerWith("v1.0.0");
  expect(exitCode, log).toBe(0);
  const record = await recordOf("visits@v1.0.0");
  expect(record.files?.map(({ path, bytes }) => [path, bytes])).toEqual([
    ["model/a.json", 2],
    ["model/b.json", 3],
  ]);
  expect(record.locations).toMatchObject([{ kind: "artifact", name: "model", below: { model: "model/", store: "" } }]);
  expect(record.guarantee).toEqual({ bytes: "listed" });
  expect(summary).toMatch(/\| Size \| 2 files, 5 B \|/);
  expect(summary).toMatch(/\| Bytes \| artifact model .*\d+.* of run \d+, until 20\d\d-\d\d-\d\d .* UTC \|/);
  // 90 days are less than production may be waited for.
  expect(log).toContain("[bytes-expire-early]");
});

test("several places, in the order that is given; one that lasts ends the warning", async () => {
  await publishRelease(hub, "models-1", { "a.json": "{}", "b.json": "[1]" });
  const { exitCode, log } = await registerWith(
    "v1.1.0",
    "artifact model\nrelease models-1\ns3://bucket/visits/v1.1.0/",
  );
  expect(exitCode, log).toBe(0);
  expect((await recordOf("visits@v1.1.0")).locations?.map(({ kind }) => kind)).toEqual([
    "artifact",
    "release-asset",
    "s3",
  ]);
  expect(log).not.toContain("[bytes-expire-early]");
});

test("a place that does not have the model is refused, and nothing is registered", async () => {
  await publishRelease(hub, "models-2", { "a.json": "{}" });
  for (const [locations, code] of [
    ["release models-2", "release-without-model"],
    ["release models-9", "release-missing"],
    ["artifact record", "artifact-without-model"],
    ["git-lfs", "pointer-missing"],
    ["ftp://host/file", "location-malformed"],
  ] as const) {
    const { errorCodes, outputs } = await registerWith("v1.2.0", locations);
    expect([errorCodes, outputs.result]).toEqual([[code], "error"]);
  }
});

test("a Git LFS pointer counts as what it stands for, and one of DVC is refused", async () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid ${digestOf("{}")}\nsize 2\n`;
  const asPointer = { ...trained, hub, files: { ...MODEL, "model/a.json": pointer } };
  expect((await register("v1.3.0", asPointer)).outputs.result).toBe("registered");
  expect((await recordOf("visits@v1.3.0")).modelDigest).toBe((await recordOf("visits@v1.0.0")).modelDigest);
  const dvc = "outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 2\n  path: a.json\n";
  const asDvc = { ...trained, hub, files: { ...MODEL, "model/a.json": dvc } };
  expect((await register("v1.4.0", asDvc)).errorCodes).toEqual(["model-is-pointer"]);
});
