/** What is promoted can still be fetched, and is what was registered: else no plan is made, and none is begun. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import { publishRelease, recordsOf, replaceAsset, zipOf } from "../../shared/adapters/model-bytes/testing.ts";
import { computeModelDigest } from "../../shared/core/registry/model-digest.ts";
import type { ModelLocation } from "../../shared/records/location.ts";
import { assertSucceeded, createFixture, POLICY, type PromotionFixture } from "./testing.ts";

const MODEL = { "model/a.bin": "weights" };
const FILES = [...recordsOf(MODEL)];
const OF_FILES = { files: FILES, modelDigest: computeModelDigest(FILES, digestOf) };

let fixture: PromotionFixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture.hub.close());

/** As register-model finds it. */
async function storeModel(): Promise<Extract<ModelLocation, { kind: "artifact" }>> {
  const run = await fixture.hub.run("train.yml");
  const { id, name, digest, expiresAt } = fixture.hub.storeArtifact(run, "model", zipOf(MODEL));
  const repository = "octo/model";
  return { kind: "artifact", repository, run: run.id, id, name, digest, expiresAt: expiresAt.toISOString() };
}

async function publish(tag: string): Promise<ModelLocation> {
  const { "a.bin": id = 0 } = await publishRelease(fixture.hub, tag, { "a.bin": "weights" });
  const assets = [{ id, name: "a.bin", digest: digestOf("weights") }];
  return { kind: "release-asset", repository: "octo/model", tag, assets };
}

const register = (version: string, ...locations: ModelLocation[]) =>
  fixture.register(version, { ...OF_FILES, locations });

async function deleteArtifact(id: number): Promise<void> {
  const { rest, repository } = createTestClient(fixture.hub);
  await rest.actions.deleteArtifact({ ...repository, artifact_id: id });
}

test("plan, approval and history say where the bytes are and until when", async () => {
  const artifact = await storeModel();
  await register("v1.0.0", artifact, { kind: "s3", uri: "s3://bucket/visits" });
  const run = await fixture.dispatch("staging");
  const planned = assertSucceeded(await fixture.plan(run, { version: "v1.0.0" }));
  const until = artifact.expiresAt?.slice(0, 10);
  expect(planned.summary).toContain(`of run ${artifact.run}, until ${until}`);
  expect(planned.summary).toContain("the place is there; what is in it is compared before it is deployed");
  const plan = JSON.parse(planned.read("promotion-plan.json"));
  expect(plan.locations).toMatchObject([{ id: artifact.id }, { uri: "s3://bucket/visits" }]);
  expect(plan.guarantee).toEqual({ evidence: "proven", bytes: "listed" });
  const applied = assertSucceeded(await fixture.apply(run));
  expect(applied.summary).toMatch(new RegExp(`\\| Bytes \\|[^]*of run ${artifact.run}, until ${until}`));
});

test.each<[string, (artifact: Awaited<ReturnType<typeof storeModel>>) => Promise<void> | void]>([
  ["deleted", ({ id }) => deleteArtifact(id)],
  [
    "replaced by a run that was run again",
    async ({ id, run }) => {
      await deleteArtifact(id);
      const again = fixture.hub.runs({ workflow: "train.yml" }).find((one) => one.id === run);
      if (again !== undefined) fixture.hub.storeArtifact(again, "model", zipOf({ "model/a.bin": "WEIGHTS" }));
    },
  ],
  ["expired", () => fixture.hub.clock.advance(3 * 86_400_000)],
])("an artifact that was %s after the plan: nothing begins, and no new plan is made", async (_, lose) => {
  const artifact = await storeModel();
  await register("v1.0.0", artifact);
  // Two days before it expires.
  fixture.hub.clock.advance(88 * 86_400_000);
  const run = await fixture.dispatch("staging");
  assertSucceeded(await fixture.plan(run, { version: "v1.0.0", "valid-for": "96h" }));
  await lose(artifact);
  expect((await fixture.begin(run)).errorCodes).toEqual(["bytes-gone"]);
  expect(await fixture.ledger()).toEqual([]);
  const again = await fixture.plan(await fixture.dispatch("staging"), { version: "v1.0.0" });
  expect([again.errorCodes, again.outputs.result]).toEqual([["bytes-gone"], "error"]);
});

test("a release's file that was uploaded again with other bytes is refused, with the same ones it is not", async () => {
  await register("v1.0.0", await publish("models-1"));
  const run = await fixture.dispatch("staging");
  const planned = assertSucceeded(await fixture.plan(run, { version: "v1.0.0" }));
  expect(JSON.parse(planned.read("promotion-plan.json")).guarantee.bytes).toBe("verified");
  await replaceAsset(fixture.hub, "models-1", "a.bin", "WEIGHTS");
  expect((await fixture.begin(run)).errorCodes).toEqual(["bytes-differ"]);
  await replaceAsset(fixture.hub, "models-1", "a.bin", "weights");
  expect((await fixture.begin(run)).outputs.result).toBe("begun");
});

test("a roll back is not kept by bytes that are gone: the plan says so, and people decide", async () => {
  const artifact = await storeModel();
  await register("v1.0.0", artifact);
  await register("v1.1.0", await publish("models-1"));
  for (const version of ["v1.0.0", "v1.1.0"]) await fixture.promote(version, "staging");
  await deleteArtifact(artifact.id);
  const run = await fixture.dispatch("staging");
  const planned = assertSucceeded(await fixture.plan(run, { kind: "roll-back", reason: "wrong numbers" }));
  expect(planned.log).toContain("[bytes-gone]");
  expect(planned.summary).toContain("no place has them any more");
  expect((await fixture.apply(run)).outputs.result).toBe("rolled-back");
});

test("an environment may want a better guarantee than an artifact gives", async () => {
  await fixture.hub.close();
  const policy = POLICY.replace("name: staging,", "name: staging, guarantee: { bytes: verified },");
  fixture = await createFixture({ policy, model: "visits", reviewed: ["production"], version: 2 });
  await register("v1.0.0", await storeModel());
  await register("v1.1.0", await publish("models-1"));
  await fixture.register("v1.2.0");
  const plan = async (version: string) =>
    (await fixture.plan(await fixture.dispatch("staging"), { version })).errorCodes;
  expect([await plan("v1.0.0"), await plan("v1.1.0"), await plan("v1.2.0")]).toEqual([
    ["bytes-guarantee-too-weak"],
    [],
    ["bytes-guarantee-too-weak"],
  ]);
});

test("a tag whose files are not those of its digest is believed nothing", async () => {
  await fixture.register("v1.0.0", { files: FILES, modelDigest: digestOf("other") });
  const { errorCodes } = await fixture.plan(await fixture.dispatch("staging"), { version: "v1.0.0" });
  expect(errorCodes).toEqual(["version-tag-forged"]);
});
