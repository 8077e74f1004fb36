/** promote-model: its two steps with fake ports, and promotions forward and back on the local GitHub. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { readPolicy } from "../../shared/core/policy/read-policy.ts";
import type { DeploymentReview, GitHubAccount } from "../../shared/core/promotion/approvals.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import { isPromotion, type PromotionPlan } from "../../shared/records/promotion-plan.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { createMemoryRegistry } from "../../test/fixture/memory-registry.ts";
import { playAction } from "../../test/fixture/play-action.ts";
import type { Ports } from "./ports.ts";
import { run as promote } from "./run.ts";
import { spec } from "./spec.ts";
import {
  assertSucceeded,
  createFixture,
  POLICY,
  type PromotionFixture,
  type PromotionInputs,
  register,
} from "./testing.ts";

describe("without GitHub", () => {
  const COMMIT = "a".repeat(40);
  const alice: GitHubAccount = { login: "alice", id: 1, type: "User" };
  const bob: GitHubAccount = { login: "bob", id: 2, type: "User" };

  const playPromote = (ports: Ports, inputs: PromotionInputs) => playAction(spec, promote, () => ports, { inputs });

  function createFakes(reviews: readonly DeploymentReview[] = []) {
    const effects: string[] = [];
    const addOnce = (effect: string) => void (effects.includes(effect) || effects.push(effect));
    const registry = createMemoryRegistry();
    const state: { plan?: ReadRecord<PromotionPlan>; ledger: string; now: string } = {
      ledger: "",
      now: "2026-06-15T12:00:00Z",
    };
    const ports: Ports = {
      readPolicy: async () => ({
        policy: readPolicy(POLICY, "mlops.yml", { reader: "promote-model" }),
        path: "mlops.yml",
        ref: COMMIT,
        digest: digestOf(POLICY),
      }),
      registry: {
        ...registry,
        create: (tag) => {
          effects.push(`tag ${tag.name}`);
          return registry.create(tag);
        },
      },
      proveVersion: async ({ origin }) => ({
        branch: "refs/heads/main",
        training: { status: "gone", run: origin.run },
        verdict: { status: "gone", run: origin.run },
        isPolicyTrusted: true,
        registrar: undefined,
      }),
      lookUpBytes: async () => [],
      openLedger: () => ({
        name: "ledger",
        read: async () => ({ head: undefined, text: state.ledger }),
        append: async (_, line, _at, title) => {
          effects.push(`ledger ${title}`);
          state.ledger += `${line}\n`;
          return { head: undefined, text: state.ledger };
        },
        readOlder: async () => undefined,
      }),
      changes: { mergedAs: async () => undefined, readFile: async () => undefined },
      sha: COMMIT,
      writeText: async () => undefined,
      approvals: {
        defaultBranch: async () => "main",
        run: async (id) => ({
          ...{ id, attempt: 1, status: "in_progress", event: "workflow_dispatch", headBranch: "main", updatedAt: "" },
          ...{ actor: alice, triggeringActor: alice },
        }),
        hasEnded: async () => true,
        reviews: async () => reviews,
        isTeamMember: async () => undefined,
        environment: async (name) => ({ id: 5, name, reviewers: [alice, bob], preventsSelfReview: true }),
      },
      deployments: {
        announce: async ({ environment }) => {
          await addOnce(`deployment to ${environment}`);
          return { id: 1, adopted: false };
        },
        report: async ({ environment }, end) => addOnce(`${end} of a deployment to ${environment}`),
      },
      readPolicies: () => Promise.reject(new Error("nobody reconciles here")),
      deploymentHistory: {
        list: () => Promise.reject(new Error("nobody reconciles here")),
        find: () => Promise.reject(new Error("nobody reconciles here")),
        stateOf: () => Promise.reject(new Error("nobody reconciles here")),
      },
      listLedgers: () => Promise.reject(new Error("nobody reconciles here")),
      fetchPlan: async () => undefined,
      readPlan: async () => state.plan ?? expect.fail("there is no plan"),
      writePlan: async (plan) => {
        if (isPromotion(plan)) state.plan = plan;
      },
      writeRecord: async () => {},
      digestOf,
      now: () => state.now,
      ref: "refs/heads/main",
      origin: { repository: "octo/model", workflow: "promote.yml", run: 7, attempt: 1, actor: "alice" },
      runUrl: "https://github.example/run",
    };
    return {
      effects,
      state,
      register: (version: string) => register(registry, version, COMMIT),
      plan: (inputs: PromotionInputs) => playPromote(ports, { mode: "plan", ...inputs }),
      apply: (environment: string, inputs: PromotionInputs = {}) => {
        const digest = state.plan ? digestRecord(state.plan, digestOf) : "";
        return playPromote(ports, { mode: "apply", environment, "plan-digest": digest, ...inputs });
      },
      /** Both steps. */
      async promote(version: string, environment: string, inputs: PromotionInputs = {}) {
        assertSucceeded(await this.plan({ version, environment, ...inputs }));
        return this.apply(environment);
      },
    };
  }

  test("plan writes nothing; apply writes the deployment, the intent, the tag, the commit and the success, in this order", async () => {
    const fakes = createFakes();
    await fakes.register("v1.0.0");
    const planned = await fakes.plan({ version: "v1.0.0", environment: "staging" });
    expect([planned.exitCode, planned.outputs.result, fakes.effects]).toEqual([0, "planned", []]);
    const { outputs } = await fakes.apply("staging");
    expect(outputs).toMatchObject({ result: "promoted", version: "v1.0.0", tag: "visits#staging#1" });
    const effects = [
      "deployment to staging",
      "ledger intent: promote visits v1.0.0 staging",
      "tag visits#staging#1",
      "ledger committed: promote visits v1.0.0 staging",
      "success of a deployment to staging",
    ];
    expect(fakes.effects).toEqual(effects);
    expect((await fakes.apply("staging")).outputs).toEqual(outputs);
    expect(fakes.effects).toEqual(effects);
  });

  /** v1.0.0 is deployed to staging, and planned for production, which bob has approved. */
  async function planForProduction() {
    const environments = [{ id: 5, name: "production" }];
    const fakes = createFakes([{ state: "approved", comment: "", environments, user: bob }]);
    await fakes.register("v1.0.0");
    assertSucceeded(await fakes.promote("v1.0.0", "staging"));
    assertSucceeded(await fakes.plan({ version: "v1.0.0", environment: "production" }));
    return fakes;
  }

  test.each<[string, string, (fakes: ReturnType<typeof createFakes>) => ReturnType<typeof playPromote>]>([
    ["another model in its inputs", "model-swapped", ({ apply }) => apply("production", { model: "fraud" })],
    ["another version in its inputs", "version-swapped", ({ apply }) => apply("production", { version: "v9.0.0" })],
    ["another environment in its inputs", "plan-for-other-environment", ({ apply }) => apply("staging")],
    ["no digest in its inputs", "plan-digest-differs", ({ apply }) => apply("production", { "plan-digest": "" })],
    [
      "a plan that has expired",
      "plan-expired",
      ({ state, apply }) => {
        state.now = "2026-06-18T12:00:01Z";
        return apply("production");
      },
    ],
  ])("apply is refused for an approved plan, and writes nothing: %s", async (_, code, attempt) => {
    const fakes = await planForProduction();
    const before = fakes.effects.length;
    const { exitCode, errorCodes, outputs } = await attempt(fakes);
    expect([exitCode > 0, errorCodes, outputs.result]).toEqual([true, [code], "error"]);
    expect(fakes.effects).toHaveLength(before);
  });

  test.each([
    ["a skipped environment", { version: "v1.0.0", environment: "production" }, "environment-skipped"],
    ["an unknown environment", { version: "v1.0.0", environment: "produktion" }, "environment-unknown"],
    ["an unknown version", { version: "v8.0.0", environment: "staging" }, "version-not-registered"],
  ])("plan is refused: %s", async (_, inputs, code) => {
    const fakes = createFakes();
    await fakes.register("v1.0.0");
    const { exitCode, errorCodes } = await fakes.plan(inputs);
    expect([exitCode > 0, errorCodes]).toEqual([true, [code]]);
  });

  test("a roll back needs a reason, and something to roll back to", async () => {
    const fakes = createFakes();
    for (const version of ["v1.0.0", "v1.1.0"]) {
      await fakes.register(version);
      assertSucceeded(await fakes.promote(version, "staging"));
    }
    const back = { environment: "staging", kind: "roll-back" };
    expect((await fakes.plan(back)).errorCodes).toEqual(["reason-missing"]);
    const { outputs } = await fakes.promote("", "staging", { ...back, reason: "Complaints" });
    expect(outputs).toMatchObject({ result: "rolled-back", version: "v1.0.0", tag: "visits#staging#3" });
    expect((await fakes.plan({ ...back, reason: "Complaints" })).errorCodes).toEqual(["nothing-to-roll-back-to"]);
  });
});

