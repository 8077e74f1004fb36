/** Promotions as they should go: forward, with approvals, and back. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codesOf, type Stage, setStage } from "./testing.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await stage.register("v1.0.0");
  await stage.register("v1.1.0", { metrics: [{ name: "mae", slice: null, value: 1.5 }] });
});
afterAll(() => stage.close());

describe("one version after another, and back", () => {
  test("staging asks nobody", async () => {
    const { outputs, summary } = await stage.promote("v1.0.0", "staging");
    expect(outputs).toMatchObject({ result: "promoted", version: "v1.0.0", tag: "visits#staging#1" });
    expect(summary).toContain("### Promoted `visits` `v1.0.0` to `staging`");
    const ledger = await stage.ledger();
    expect(ledger.map(({ type, seq }) => [type, seq])).toEqual([
      ["intent", 1],
      ["committed", 2],
    ]);
    expect(await stage.tags()).toEqual(["visits#staging#1"]);
  });

  test("a plan writes nothing, and tells approvers what they approve", async () => {
    const run = await stage.dispatch("production");
    const before = stage.hub.journal.effects().length;
    const { outputs, summary } = await stage.plan(run, { version: "v1.0.0", reason: "Measured well" });
    expect(stage.hub.journal.effects()).toHaveLength(before);
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
    const run = await stage.dispatch("production");
    await stage.plan(run, { version: "v1.0.0" });
    expect(await codesOf(stage.apply(run))).toEqual(["approvals-missing"]);
    await stage.hub.as("bob").approve(run, "production", "checked");
    expect((await stage.apply(run)).outputs.tag).toBe("visits#production#1");
    const [intent] = (await stage.ledger()).filter(({ plan }) => plan.to === "production");
    expect(intent.approvals).toMatchObject([{ login: "bob", comment: "checked" }]);
    const { body } = await stage.hub.request("GET /repos/{owner}/{repo}/deployments", { task: "mlops:promote" });
    expect(body.map(({ environment }: { environment: string }) => environment)).toEqual(["production", "staging"]);
  });

  test("an environment that asks two people gets two", async () => {
    const run = await stage.dispatch("vault");
    await stage.plan(run, { version: "v1.0.0" });
    await stage.hub.as("bob").approve(run, "vault");
    expect(await codesOf(stage.apply(run))).toEqual(["approvals-missing"]);
    await stage.hub.as("carol").approve(run, "vault");
    expect((await stage.apply(run)).outputs.tag).toBe("visits#vault#1");
  });

  test("a roll back returns to what stood before, in one dispatch, with a reason", async () => {
    await stage.promote("v1.1.0", "staging");
    await stage.promote("v1.1.0", "production");
    const run = await stage.dispatch("production");
    expect(await codesOf(stage.plan(run, { kind: "roll-back" }))).toEqual(["reason-missing"]);
    const back = { kind: "roll-back", reason: "Complaints" };
    const { outputs, summary } = await stage.promote("", "production", back);
    expect(summary).toContain("### Rolled back `visits` to `v1.0.0` in `production`");
    expect(outputs).toMatchObject({ result: "rolled-back", version: "v1.0.0", tag: "visits#production#3" });
    const again = await stage.dispatch("production");
    expect(await codesOf(stage.plan(again, back))).toEqual(["nothing-to-roll-back-to"]);
    expect((await stage.promote("v1.1.0", "production")).outputs.tag).toBe("visits#production#4");
  });

  test("applying again does nothing more", async () => {
    const run = await stage.dispatch("production");
    await stage.plan(run, { kind: "roll-back", reason: "Once more" });
    await stage.hub.as("bob").approve(run, "production");
    const first = await stage.apply(run);
    const [entries, tags, deployments] = [
      await stage.ledger(),
      await stage.tags(),
      stage.hub.repository.deployments.size,
    ];
    expect((await stage.apply(run, {}, { attempt: 2 })).outputs).toEqual(first.outputs);
    expect([await stage.ledger(), await stage.tags(), stage.hub.repository.deployments.size]).toEqual([
      entries,
      tags,
      deployments,
    ]);
  });
});
