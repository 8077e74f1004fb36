/** Whatever a tag says about itself: only what GitHub shows to be trained, judged and merged is promoted. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import { storeEvidence, type TrainedVersion } from "../../shared/adapters/registry/testing.ts";
import type { ModelVersionRecord } from "../../shared/records/model-version.ts";
import { promotionPlan } from "../../shared/records/promotion-plan.ts";
import { readValue } from "../../shared/records/testing.ts";
import { readFile } from "../../test/fixture/prepare-job.ts";
import { assertSucceeded, createFixture, type PromotionFixture, type PromotionRun, register } from "./testing.ts";

const POLICY = `version: 2
model: { name: visits, files: [model.json] }
gates: [{ metric: mae, better: lower, max: 3 }]
environments: [{ name: staging, approvals: 0 }, { name: production, needs: [staging], approvals: 1 }]
`;
const WORLD = { policy: POLICY, model: "visits", reviewed: ["production"], version: 2 } as const;

let fixture: PromotionFixture;
let main: string;
let run: PromotionRun;
beforeAll(async () => {
  fixture = await createFixture(WORLD);
  main = (await fixture.hub.repository.git.resolve("refs/heads/main")) ?? "";
  run = await fixture.dispatch("staging");
});
afterAll(() => fixture.hub.close());

let patch = 0;
const nextVersion = (): string => `v1.0.${++patch}`;

/** A tag as anybody who may push can make it, about records that this run has uploaded. */
async function tagByHand(
  from: PromotionRun,
  trained: Partial<TrainedVersion> = {},
  change: Partial<ModelVersionRecord> = {},
): Promise<string> {
  const version = nextVersion();
  const evidence = storeEvidence(fixture.hub, from, { version, commit: main, policy: POLICY, ...trained });
  await register(fixture.registry, version, trained.commit ?? main, { ...evidence, ...change }, 2);
  return version;
}
const train = (ref = "main"): Promise<PromotionRun> => fixture.hub.run("train.yml", { ref });
const readPlan = () => readValue(promotionPlan, JSON.parse(readFile(fixture.workspace, "promotion-plan.json"))).record;

test.each<[string, string, () => Promise<string>]>([
  [
    "a commit that was never merged",
    "commit-not-merged",
    async () => {
      const commit = await fixture.hub.push({ branch: "mine", files: { "model.json": "[]" } });
      return tagByHand(await train(), { commit });
    },
  ],
  [
    "a run of another branch",
    "evidence-run-untrusted",
    async () => {
      await fixture.hub.push({ branch: "other", files: { "a.txt": "a" } });
      return tagByHand(await train("other"));
    },
  ],
  [
    "no run at all",
    "version-unproven",
    async () => tagByHand(await train(), {}, { evidence: [], trainingRecordDigest: digestOf("mine") }),
  ],
  [
    "another record than its run uploaded",
    "evidence-not-uploaded",
    async () => {
      const from = await train();
      const version = nextVersion();
      const trained = storeEvidence(fixture.hub, from, { version, commit: main, policy: POLICY });
      const digest = digestOf("another record");
      const evidence = (trained.evidence ?? []).map((item) => (item.kind === "verdict" ? item : { ...item, digest }));
      await register(fixture.registry, version, main, { ...trained, trainingRecordDigest: digest, evidence }, 2);
      return version;
    },
  ],
  [
    "other model files than were trained",
    "version-evidence-differs",
    async () => tagByHand(await train(), {}, { modelDigest: digestOf("mine") }),
  ],
  [
    "a training of another commit",
    "version-evidence-differs",
    async () => tagByHand(await train(), { training: { commit: "f".repeat(40) } }),
  ],
  [
    "a training that was cancelled",
    "training-not-successful",
    async () => tagByHand(await train(), { training: { outcome: "cancelled" } }),
  ],
  [
    "a training that timed out",
    "training-not-successful",
    async () => tagByHand(await train(), { training: { outcome: "timed-out" } }),
  ],
  [
    "no verdict, although there are gates",
    "verdict-missing",
    async () => tagByHand(await train(), {}, { verdictDigest: null }),
  ],
  ["a verdict that fails", "verdict-not-pass", async () => tagByHand(await train(), { verdict: { outcome: "fail" } })],
  [
    "a verdict about another commit",
    "verdict-of-other-commit",
    async () => tagByHand(await train(), { verdict: { judged: "f".repeat(40) } }),
  ],
  [
    "a verdict by a policy that never stood on main",
    "verdict-by-untrusted-policy",
    async () => tagByHand(await train(), { policy: "version: 2\n" }),
  ],
  ["no purpose", "governance-missing", async () => tagByHand(await train(), {}, { governance: { owner: "team" } })],
])("a version with %s is not planned", async (_, code, make) => {
  const played = await fixture.plan(run, { version: await make() });
  expect([played.exitCode, played.errorCodes]).toEqual([2, expect.arrayContaining([code])]);
});

