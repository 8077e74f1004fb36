/** Everybody who tries to get a version where nobody agreed to have it, and the code each is refused with. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { clientOf } from "../../shared/adapters/github/testing.ts";
import { writeTagMessage } from "../../shared/core/registry/tag-message.ts";
import type { PromotionPlan } from "../../shared/records/promotion-record.ts";
import { codesOf, POLICY, type Run, type Stage, setStage } from "./testing.ts";

let stage: Stage;
/** Waits for production, and nobody approves it. */
let asked: Run;
beforeAll(async () => {
  stage = await setStage();
  await stage.register("v1.0.0");
  await stage.promote("v1.0.0", "staging");
  asked = await stage.dispatch("production");
});
afterAll(() => stage.close());

const REF = "/repos/{owner}/{repo}/git/refs/{ref}";
/** Refused with this code, and nothing was written anywhere. */
const refuses = async (attempt: () => Promise<unknown>, code: string): Promise<void> => {
  const before = stage.hub.journal.effects().length;
  expect(await codesOf(attempt())).toContain(code);
  expect(stage.hub.journal.effects()).toHaveLength(before);
};

/** A run with a plan, approved by these people. */
async function approved(by: readonly string[], inputs: Readonly<Record<string, string>> = {}): Promise<Run> {
  const run = await stage.dispatch("production");
  await stage.plan(run, { version: "v1.0.0", ...inputs });
  for (const who of by) await stage.hub.as(who).approve(run, "production");
  return run;
}

/** Refused to apply, with a plan that these people have approved. */
async function refusesOf(by: readonly string[], inputs: Readonly<Record<string, string>>, code: string): Promise<void> {
  const run = await approved(by);
  await refuses(() => stage.apply(run, inputs), code);
}

describe("who approves", () => {
  test("nobody", async () => {
    await stage.plan(asked, { version: "v1.0.0" });
    await refuses(() => stage.apply(asked), "approvals-missing");
  });

  test("the requester", () => refusesOf(["alice"], {}, "approval-by-requester"));

  test("a bot, a person for another environment, somebody who rejected", async () => {
    const run = await approved([]);
    const account = stage.hub.world.accounts.get("bob");
    if (account === undefined) throw new Error("bob is gone");
    const approve = (approval: Partial<Run["approvals"][number]>): void =>
      void run.approvals.splice(0, 9, {
        state: "approved",
        comment: "",
        user: account,
        environments: ["production"],
        ...approval,
      });
    approve({ user: { ...account, id: account.id + 1, kind: "Bot" } });
    await refuses(() => stage.apply(run), "approval-by-bot");
    approve({ environments: ["vault"] });
    await refuses(() => stage.apply(run), "approval-for-other-environment");
    approve({ state: "rejected" });
    await refuses(() => stage.apply(run), "approval-rejected");
  });

  test("somebody in another run", async () => {
    await approved(["bob"]);
    const run = await stage.dispatch("production");
    await stage.plan(run, { version: "v1.0.0" });
    await refuses(() => stage.apply(run), "approvals-missing");
  });

  test("somebody in an earlier attempt, whose approval GitHub still lists", async () => {
    const run = await approved(["bob"]);
    await refuses(() => stage.apply(run, {}, { attempt: 2 }), "plan-of-other-attempt");
    await refuses(() => stage.plan(run, { version: "v1.0.0" }, { attempt: 2 }), "approval-of-unknown-attempt");
    await stage.plan(run, { version: "v1.0.0", challenge: "true" }, { attempt: 2 });
    await refuses(() => stage.apply(run, {}, { attempt: 2 }), "approval-without-challenge");
  });

  test("somebody who did not type this plan's digits, or another plan's", async () => {
    const run = await stage.dispatch("production");
    await stage.plan(run, { version: "v1.0.0", challenge: "true" });
    await stage.hub.as("bob").approve(run, "production", "lgtm 00000000");
    await refuses(() => stage.apply(run), "approval-without-challenge");
  });

  test("nobody could: the environment has no reviewers, too few, or is not there", async () => {
    const { environments } = stage.hub.repository;
    const production = environments.get("production");
    if (production === undefined) throw new Error("no such environment");
    const reviewers = production.reviewers;
    production.reviewers = [];
    await refuses(() => stage.plan(asked, { version: "v1.0.0" }), "environment-without-reviewers");
    production.reviewers = reviewers.filter((reviewer) => "login" in reviewer && reviewer.login === "alice");
    await refuses(() => stage.plan(asked, { version: "v1.0.0" }), "environment-with-too-few-reviewers");
    environments.delete("production");
    await refuses(() => stage.plan(asked, { version: "v1.0.0" }), "environment-missing");
    environments.set("production", production);
    production.reviewers = reviewers;
    // Taken away after the plan.
    const run = await approved(["bob"]);
    production.reviewers = [];
    await refuses(() => stage.apply(run), "environment-without-reviewers");
    production.reviewers = reviewers;
  });
});

