/** Attempts to promote what nobody has approved, and the code that each is refused with. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import type { PromotionPlan } from "../../shared/records/promotion-plan.ts";
import { assertSucceeded, createFixture, POLICY, type PromotionFixture, type PromotionRun } from "./testing.ts";

let fixture: PromotionFixture;
/** Waits for production, and nobody approves it. */
let waiting: PromotionRun;
beforeAll(async () => {
  fixture = await createFixture();
  await fixture.register("v1.0.0");
  await fixture.promote("v1.0.0", "staging");
  waiting = await fixture.dispatch("production");
});
afterAll(() => fixture.hub.close());

const REF = "/repos/{owner}/{repo}/git/refs/{ref}";
const V1 = { version: "v1.0.0" };

/** Refused with this code, and nothing was written anywhere. */
async function expectRefused(attempt: ReturnType<PromotionFixture["plan"]>, code: string) {
  const before = fixture.hub.journal.effects().length;
  const played = await attempt;
  const { exitCode, errorCodes, outputs } = played;
  expect(errorCodes).toContain(code);
  expect([exitCode > 0, outputs.result]).toEqual([true, "error"]);
  expect(fixture.hub.journal.effects()).toHaveLength(before);
  return played;
}

/** A run with a plan, approved by these people. */
async function planAndApprove(by: readonly string[]): Promise<PromotionRun> {
  const run = await fixture.dispatch("production");
  assertSucceeded(await fixture.plan(run, V1));
  for (const who of by) await fixture.hub.as(who).approve(run, "production");
  return run;
}

describe("approvals by", () => {
  test("nobody", async () => {
    assertSucceeded(await fixture.plan(waiting, V1));
    await expectRefused(fixture.apply(waiting), "approvals-missing");
  });

  test("the requester", async () => {
    await expectRefused(fixture.apply(await planAndApprove(["alice"])), "approval-by-requester");
  });

  test("a bot, a person for another environment, a person who rejected", async () => {
    const run = await planAndApprove([]);
    const account = fixture.hub.world.accounts.get("bob");
    if (account === undefined) throw new Error("there is no bob");
    const approve = (approval: Partial<PromotionRun["approvals"][number]>): void =>
      void run.approvals.splice(0, 9, {
        state: "approved",
        comment: "",
        user: account,
        environments: ["production"],
        ...approval,
      });
    approve({ user: { ...account, id: account.id + 1, kind: "Bot" } });
    await expectRefused(fixture.apply(run), "approval-by-bot");
    approve({ environments: ["vault"] });
    await expectRefused(fixture.apply(run), "approval-for-other-environment");
    approve({ state: "rejected" });
    await expectRefused(fixture.apply(run), "approval-rejected");
  });

  test("a person in another run", async () => {
    await planAndApprove(["bob"]);
    const run = await fixture.dispatch("production");
    assertSucceeded(await fixture.plan(run, V1));
    await expectRefused(fixture.apply(run), "approvals-missing");
  });

  test("a person in an earlier attempt, which GitHub still lists", async () => {
    const run = await planAndApprove(["bob"]);
    await expectRefused(fixture.apply(run, {}, { attempt: 2 }), "plan-of-other-attempt");
    await expectRefused(fixture.plan(run, V1, { attempt: 2 }), "approval-of-unknown-attempt");
    assertSucceeded(await fixture.plan(run, { ...V1, challenge: "true" }, { attempt: 2 }));
    await expectRefused(fixture.apply(run, {}, { attempt: 2 }), "approval-without-challenge");
  });

  test("a person whose comment does not contain this plan's digits", async () => {
    const run = await fixture.dispatch("production");
    assertSucceeded(await fixture.plan(run, { ...V1, challenge: "true" }));
    await fixture.hub.as("bob").approve(run, "production", "lgtm 00000000");
    await expectRefused(fixture.apply(run), "approval-without-challenge");
  });

  test("nobody, because the environment has no reviewers, too few, or does not exist", async () => {
    const { environments } = fixture.hub.repository;
    const production = environments.get("production");
    if (production === undefined) throw new Error("no such environment");
    const reviewers = production.reviewers;
    production.reviewers = [];
    await expectRefused(fixture.plan(waiting, V1), "environment-without-reviewers");
    production.reviewers = reviewers.filter((reviewer) => "login" in reviewer && reviewer.login === "alice");
    await expectRefused(fixture.plan(waiting, V1), "environment-with-too-few-reviewers");
    environments.delete("production");
    await expectRefused(fixture.plan(waiting, V1), "environment-missing");
    environments.set("production", production);
    production.reviewers = reviewers;
    // Removed after the plan.
    const run = await planAndApprove(["bob"]);
    production.reviewers = [];
    await expectRefused(fixture.apply(run), "environment-without-reviewers");
    production.reviewers = reviewers;
  });
});

describe("a reviewer", () => {
  test("who was removed after the approval", async () => {
    const production = fixture.hub.repository.environments.get("production");
    if (production === undefined) throw new Error("no such environment");
    const { reviewers } = production;
    const run = await planAndApprove(["bob"]);
    production.reviewers = reviewers.filter((reviewer) => !("login" in reviewer && reviewer.login === "bob"));
    await expectRefused(fixture.apply(run), "approval-by-other");
    production.reviewers = reviewers;
  });
});

