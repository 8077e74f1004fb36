/** A broken ledger goes on from a state that people of the environment approve, without a force-push; and only so. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import { createBranchLedger } from "../../shared/adapters/ledger/branch-ledger.ts";
import { assertSucceeded, createFixture, type PromotionFixture, type PromotionInputs } from "./testing.ts";

let fixture: PromotionFixture;
let undamaged: { readonly head: string; readonly tags: readonly string[] };
beforeAll(async () => {
  fixture = await createFixture();
  for (const version of ["v1.0.0", "v1.1.0"]) {
    await fixture.register(version);
    await fixture.promote(version, "staging");
    await fixture.promote(version, "production");
  }
  const head = (await fixture.hub.repository.git.resolve("refs/heads/mlops-ledger/visits")) ?? "";
  undamaged = { head, tags: await fixture.tags() };
});
afterAll(() => fixture.hub.close());
/** As if nothing had happened since then. */
afterEach(async () => {
  const { rest, repository } = createTestClient(fixture.hub);
  await rest.git.updateRef({ ...repository, ref: "heads/mlops-ledger/visits", sha: undamaged.head, force: true });
  for (const tag of await fixture.tags())
    if (!undamaged.tags.includes(tag)) await rest.git.deleteRef({ ...repository, ref: `tags/${tag}` });
});

let registered = 1;
async function registerNext(): Promise<string> {
  registered += 1;
  await fixture.register(`v1.${registered}.0`);
  return `v1.${registered}.0`;
}

const readText = async () => (await createBranchLedger(createTestClient(fixture.hub), "visits").read()).text;
/** Somebody who may push commits another ledger on top. */
async function tamper(change: (lines: string[]) => readonly string[], minutesAfter = 5, end = "\n") {
  const text = change((await readText()).split("\n").slice(0, -1)).join("\n") + end;
  await fixture.hub.push({ branch: "mlops-ledger/visits", files: { "ledger.jsonl": text } });
  fixture.hub.clock.advance(minutesAfter * 60_000);
}
const REPAIR = { kind: "repair", reason: "somebody edited the ledger", challenge: "true" } as const;

async function planRepair(environment: string, inputs: PromotionInputs = REPAIR) {
  const run = await fixture.dispatch(environment);
  return { run, planned: await fixture.plan(run, inputs) };
}

async function repair(environment: string) {
  const { run, planned } = await planRepair(environment);
  const { challenge } = assertSucceeded(planned).outputs;
  if (environment !== "staging") await fixture.hub.as("bob").approve(run, environment, `yes, ${challenge}`);
  return { run, planned, applied: await fixture.apply(run) };
}

const DAMAGES: readonly [string, (lines: string[]) => readonly string[], string?][] = [
  ["a line in the middle was changed", (lines) => lines.with(3, (lines[3] ?? "").replace('"seq":', '"seq":9'))],
  ["the end was removed", (lines) => lines.slice(0, -4)],
  ["the end of the last line was cut off", (lines) => lines.with(-1, (lines.at(-1) ?? "").slice(0, -9)), ""],
];

test.each(DAMAGES)("%s: each environment is repaired by its own people, and goes on", async (_, change, end) => {
  await tamper(change, 5, end);
  const before = await readText();
  const version = await registerNext();
  const refused = await fixture.plan(await fixture.dispatch("staging"), { version });
  expect(["ledger-broken", "assignment-not-in-ledger"]).toContain(refused.errorCodes[0]);

  const { applied } = await repair("staging");
  expect([applied.exitCode, applied.outputs]).toMatchObject([0, { result: "repaired", version: "v1.1.0", tag: "" }]);
  expect((await repair("production")).applied.outputs).toMatchObject({ result: "repaired", version: "v1.1.0" });

  // What was there stays there.
  expect((await readText()).startsWith(before)).toBe(true);
  await fixture.promote(version, "staging");
  const { outputs } = await fixture.promote(version, "production");
  // A number is left out: what was planned before the repair is stale.
  expect(outputs.tag).toBe("visits#production#4");
  const { planned } = await planRepair("staging");
  expect(planned.errorCodes).toEqual(["nothing-to-repair"]);
});