describe("what is approved", () => {
  const tampered = async (change: (plan: PromotionPlan) => Partial<PromotionPlan>, code: string): Promise<void> => {
    const run = await approved(["bob"]);
    await refuses(() => stage.apply(run, {}, { tamper: (plan) => ({ ...plan, ...change(plan) }) }), code);
  };

  test("another version in the plan file", () =>
    tampered(({ target }) => ({ target: { ...target, version: "v9.0.0" } }), "plan-digest-differs"));
  test("fewer approvals in the plan file", () => tampered(() => ({ approvals: 0 }), "plan-digest-differs"));
  test("another version in the inputs of apply", async () => {
    await refusesOf(["bob"], { version: "v9.0.0" }, "version-swapped");
  });
  test("another environment in the inputs of apply", async () => {
    await refusesOf(["bob"], { environment: "staging" }, "plan-for-other-environment");
  });
  test("no digest handed over", async () => {
    await refusesOf(["bob"], { "plan-digest": "" }, "plan-digest-differs");
  });

  test("a plan and its digest from an earlier run, replayed", async () => {
    await approved(["bob"]);
    await refuses(() => stage.apply(asked), "plan-of-other-run");
  });

  test("a plan that has expired", async () => {
    const run = await approved(["bob"], { "valid-for": "1h" });
    stage.hub.clock.advance(3_600_001);
    await refuses(() => stage.apply(run), "plan-expired");
  });

  test("a version whose tag was moved between plan and apply", async () => {
    const run = await approved(["bob"]);
    const { body: ref } = await stage.hub.request("GET /repos/{owner}/{repo}/git/ref/{ref}", {
      ref: "tags/visits@v1.0.0",
    });
    await stage.hub.request(`DELETE ${REF}`, { ref: "tags/visits@v1.0.0" });
    await stage.register("v1.0.0", { trainingRecordDigest: digestOf("another training") });
    await refuses(() => stage.apply(run), "version-swapped");
    await stage.hub.request(`DELETE ${REF}`, { ref: "tags/visits@v1.0.0" });
    await stage.register("v1.0.0", { modelDigest: digestOf("other bytes") });
    await refuses(() => stage.apply(run), "environment-skipped");
    await stage.hub.request(`PATCH ${REF}`, { ref: "tags/visits@v1.0.0", sha: ref.object.sha, force: true });
  });

  test("a version tag whose record is about another version, or that carries none", async () => {
    const { body } = await stage.hub.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: "tags/visits@v1.0.0" });
    const sha: string = body.object.sha;
    await stage.hub.request("POST /repos/{owner}/{repo}/git/refs", { ref: "refs/tags/visits@v7.0.0", sha });
    await refuses(() => stage.plan(asked, { version: "v7.0.0" }), "version-tag-forged");
    const main = (await stage.hub.repository.git.ref("refs/heads/main"))?.sha ?? "";
    await stage.hub.request("POST /repos/{owner}/{repo}/git/refs", { ref: "refs/tags/visits@v7.0.1", sha: main });
    await refuses(() => stage.plan(asked, { version: "v7.0.1" }), "tag-not-annotated");
    await refuses(() => stage.plan(asked, { version: "v8.0.0" }), "version-not-registered");
  });
});