describe("a plan that was carried out before", () => {
  let world: PromotionFixture;
  beforeAll(async () => {
    world = await createFixture();
    await world.register("v1.0.0");
    await world.register("v1.1.0");
  });
  afterAll(() => world.hub.close());

  /** Nothing is written, and nothing says promoted. */
  async function expectSuperseded(attempt: ReturnType<PromotionFixture["apply"]>): Promise<void> {
    const before = world.hub.journal.effects().length;
    const { exitCode, errorCodes, outputs } = await attempt;
    expect([exitCode, errorCodes, outputs.result]).toEqual([2, ["promotion-superseded"], "error"]);
    expect(world.hub.journal.effects()).toHaveLength(before);
  }

  test("does nothing again while it is current, and is refused once it is not", async () => {
    const old = await world.planned("v1.0.0", await world.dispatch("staging"));
    assertSucceeded(await world.applyPlanned(old));
    const again = assertSucceeded(await world.applyPlanned(old, { attempt: 2 }));
    expect(again.outputs.result).toBe("promoted");
    expect(again.log).toContain("was carried out before");
    expect((await world.ledger()).length).toBe(2);

    const newer = await world.planned("v1.1.0", await world.dispatch("staging"));
    assertSucceeded(await world.applyPlanned(newer));
    await expectSuperseded(world.applyPlanned(old, { attempt: 2 }));

    // Rolled back as harmful.
    await world.promote("", "staging", { kind: "roll-back", reason: "harmful" });
    await expectSuperseded(world.applyPlanned(newer, { attempt: 2 }));
    world.hub.clock.advance(30 * 86_400_000);
    await expectSuperseded(world.applyPlanned(newer, { attempt: 3 }));
  });
});

describe("the plan and its version", () => {
  const expectTamperedRefused = async (
    change: (plan: PromotionPlan) => Partial<PromotionPlan>,
    code: string,
  ): Promise<void> => {
    const run = await planAndApprove(["bob"]);
    await expectRefused(fixture.apply(run, {}, { tamper: (plan) => ({ ...plan, ...change(plan) }) }), code);
  };

  test("another version in the plan file", () =>
    expectTamperedRefused(({ target }) => ({ target: { ...target, version: "v9.0.0" } }), "plan-digest-differs"));
  test("fewer approvals in the plan file", () =>
    expectTamperedRefused(() => ({ approvals: 0 }), "plan-digest-differs"));
  test("a plan and its digest from another run", async () => {
    await planAndApprove(["bob"]);
    await expectRefused(fixture.apply(waiting), "plan-of-other-run");
  });

  test("a version whose tag was moved between plan and apply", async () => {
    const run = await planAndApprove(["bob"]);
    const { body: ref } = await fixture.hub.request("GET /repos/{owner}/{repo}/git/ref/{ref}", {
      ref: "tags/visits@v1.0.0",
    });
    await fixture.hub.request(`DELETE ${REF}`, { ref: "tags/visits@v1.0.0" });
    await fixture.register("v1.0.0", { trainingRecordDigest: digestOf("another training") });
    await expectRefused(fixture.apply(run), "version-swapped");
    await fixture.hub.request(`DELETE ${REF}`, { ref: "tags/visits@v1.0.0" });
    await fixture.register("v1.0.0", { modelDigest: digestOf("other bytes") });
    await expectRefused(fixture.apply(run), "environment-skipped");
    await fixture.hub.request(`PATCH ${REF}`, { ref: "tags/visits@v1.0.0", sha: ref.object.sha, force: true });
  });

  test("a version tag whose record is about another version, or that has no record", async () => {
    const { body } = await fixture.hub.request("GET /repos/{owner}/{repo}/git/ref/{ref}", {
      ref: "tags/visits@v1.0.0",
    });
    const sha: string = body.object.sha;
    await fixture.hub.request("POST /repos/{owner}/{repo}/git/refs", { ref: "refs/tags/visits@v7.0.0", sha });
    await expectRefused(fixture.plan(waiting, { version: "v7.0.0" }), "version-tag-forged");
    const main = (await fixture.hub.repository.git.resolve("refs/heads/main")) ?? "";
    await fixture.hub.request("POST /repos/{owner}/{repo}/git/refs", { ref: "refs/tags/visits@v7.0.1", sha: main });
    const played = await expectRefused(fixture.plan(waiting, { version: "v7.0.1" }), "version-not-registered");
    expect(played.log).toContain("the tag visits@v7.0.1 is a lightweight tag");
  });
});

