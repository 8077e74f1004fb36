/** What a promotion to production, with an approval, costs of GitHub's rate limit. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { assertSucceeded, createFixture, type PromotionFixture } from "./testing.ts";

let fixture: PromotionFixture;
beforeAll(async () => {
  fixture = await createFixture();
  for (const version of ["v1.0.0", "v1.1.0"]) {
    await fixture.register(version);
    await fixture.promote(version, "staging");
  }
  await fixture.promote("v1.0.0", "production");
});
afterAll(() => fixture.hub.close());

/** The operations that a step asks of GitHub. */
async function count(step: () => Promise<Parameters<typeof assertSucceeded>[0]>): Promise<readonly string[]> {
  const before = fixture.hub.journal.requests().length;
  assertSucceeded(await step());
  return fixture.hub.journal
    .requests()
    .slice(before)
    .map(({ operation, path }) => operation ?? path);
}

test("plan, begin and commit of a version that replaces another one, approved with the plan's digits", async () => {
  const run = await fixture.dispatch("production");
  let challenge = "";
  const plan = await count(async () => {
    const planned = await fixture.plan(run, { version: "v1.1.0", challenge: "true" });
    challenge = planned.outputs.challenge ?? "";
    return planned;
  });
  await fixture.hub.as("bob").approve(run, "production", challenge);
  const begin = await count(() => fixture.begin(run));
  const commit = await count(() => fixture.commit(run));
  const costs = { plan, begin, commit };
  for (const [mode, operations] of Object.entries(costs))
    console.info(`${mode}: ${operations.length}\n  ${operations.join("\n  ")}`);
  expect(plan.length).toBeLessThanOrEqual(14);
  expect(begin.length).toBeLessThanOrEqual(18);
  expect(commit.length).toBeLessThanOrEqual(10);
});
