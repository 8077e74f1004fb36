/** Names as GitHub allows them, under version 2 of the policy: planned, approved, applied and rolled back. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assertSucceeded, createFixture, type PromotionFixture } from "./testing.ts";

const policyOf = (model: string) => `version: 2
model: { name: "${model}", files: [model.json] }
environments:
  - { name: Staging, approvals: 0 }
  - { name: prod_eu, needs: [staging], approvals: 1 }
  - { name: production/eu, needs: [Staging, PROD_EU], approvals: 1 }
`;

describe.for([
  ["fraud_detector", "fraud_detector"],
  ["BERT-base", "BERT-base"],
  ["bert.base v2/α", "bert=2Ebase=20v2=2F=CE=B1"],
])("the model %s", ([model = "", escaped = ""]) => {
  let fixture: PromotionFixture;
  beforeAll(async () => {
    const reviewed = ["prod_eu", "production/eu"];
    fixture = await createFixture({ policy: policyOf(model), model, reviewed, version: 2 });
    for (const version of ["v1.0.0", "v1.1.0"]) await fixture.register(version);
  });
  afterAll(() => fixture.hub.close());

  test("reaches each environment after all that it needs, whatever the case in which they are named", async () => {
    const run = await fixture.dispatch("production/eu");
    const { errorCodes } = await fixture.plan(run, { version: "v1.0.0" });
    expect(errorCodes).toEqual(["environment-skipped", "environment-skipped"]);

    const staged = await fixture.promote("v1.0.0", "staging");
    expect(staged.outputs).toMatchObject({ result: "promoted", tag: `${escaped}#Staging#1` });
    expect((await fixture.promote("v1.0.0", "prod_eu")).outputs.tag).toBe(`${escaped}#prod_eu#1`);

    const waiting = await fixture.dispatch("production/eu");
    const planned = assertSucceeded(await fixture.plan(waiting, { version: "v1.0.0" }));
    expect(planned.outputs.tag).toBe(`${escaped}#production=2Feu#1`);
    for (const name of ["production/eu", "Staging", "PROD_EU"]) expect(planned.summary).toContain(name);
    expect((await fixture.apply(waiting)).errorCodes).toEqual(["approvals-missing"]);
    await fixture.hub.as("bob").approve(waiting, "production/eu");
    expect((await fixture.apply(waiting)).outputs).toMatchObject({
      result: "promoted",
      tag: `${escaped}#production=2Feu#1`,
    });
  });

  test("is rolled back in one of them", async () => {
    for (const environment of ["Staging", "prod_eu", "production/eu"]) {
      await fixture.promote("v1.1.0", environment);
    }
    const back = { kind: "roll-back", reason: "Complaints" };
    const { outputs } = await fixture.promote("", "production/eu", back);
    expect(outputs).toMatchObject({
      result: "rolled-back",
      version: "v1.0.0",
      tag: `${escaped}#production=2Feu#3`,
    });
    expect(await fixture.tags()).toHaveLength(7);
  });

  test("has the names as the policy writes them in its ledger and deployments", async () => {
    const plans = (await fixture.ledger()).flatMap(({ plan }) => (plan === undefined ? [] : [plan]));
    expect(new Set(plans.map((plan) => plan.model))).toEqual(new Set([model]));
    expect(new Set(plans.map(({ to }) => to))).toEqual(new Set(["Staging", "prod_eu", "production/eu"]));
    expect(await fixture.hub.repository.git.ref(`refs/heads/mlops-ledger/${escaped}`)).toBeDefined();
    const { body } = await fixture.hub.request("GET /repos/{owner}/{repo}/deployments", { task: "mlops:promote" });
    const deployed = body.map(({ environment }: { readonly environment: string }) => environment);
    expect(new Set(deployed)).toEqual(new Set(["Staging", "prod_eu", "production/eu"]));
  });

  test("is judged as if a tag in an odd spelling were not there, and it is named", async () => {
    const head = (await fixture.hub.repository.git.resolve("refs/heads/main")) ?? "";
    const odd = `refs/tags/${escaped}#production=2feu#9`;
    await fixture.hub.repository.git.createRef(odd, head);
    const played = await fixture.plan(await fixture.dispatch("Staging"), { version: "v1.1.0" });
    expect(played.errorCodes).toEqual(["version-already-there"]);
    expect(played.log).toContain("It was created by hand and has no effect: delete it. [assignment-tag-odd]");
    expect(played.log).toContain(`${escaped}#production=2feu#9`);
  });
});

test("a name that git cannot hold is refused before anything is written", async () => {
  const long = "e".repeat(131);
  const policy = `version: 2\nmodel: {name: m, files: [model.json]}\nenvironments: [{name: ${long}, approvals: 0}]\n`;
  const fixture = await createFixture({ policy, model: "m", reviewed: [], version: 2 });
  try {
    await fixture.register("v1.0.0");
    const before = fixture.hub.journal.effects().length;
    const { errorCodes, exitCode } = await fixture.plan(await fixture.dispatch(long), { version: "v1.0.0" });
    expect([errorCodes, exitCode]).toEqual([["name-not-for-git"], 1]);
    const written = fixture.hub.journal.effects().slice(before);
    expect(written.filter((effect) => JSON.stringify(effect).includes("git/"))).toEqual([]);
  } finally {
    await fixture.hub.close();
  }
});