describe("after a line in the middle was changed", () => {
  beforeEach(() => tamper((lines) => lines.with(3, (lines[3] ?? "").replace('"seq":', '"seq":9'))));

  test("the plan shows what is broken, what has no effect, and the state; and writes nothing", async () => {
    const run = await fixture.dispatch("production");
    const writes = fixture.hub.journal.effects().length;
    const planned = await fixture.plan(run, REPAIR);
    expect(fixture.hub.journal.effects().length).toBe(writes);
    const { summary, outputs } = assertSucceeded(planned);
    expect(summary).toContain("### Repair the ledger of `visits` for `production`");
    expect(summary).toMatch(/What is broken.*ledger\.jsonl:4:` this entry of the ledger is not valid/);
    expect(summary).toContain("5 lines after entry 3");
    expect(summary).toMatch(/Current version.*`v1\.1\.0`/);
    expect(summary).toMatch(/Earlier versions.*`v1\.0\.0`/);
    expect(summary).toMatch(/`visits#production#1` \(.*`visits#production#2` \(/);
    expect(summary).toMatch(/only their tags say.*`visits#production#1,` `visits#production#2`/);
    expect(summary).toContain(outputs.challenge);
    expect(planned.log).toContain("[known-by-tag-only]");
  });

  test("approvals count as for a promotion", async () => {
    const { run, planned } = await planRepair("production");
    const missing = await fixture.apply(run);
    expect(missing.errorCodes).toContain("approvals-missing");
    await fixture.hub.as("bob").approve(run, "production", "yes");
    expect((await fixture.apply(run)).errorCodes).toContain("approval-without-challenge");
    const { run: other, planned: again } = await planRepair("production");
    await fixture.hub.as("bob").approve(other, "production", `yes, ${again.outputs.challenge}`);
    const { outputs, summary } = assertSucceeded(await fixture.apply(other));
    expect(planned.outputs["plan-digest"]).not.toBe(outputs["plan-digest"]);
    expect(summary).toMatch(/Approved by.*bob/);
    const newest = JSON.parse((await readText()).trim().split("\n").at(-1) ?? "");
    expect(newest).toMatchObject({ type: "checkpoint", approvals: [{ login: "bob" }] });
  });

  test("one that is for another environment, was changed, or has no reason is refused", async () => {
    const { run } = await planRepair("staging");
    const elsewhere = await fixture.apply(run, { environment: "production" });
    expect(elsewhere.errorCodes).toEqual(["plan-for-other-environment"]);
    expect((await fixture.apply(run, { "plan-digest": "sha256:0" })).errorCodes).toEqual(["plan-digest-differs"]);
    expect((await planRepair("staging", { kind: "repair" })).planned.errorCodes).toEqual(["reason-missing"]);
  });

  test("an environment that was not repaired cannot be promoted to, nor from, nor rolled back", async () => {
    await repair("staging");
    const version = await registerNext();
    await fixture.promote(version, "staging");
    for (const inputs of [{ version }, { kind: "roll-back", reason: "complaints" }] as const) {
      const { errorCodes } = await fixture.plan(await fixture.dispatch("production"), inputs);
      expect(errorCodes).toEqual(["environment-not-repaired"]);
    }
    await repair("production");
    assertSucceeded(
      await fixture.plan(await fixture.dispatch("production"), { kind: "roll-back", reason: "complaints" }),
    );
  });

  test("a plan of a promotion or a repair from before the repair is stale", async () => {
    const first = await planRepair("staging");
    await repair("staging");
    // The plan's file is that of the newest plan: the older one is planned again, for the same run.
    const { errorCodes } = await fixture.plan(first.run, REPAIR);
    expect(errorCodes).toEqual(["nothing-to-repair"]);
  });

  test("begin, commit and a second run of them write one checkpoint and deploy nothing", async () => {
    const { run } = await planRepair("staging");
    const before = fixture.hub.repository.deployments.size;
    for (const step of [fixture.begin, fixture.commit, fixture.begin, fixture.apply]) {
      const { outputs } = assertSucceeded(await step(run));
      expect(outputs).toMatchObject({ result: "repaired", version: "v1.1.0" });
    }
    expect((await readText()).split('"type":"checkpoint"')).toHaveLength(2);
    expect(fixture.hub.repository.deployments.size).toBe(before);
  });

  test("a lost answer to a write makes no second checkpoint", async () => {
    const { run } = await planRepair("staging");
    fixture.hub.faults.next({ operation: "repos/create-or-update-file-contents" }, { kind: "reset", when: "after" });
    assertSucceeded(await fixture.apply(run));
    expect((await readText()).split('"type":"checkpoint"')).toHaveLength(2);
  });
});

test("whatever began before the damage must have ended", async () => {
  const version = await registerNext();
  const run = await fixture.dispatch("staging");
  assertSucceeded(await fixture.plan(run, { version }));
  assertSucceeded(await fixture.begin(run));
  await tamper((lines) => [...lines, "anything"], 0);
  expect((await fixture.commit(run)).errorCodes).toEqual(["ledger-broken"]);
  expect((await planRepair("staging")).planned.errorCodes).toEqual(["promotion-under-way"]);
  fixture.hub.clock.advance(5 * 60_000);
  const { applied } = await repair("staging");
  // It was not committed, and has no tag.
  expect(applied.outputs).toMatchObject({ result: "repaired", version: "v1.1.0" });
  expect((await fixture.commit(run, {}, { attempt: 2 })).errorCodes).toContain("plan-of-other-run");
});

test("bytes that are no text are repaired", async () => {
  const files = { "ledger.jsonl": new Uint8Array([0xff, 0x0a]) };
  await fixture.hub.push({ branch: "mlops-ledger/visits", files });
  const { planned, applied } = await repair("staging");
  expect(assertSucceeded(planned).summary).toContain("it is not UTF-8");
  assertSucceeded(applied);
  const { errorCodes } = await fixture.plan(await fixture.dispatch("staging"), { kind: "roll-back", reason: "bad" });
  expect(errorCodes).toEqual([]);
});

test("a tag that does not hold what it would have carried out is named", async () => {
  await tamper((lines) => lines.slice(0, 2));
  const commit = (await fixture.hub.repository.git.resolve("refs/heads/main")) ?? "";
  await fixture.registry.create({
    ...{ name: "visits#staging#7", commit, message: "mine", at: "2026-06-15T12:00:00Z" },
  });
  const { planned } = await planRepair("staging");
  expect(planned.errorCodes[0]).toMatch(/^(assignment-tag-forged|record-|json-)/);
  expect(planned.log).toContain("visits#staging#7");
});

test("a policy of version 1 has no checkpoints", async () => {
  await tamper((lines) => [...lines, "anything"]);
  const { hub } = fixture;
  const policy = (await import("./testing.ts")).POLICY.replace("version: 2", "version: 1")
    .replace("needs: [staging]", "needs: staging")
    .replace("needs: [production]", "needs: production");
  await hub.push({ branch: "main", files: { ".github/mlops.yml": policy } });
  const { planned } = await planRepair("staging");
  expect(planned.errorCodes).toEqual(["record-1-cannot-hold"]);
});