describe("the plan", () => {
  test("shows what was proven, and the stored metrics judged by the policy of today", async () => {
    const version = await tagByHand(await train());
    const { summary } = assertSucceeded(await fixture.plan(run, { version }));
    expect(readPlan()).toMatchObject({
      branch: "refs/heads/main",
      guarantee: { evidence: "proven" },
      governance: { owner: "team", purpose: "plan capacity" },
      today: { outcome: "pass", rulings: [{ metric: "mae", rule: "max", outcome: "pass" }] },
    });
    expect(readPlan()).not.toHaveProperty("warnings");
    for (const shown of ["refs/heads/main", "proven", "plan capacity", "pass"]) expect(summary).toContain(shown);
  });

  test("says what GitHub does not have any more, and that does not prevent it", async () => {
    const from = await train();
    const version = await tagByHand(from);
    fixture.hub.repository.actions.runs.delete(from.id);
    const { summary } = assertSucceeded(await fixture.plan(run, { version }));
    expect(readPlan()).toMatchObject({
      guarantee: { evidence: "recorded" },
      warnings: [{ code: "evidence-gone" }, { code: "registration-unproven" }],
    });
    expect(summary).toContain(`GitHub does not have the artifacts of run ${from.id} any more`);
  });

  test("warns where the policy of today would fail what passed then", async () => {
    const version = await tagByHand(await train());
    await fixture.hub.push({ files: { ".github/mlops.yml": POLICY.replace("max: 3", "max: 1") } });
    assertSucceeded(await fixture.plan(run, { version }));
    expect(readPlan()).toMatchObject({ today: { outcome: "fail" }, warnings: [{ code: "fails-policy-today" }] });
    await fixture.hub.push({ files: { ".github/mlops.yml": POLICY } });
  });

  test("costs few requests, and so do begin and commit", async () => {
    const requests = async (step: () => Promise<{ readonly exitCode: number }>): Promise<number> => {
      const before = fixture.hub.journal.requests().length;
      expect((await step()).exitCode).toBe(0);
      return fixture.hub.journal.requests().length - before;
    };
    const [first, second] = [await tagByHand(await train()), await tagByHand(await train())];
    await fixture.promote(first, "staging");
    await fixture.promote(first, "production");
    await fixture.promote(second, "staging");
    const production = await fixture.dispatch("production");
    expect(await requests(() => fixture.plan(production, { version: second }))).toBeLessThanOrEqual(16);
    await fixture.hub.as("bob").approve(production, "production");
    expect(await requests(() => fixture.begin(production))).toBeLessThanOrEqual(28);
    expect(await requests(() => fixture.commit(production))).toBeLessThanOrEqual(24);
  });
});

test("a roll back needs none of it again", async () => {
  const own = await createFixture(WORLD);
  try {
    for (const version of ["v1.0.0", "v1.1.0"]) {
      await own.register(version);
      await own.promote(version, "staging");
    }
    for (const trained of own.hub.runs({ workflow: "train.yml" })) own.hub.repository.actions.runs.delete(trained.id);
    const { outputs } = await own.promote("", "staging", { kind: "roll-back", reason: "Complaints" });
    expect(outputs).toMatchObject({ result: "rolled-back", version: "v1.0.0" });
  } finally {
    await own.hub.close();
  }
});

test("a version is rolled back to although the workflows have changed since, once, wherever it is killed", async () => {
  const own = await createFixture(WORLD);
  try {
    for (const version of ["v1.0.0", "v1.1.0"]) {
      await own.register(version);
      await own.promote(version, "staging");
      await own.hub.push({ files: { ".github/workflows/new.yml": `on: push\njobs: {}\n# ${version}\n` } });
    }
    const token = own.hub.tokenWith({ contents: "write", actions: "read", deployments: "write" });
    const back = await own.dispatch("staging");
    assertSucceeded(await own.plan(back, { kind: "roll-back", reason: "Complaints" }));
    assertSucceeded(await own.begin(back, { token }));
    own.hub.faults.next({ operation: "git/create-ref" }, { kind: "reset", when: "after" });
    assertSucceeded(await own.commit(back, { token }));
    expect((await own.commit(back, { token })).outputs.result).toBe("rolled-back");
    const [tag] = (await own.registry.list("visits")).filter(({ name }) => name === "visits#staging#3");
    const { message } = tag === undefined ? { message: "" } : await own.registry.read(tag);
    expect(message).toContain("Assign visits v1.0.0 to staging");
    expect(
      await createTestClient(own.hub).rest.git.getRef({ owner: "octo", repo: "model", ref: "tags/visits#staging#3" }),
    ).toBeDefined();
  } finally {
    await own.hub.close();
  }
});