describe("by which rules", () => {
  test("a skipped environment", async () => {
    await stage.register("v2.0.0");
    await refuses(() => stage.plan(asked, { version: "v2.0.0" }), "environment-skipped");
  });

  test("a run on a branch with a workflow of its own", async () => {
    const change = { branch: "mine", files: { ".github/mlops.yml": POLICY.replace("approvals: 1", "approvals: 0") } };
    await stage.hub.as("alice").push(change);
    const run = await stage.hub.as("alice").run("promote.yml", { ref: "mine", inputs: { environment: "production" } });
    const given = { version: "v1.0.0", environment: "production" };
    await refuses(() => stage.plan(run, given, { ref: "refs/heads/mine" }), "promotion-off-default-branch");
  });

  test("a policy that is loosened on a branch counts nowhere, and one that is changed on main after the plan stops it", async () => {
    const run = await approved(["bob"]);
    await stage.hub.push({ files: { ".github/mlops.yml": POLICY.replace("approvals: 1", "approvals: 0") } });
    await refuses(() => stage.apply(run), "policy-changed");
    await stage.hub.push({ files: { ".github/mlops.yml": POLICY } });
  });

  test("an unknown environment", async () =>
    refuses(() => stage.plan(asked, { version: "v1.0.0", environment: "produktion" }), "environment-unknown"));
});

describe("what is remembered", () => {
  const head = async (): Promise<string> =>
    (await stage.hub.repository.git.ref("refs/heads/mlops-ledger/visits"))?.sha ?? "";
  const move = (sha: string): Promise<unknown> =>
    stage.hub.request(`PATCH ${REF}`, { ref: "heads/mlops-ledger/visits", sha, force: true });

  async function rewrite(change: (text: string) => string): Promise<void> {
    const { body } = await stage.hub.request("GET /repos/{owner}/{repo}/contents/{path}", {
      path: "ledger.jsonl",
      ref: "mlops-ledger/visits",
    });
    const text = Buffer.from(body.content, "base64").toString();
    await stage.hub.push({ branch: "mlops-ledger/visits", files: { "ledger.jsonl": change(text) } });
  }

  test.each([
    [
      "without its commit, which the tag tells all the same",
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
    ["half a line long", (text: string) => text.slice(0, -5), "ledger-broken"],
  ])("a ledger %s", async (_, change, code) => {
    const before = await head();
    await rewrite(change);
    try {
      await refuses(() => stage.plan(asked, { version: "v1.0.0", environment: "staging" }), code);
    } finally {
      await move(before);
    }
  });

  test("a ledger that is gone", async () => {
    const before = await head();
    await stage.hub.request(`DELETE ${REF}`, { ref: "heads/mlops-ledger/visits" });
    expect(await codesOf(stage.plan(asked, { version: "v1.0.0" }))).toEqual(["assignment-not-in-ledger"]);
    await stage.hub.request("POST /repos/{owner}/{repo}/git/refs", {
      ref: "refs/heads/mlops-ledger/visits",
      sha: before,
    });
  });

  test("an assignment made by hand, deleted, or moved", async () => {
    const commit = (await stage.hub.repository.git.ref("refs/heads/main"))?.sha ?? "";
    const owner = clientOf(stage.hub);
    await owner.create({
      send: {
        route: "POST /repos/{owner}/{repo}/git/refs",
        params: { ref: "refs/tags/visits#production#9", sha: commit },
      },
      find: async () => undefined,
    });
    await refuses(() => stage.plan(asked, { version: "v1.0.0" }), "assignment-not-in-ledger");
    await owner.write(`DELETE ${REF}`, { ref: "tags/visits#production#9" });

    const name = "visits#staging#1";
    const { body } = await stage.hub.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: `tags/${name}` });
    await owner.write(`DELETE ${REF}`, { ref: `tags/${name}` });
    await refuses(() => stage.plan(asked, { version: "v1.0.0" }), "assignment-tag-missing");
    await stage.registry.create({ name, commit, message: writeTagMessage("Mine", {}), at: "2026-01-01T00:00:00Z" });
    await refuses(() => stage.plan(asked, { version: "v1.0.0" }), "assignment-tag-moved");
    await owner.write(`PATCH ${REF}`, { ref: `tags/${name}`, sha: body.object.sha, force: true });
    expect(await codesOf(stage.plan(asked, { version: "v1.0.0" }))).toEqual([]);
  });
});