describe("the rules", () => {
  test("a run on a branch, whose workflow nobody has reviewed", async () => {
    const change = { branch: "mine", files: { ".github/mlops.yml": POLICY.replace("approvals: 1", "approvals: 0") } };
    await fixture.hub.as("alice").push(change);
    const run = await fixture.hub
      .as("alice")
      .run("promote.yml", { ref: "mine", inputs: { environment: "production" } });
    const inputs = { ...V1, environment: "production" };
    await expectRefused(fixture.plan(run, inputs, { ref: "refs/heads/mine" }), "promotion-off-default-branch");
  });

  test("a run on a tag that has the name of the default branch", async () => {
    await expectRefused(fixture.plan(waiting, V1, { ref: "refs/tags/main" }), "promotion-off-default-branch");
  });

  test("a policy that was changed on the default branch after the plan", async () => {
    const run = await planAndApprove(["bob"]);
    await fixture.hub.push({ files: { ".github/mlops.yml": POLICY.replace("approvals: 1", "approvals: 0") } });
    await expectRefused(fixture.apply(run), "policy-changed");
    await fixture.hub.push({ files: { ".github/mlops.yml": POLICY } });
  });
});

describe("the ledger and its tags", () => {
  // Later than any request of an ended run can take effect.
  beforeAll(() => fixture.hub.clock.advance(5 * 60_000));

  const head = async (): Promise<string> =>
    (await fixture.hub.repository.git.resolve("refs/heads/mlops-ledger/visits")) ?? "";
  const move = (sha: string): Promise<unknown> =>
    fixture.hub.request(`PATCH ${REF}`, { ref: "heads/mlops-ledger/visits", sha, force: true });

  async function rewrite(change: (text: string) => string): Promise<void> {
    const { body } = await fixture.hub.request("GET /repos/{owner}/{repo}/contents/{path}", {
      path: "ledger.jsonl",
      ref: "mlops-ledger/visits",
    });
    const text = Buffer.from(body.content, "base64").toString();
    await fixture.hub.push({ branch: "mlops-ledger/visits", files: { "ledger.jsonl": change(text) } });
  }

  test.each([
    [
      "without its last commit, which a tag proves",
      (text: string) => text.slice(0, text.indexOf("\n") + 1),
      "version-already-there",
    ],
    ["emptied", () => "", "assignment-not-in-ledger"],
    ["with a changed number", (text: string) => text.replace('"seq":2', '"seq":3'), "ledger-broken"],
    [
      "with other approvers",
      (text: string) => text.replace('"approvals":[]', '"approvals":[{"login":"eve","id":1,"comment":""}]'),
      "ledger-broken",
    ],
    ["with its last entry twice", (text: string) => text + text.split("\n").at(-2), "ledger-broken"],
    ["with a cut last line", (text: string) => text.slice(0, -5), "ledger-broken"],
  ])("a ledger %s", async (_, change, code) => {
    const before = await head();
    await rewrite(change);
    try {
      await expectRefused(fixture.plan(waiting, { ...V1, environment: "staging" }), code);
    } finally {
      await move(before);
    }
  });

  test("a ledger that was deleted", async () => {
    const before = await head();
    await fixture.hub.request(`DELETE ${REF}`, { ref: "heads/mlops-ledger/visits" });
    expect((await fixture.plan(waiting, V1)).errorCodes).toEqual(["assignment-not-in-ledger"]);
    await fixture.hub.request("POST /repos/{owner}/{repo}/git/refs", {
      ref: "refs/heads/mlops-ledger/visits",
      sha: before,
    });
  });

  test.each(["visits#production#9", "visits@v999.0.0", "visits@v1.0.0!"])("no lightweight tag %s", async (name) => {
    const commit = (await fixture.hub.repository.git.resolve("refs/heads/main")) ?? "";
    const { rest, repository } = createTestClient(fixture.hub);
    await rest.git.createRef({ ...repository, ref: `refs/tags/${name}`, sha: commit });
    const played = await fixture.plan(waiting, V1);
    await rest.git.deleteRef({ ...repository, ref: `tags/${name}` });
    expect([played.exitCode, played.log]).toEqual([0, expect.stringContaining(`the tag ${name} is a lightweight tag`)]);
  });

  test("an assignment tag that was created by hand, deleted, or moved", async () => {
    const commit = (await fixture.hub.repository.git.resolve("refs/heads/main")) ?? "";
    const { rest, repository } = createTestClient(fixture.hub);
    const byHand = "visits#production#9";
    await fixture.registry.create({ name: byHand, commit, message: "Mine", at: "2026-01-01T00:00:00Z" });
    await expectRefused(fixture.plan(waiting, V1), "assignment-not-in-ledger");
    await rest.git.deleteRef({ ...repository, ref: `tags/${byHand}` });

    const name = "visits#staging#1";
    const { body } = await fixture.hub.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: `tags/${name}` });
    await rest.git.deleteRef({ ...repository, ref: `tags/${name}` });
    await expectRefused(fixture.plan(waiting, V1), "assignment-tag-missing");
    await fixture.registry.create({ name, commit, message: "Mine", at: "2026-01-01T00:00:00Z" });
    await expectRefused(fixture.plan(waiting, V1), "assignment-tag-moved");
    await rest.git.updateRef({ ...repository, ref: `tags/${name}`, sha: body.object.sha, force: true });
    expect((await fixture.plan(waiting, V1)).exitCode).toBe(0);
  });
});
