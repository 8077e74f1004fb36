/** Promotions as they should go: forward, with approvals, and back. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFixture, type PromotionFixture, rejectionCodes } from "./testing.ts";

let fixture: PromotionFixture;
beforeAll(async () => {
  fixture = await createFixture();
  await fixture.register("v1.0.0");
  await fixture.register("v1.1.0", { metrics: [{ name: "mae", slice: null, value: 1.5 }] });
});
afterAll(() => fixture.close());

describe("one version after another, and back", () => {
  test("staging asks nobody", async () => {
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

  test("a plan writes nothing, and tells approvers what they approve", async () => {
    const run = await fixture.dispatch("production");
    const before = fixture.hub.journal.effects().length;
    const { outputs, summary } = await fixture.plan(run, { version: "v1.0.0", reason: "Measured well" });
    expect(fixture.hub.journal.effects()).toHaveLength(before);
    expect(outputs).toMatchObject({ result: "planned", tag: "visits#production#1", record: "" });
    for (const told of [
      "v1.0.0",
      "production",
      outputs["plan-digest"],
      outputs["model-digest"],
      "mae",
      "Measured well",
    ]) {
      expect(summary).toContain(told);
    }
  });

  test("production waits for somebody else", async () => {
    const run = await fixture.dispatch("production");
    await fixture.plan(run, { version: "v1.0.0" });
    expect(await rejectionCodes(fixture.apply(run))).toEqual(["approvals-missing"]);
    await fixture.hub.as("bob").approve(run, "production", "checked");
    expect((await fixture.apply(run)).outputs.tag).toBe("visits#production#1");
    const [intent] = (await fixture.ledger()).filter(({ plan }) => plan.to === "production");
    expect(intent.approvals).toMatchObject([{ login: "bob", comment: "checked" }]);
    const { body } = await fixture.hub.request("GET /repos/{owner}/{repo}/deployments", { task: "mlops:promote" });
    expect(body.map(({ environment }: { environment: string }) => environment)).toEqual(["production", "staging"]);
  });

  test("an environment that asks two people gets two", async () => {
    const run = await fixture.dispatch("vault");
    await fixture.plan(run, { version: "v1.0.0" });
    await fixture.hub.as("bob").approve(run, "vault");
    expect(await rejectionCodes(fixture.apply(run))).toEqual(["approvals-missing"]);
    await fixture.hub.as("carol").approve(run, "vault");
    expect((await fixture.apply(run)).outputs.tag).toBe("visits#vault#1");
  });

  test("a roll back returns to what stood before, in one dispatch, with a reason", async () => {
    await fixture.promote("v1.1.0", "staging");
    await fixture.promote("v1.1.0", "production");
    const run = await fixture.dispatch("production");
    expect(await rejectionCodes(fixture.plan(run, { kind: "roll-back" }))).toEqual(["reason-missing"]);
    const back = { kind: "roll-back", reason: "Complaints" };
    const { outputs, summary } = await fixture.promote("", "production", back);
    expect(summary).toContain("### Rolled back `visits` to `v1.0.0` in `production`");
    expect(outputs).toMatchObject({ result: "rolled-back", version: "v1.0.0", tag: "visits#production#3" });
    const again = await fixture.dispatch("production");
    expect(await rejectionCodes(fixture.plan(again, back))).toEqual(["nothing-to-roll-back-to"]);
    expect((await fixture.promote("v1.1.0", "production")).outputs.tag).toBe("visits#production#4");
  });

  test("applying again does nothing more", async () => {
    const run = await fixture.dispatch("production");
    await fixture.plan(run, { kind: "roll-back", reason: "Once more" });
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
