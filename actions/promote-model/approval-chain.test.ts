/** Approvals of two environments, one after the other: somebody of each, different people, for the same plan. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { assertSucceeded, createFixture, type PromotionFixture, type PromotionRun } from "./testing.ts";

const POLICY = `version: 2
model: { name: visits, files: [model.json] }
environments:
  - { name: staging, approvals: 0 }
  - { name: production, needs: [staging], approvals: 2, approval-environments: [vault, Production] }
`;

let fixture: PromotionFixture;
let run: PromotionRun;
beforeEach(async () => {
  fixture = await createFixture({ policy: POLICY, model: "visits", reviewed: ["vault", "production"], version: 2 });
  await fixture.register("v1.0.0");
  await fixture.promote("v1.0.0", "staging");
  // The run waits for vault, then for production.
  run = await fixture.dispatch("production", "alice", { first: "vault" });
});
afterEach(() => fixture.hub.close());

const plan = async () => assertSucceeded(await fixture.plan(run, { version: "v1.0.0", challenge: "true" }));
const approve = (who: string, environment: string, comment = "") =>
  fixture.hub.as(who).approve(run, environment, comment);

test("two people are enough, and the ledger says who approved in which", async () => {
  const { outputs, summary } = await plan();
  expect(summary).toContain("2 people other than alice, reviewers of `vault`, `Production`, at least one of each");
  await approve("bob", "vault", outputs.challenge);
  expect((await fixture.begin(run)).errorCodes).toEqual(["approvals-missing"]);
  await approve("carol", "production", outputs.challenge);
  expect(assertSucceeded(await fixture.apply(run)).outputs.result).toBe("promoted");
  const intent = (await fixture.ledger()).find(({ type, plan: it }) => type === "intent" && it.to === "production");
  expect(intent.plan.approvalEnvironments).toEqual(["vault", "Production"]);
  expect(intent.approvals).toMatchObject([
    { login: "bob", by: "environment", environment: "vault" },
    { login: "carol", by: "environment", environment: "production" },
  ]);
});

test("one person in both is one person", async () => {
  const { outputs } = await plan();
  await approve("bob", "vault", outputs.challenge);
  await approve("bob", "production", outputs.challenge);
  const { exitCode, errorCodes, log } = await fixture.begin(run);
  expect([exitCode, errorCodes]).toEqual([2, ["approvals-missing"]]);
  expect(log).toContain("different people, and have 1");
});

test("an approval for another plan does not count in either", async () => {
  const { outputs } = await plan();
  await approve("bob", "vault", "00000000");
  await approve("carol", "production", outputs.challenge);
  expect((await fixture.begin(run)).errorCodes).toEqual(["approvals-missing", "approval-without-challenge"]);
});

test("an environment that asks nobody is refused before anybody is asked", async () => {
  await fixture.hub.request("DELETE /repos/{owner}/{repo}/environments/{environment_name}", {
    environment_name: "vault",
  });
  const { errorCodes } = await fixture.plan(run, { version: "v1.0.0" });
  expect(errorCodes).toEqual(["environment-missing"]);
});

test("reconciliation names one of them that asks nobody, or lets who asked approve", async () => {
  const protect = (name: string, reviewers: readonly { type: "User"; id: number }[]) =>
    fixture.hub.request("PUT /repos/{owner}/{repo}/environments/{environment_name}", {
      ...{ environment_name: name, reviewers: [...reviewers], prevent_self_review: reviewers.length > 0 },
    });
  const { body } = await fixture.hub.request("GET /users/{username}", { username: "bob" });
  const bob = { type: "User" as const, id: body.id };
  const before = await fixture.reconcile();
  expect(before.log).toContain("may approve it in the environment vault");
  await protect("vault", []);
  expect((await fixture.reconcile()).errorCodes).toEqual(["environment-without-reviewers"]);
  // One person in both cannot be two.
  await protect("vault", [bob]);
  await protect("production", [bob]);
  const { errorCodes, log } = await fixture.reconcile();
  expect(errorCodes).toEqual(["environment-with-too-few-reviewers"]);
  expect(log).not.toContain("environment-self-review");
});
