/** What was reproduced with real runs and promoted what it should not have, or left a ledger that nobody could use; and others of its kind. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { ledgerBranchName } from "../../shared/core/registry/ref-name.ts";
import { assertSucceeded, createFixture, type PromotionFixture } from "./testing.ts";

let fixture: PromotionFixture;
beforeEach(async () => {
  fixture = await createFixture();
  for (const version of ["v1.0.0", "v1.1.0"]) await fixture.register(version);
  await fixture.promote("v1.0.0", "staging");
  await fixture.promote("v1.1.0", "staging");
});
afterEach(() => fixture.hub.close());

/** A client that does something once, just before it sends the first request that matches. */
const createInterruptedClient =
  (matches: (method: string, url: string) => boolean, interrupt: () => Promise<unknown>): typeof createGitHub =>
  (options) => {
    let waits = true;
    const before =
      (send: typeof fetch): typeof fetch =>
      async (url, init) => {
        if (waits && matches(init?.method ?? "GET", String(url))) {
          waits = false;
          await interrupt();
        }
        return send(url, init);
      };
    return createGitHub({
      ...options,
      getOctokit: (token, { request, ...more }) =>
        options.getOctokit(token, { ...more, request: { fetch: before(request.fetch) } }),
    });
  };

async function approvedForProduction(version: string, plan: string) {
  const run = await fixture.dispatch("production");
  const { outputs } = assertSucceeded(await fixture.plan(run, { version, plan, challenge: "true" }));
  await fixture.hub.as("bob").approve(run, "production", outputs.challenge);
  return { run, inputs: { plan, "plan-digest": outputs["plan-digest"] } };
}

test("a roll back in staging between production's read and its intent: production is refused, and the ledger stays valid", async () => {
  const planned = await approvedForProduction("v1.1.0", "production.json");
  const createClient = createInterruptedClient(
    (method, url) => method === "PUT" && url.includes("/contents/"),
    () => fixture.promote("", "staging", { kind: "roll-back", reason: "harmful" }),
  );
  const refused = await fixture.applyPlanned(planned, { createClient });
  expect([refused.exitCode, refused.errorCodes]).toEqual([2, ["environment-skipped"]]);
  expect((await fixture.ledger()).filter(({ plan }) => plan?.to === "production")).toEqual([]);
  // Every environment goes on.
  await fixture.promote("v1.0.0", "production");
  await fixture.register("v1.2.0");
  await fixture.promote("v1.2.0", "staging");
});

test("two promoters in two environments at the same moment: both are in the ledger, once", async () => {
  await fixture.register("v1.2.0");
  const inProduction = await approvedForProduction("v1.1.0", "production.json");
  const inStaging = await fixture.planned("v1.2.0", await fixture.dispatch("staging"));
  const both = await Promise.all([fixture.applyPlanned(inProduction), fixture.applyPlanned(inStaging)]);
  expect(both.map(({ outputs }) => outputs.result)).toEqual(["promoted", "promoted"]);
  const entries = (await fixture.ledger()).slice(4);
  expect(entries.map(({ type }) => type).sort()).toEqual(["committed", "committed", "intent", "intent"]);
  expect(new Set(entries.map(({ seq }) => seq)).size).toBe(4);
});

test("a roll back waits for no promotion that waits for its approval, and makes that one stale", async () => {
  for (const version of ["v1.0.0", "v1.1.0"])
    assertSucceeded(await fixture.applyPlanned(await approvedForProduction(version, `${version}.json`)));
  await fixture.register("v1.2.0");
  await fixture.promote("v1.2.0", "staging");
  const waiting = await fixture.dispatch("production");
  const { outputs } = assertSucceeded(
    await fixture.plan(waiting, { version: "v1.2.0", challenge: "true", plan: "waiting.json" }),
  );
  const back = await fixture.dispatch("production", "bob");
  const urgent = assertSucceeded(
    await fixture.plan(back, { kind: "roll-back", reason: "harmful", challenge: "true", plan: "back.json" }),
  );
  await fixture.hub.as("carol").approve(back, "production", urgent.outputs.challenge);
  const digest = { plan: "back.json", "plan-digest": urgent.outputs["plan-digest"] };
  expect(assertSucceeded(await fixture.apply(back, digest)).outputs.result).toBe("rolled-back");
  await fixture.hub.as("carol").approve(waiting, "production", outputs.challenge);
  const late = await fixture.apply(waiting, { plan: "waiting.json", "plan-digest": outputs["plan-digest"] });
  expect([late.exitCode, late.errorCodes]).toEqual([2, ["base-moved"]]);
});

test("the clock is GitHub's: a plan expires by it, whatever the runner's clock says", async () => {
  // This process's clock, as a runner's, is now a month behind.
  fixture.hub.clock.advance(30 * 86_400_000);
  const { run, inputs } = await approvedForProduction("v1.1.0", "plan.json");
  const plan = JSON.parse(readFileSync(join(fixture.workspace, inputs.plan), "utf8"));
  expect(Date.parse(plan.createdAt) - Date.now()).toBeGreaterThan(29 * 86_400_000);
  fixture.hub.clock.advance(73 * 3_600_000);
  expect((await fixture.apply(run, inputs)).errorCodes).toEqual(["plan-expired"]);
});

test("a version, a branch and a tag with the names of each other confuse nobody", async () => {
  const main = (await fixture.hub.repository.git.resolve("refs/heads/main")) ?? "";
  for (const ref of [
    "refs/heads/visits@v1.1.0",
    "refs/heads/visits#staging#9",
    `refs/tags/${ledgerBranchName("visits")}`,
  ])
    await fixture.hub.repository.git.createRef(ref, main);
  await fixture.register("v1.4.0");
  expect((await fixture.promote("v1.4.0", "staging")).outputs.tag).toBe("visits#staging#3");
});