describe("on GitHub, one version after another, and back", () => {
  let fixture: PromotionFixture;
  beforeAll(async () => {
    fixture = await createFixture();
    await fixture.register("v1.0.0");
    await fixture.register("v1.1.0", { metrics: [{ name: "mae", slice: null, value: 1.5 }] });
  });
  afterAll(() => fixture.hub.close());

  test("staging needs no approval", async () => {
    const { outputs, summary } = await fixture.promote("v1.0.0", "staging");
    expect(outputs).toMatchObject({ result: "promoted", version: "v1.0.0", tag: "visits#staging#1" });
    expect(summary).toContain("### Promoted `visits` `v1.0.0` to `staging`");
    const ledger = await fixture.ledger();
    expect(ledger.map(({ type, seq }) => [type, seq])).toEqual([
      ["intent", 1],
      ["committed", 2],
    ]);
    expect(await fixture.tags()).toEqual(["visits#staging#1"]);
  });

  test("a plan writes nothing, and shows approvers what they approve", async () => {
    const run = await fixture.dispatch("production");
    const before = fixture.hub.journal.effects().length;
    const { outputs, summary } = await fixture.plan(run, { version: "v1.0.0", reason: "Measured well" });
    expect(fixture.hub.journal.effects()).toHaveLength(before);
    expect(outputs).toMatchObject({ result: "planned", tag: "visits#production#1", record: "" });
    const { "plan-digest": plan, "model-digest": model } = outputs;
    for (const text of ["v1.0.0", "production", plan, model, "mae", "Measured well"]) expect(summary).toContain(text);
  });

  test("production waits for the approval of another person", async () => {
    const run = await fixture.dispatch("production");
    assertSucceeded(await fixture.plan(run, { version: "v1.0.0" }));
    expect((await fixture.apply(run)).errorCodes).toEqual(["approvals-missing"]);
    await fixture.hub.as("bob").approve(run, "production", "checked");
    expect((await fixture.apply(run)).outputs.tag).toBe("visits#production#1");
    const [intent] = (await fixture.ledger()).filter(({ plan }) => plan?.to === "production");
    expect(intent.approvals).toMatchObject([{ login: "bob", comment: "checked" }]);
    const { body } = await fixture.hub.request("GET /repos/{owner}/{repo}/deployments", { task: "mlops:promote" });
    expect(body.map(({ environment }: { environment: string }) => environment)).toEqual(["production", "staging"]);
  });

  test("an environment may need the approval of two people", async () => {
    const run = await fixture.dispatch("vault");
    assertSucceeded(await fixture.plan(run, { version: "v1.0.0" }));
    await fixture.hub.as("bob").approve(run, "vault");
    expect((await fixture.apply(run)).errorCodes).toEqual(["approvals-missing"]);
    await fixture.hub.as("carol").approve(run, "vault");
    expect((await fixture.apply(run)).outputs.tag).toBe("visits#vault#1");
  });

  test("a roll back returns to the version before, in one dispatch", async () => {
    await fixture.promote("v1.1.0", "staging");
    await fixture.promote("v1.1.0", "production");
    const back = { kind: "roll-back", reason: "Complaints" };
    const { outputs, summary } = await fixture.promote("", "production", back);
    expect(summary).toContain("### Rolled back `visits` to `v1.0.0` in `production`");
    expect(outputs).toMatchObject({ result: "rolled-back", version: "v1.0.0", tag: "visits#production#3" });
    expect((await fixture.promote("v1.1.0", "production")).outputs.tag).toBe("visits#production#4");
  });

  test("apply in a re-run changes nothing", async () => {
    const run = await fixture.dispatch("production");
    assertSucceeded(await fixture.plan(run, { kind: "roll-back", reason: "Once more" }));
    await fixture.hub.as("bob").approve(run, "production");
    const first = await fixture.apply(run);
    const [entries, tags, deployments] = [
      await fixture.ledger(),
      await fixture.tags(),
      fixture.hub.repository.deployments.size,
    ];
    expect((await fixture.apply(run, {}, { attempt: 2 })).outputs).toEqual(first.outputs);
    expect([await fixture.ledger(), await fixture.tags(), fixture.hub.repository.deployments.size]).toEqual([
      entries,
      tags,
      deployments,
    ]);
  });
});
