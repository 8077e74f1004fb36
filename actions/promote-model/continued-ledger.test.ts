/**
 * A repository that the last release left which knew version 1 only: its ledger, its tags, a plan that waits for approval
 * and an interrupted promotion. This release goes on from there, under a policy of version 1 and of version 2.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import { createBranchLedger } from "../../shared/adapters/ledger/branch-ledger.ts";
import { challengeOf } from "../../shared/core/promotion/count-approvals.ts";
import { verifyLedger } from "../../shared/core/promotion/verify-ledger.ts";
import { canonicalJson } from "../../shared/records/canonical-json.ts";
import { promotionRecord } from "../../shared/records/promotion-record.ts";
import type { RecordVersion } from "../../shared/records/record-format.ts";
import { findFrozenErrors, readFrozen } from "../../shared/records/testing.ts";
import { readFile, writeFiles } from "../../test/fixture/prepare-job.ts";
import { assertSucceeded, createFixture, type PromotionFixture, type PromotionRun, TRAIN } from "./testing.ts";

interface FrozenRepository {
  readonly commit: string;
  readonly message: string;
  readonly author: object;
  readonly files: Readonly<Record<string, string>>;
}
interface FrozenTag {
  readonly name: string;
  readonly object: string;
  readonly commit: string;
  readonly at: string;
  readonly message: string;
}
const REPOSITORY: FrozenRepository = JSON.parse(readFrozen("repository.json"));
const TAGS: readonly FrozenTag[] = JSON.parse(readFrozen("tags.json"));
const LINES = readFrozen("ledger.jsonl").split("\n").slice(0, -1);
/** The old release's clock when it was interrupted was a few minutes earlier. */
const NOW = Date.parse("2040-01-01T01:00:00Z");
const POLICY = REPOSITORY.files[".github/mlops.yml"] ?? "";
const POLICY_2 = POLICY.replace("version: 1", "version: 2")
  .replace("{ name: staging }", "{ name: staging, approvals: 0 }")
  .replace("needs: staging", "needs: [staging]");

let fixture: PromotionFixture;
beforeAll(async () => {
  fixture = await createFixture({ policy: POLICY, model: "visits", reviewed: ["production"], version: 1 });
  await restoreRepository(fixture);
});
afterAll(() => fixture.hub.close());

async function restoreRepository({ hub, registry }: PromotionFixture): Promise<void> {
  const { rest, repository } = createTestClient(hub);
  const tree = Object.entries(REPOSITORY.files).map(
    ([path, content]) => ({ path, content, mode: "100644", type: "blob" }) as const,
  );
  const { data: root } = await rest.git.createTree({ ...repository, tree });
  const { message, author } = REPOSITORY;
  const by = author as { name: string; email: string; date: string };
  const made = await rest.git.createCommit({
    ...repository,
    message,
    tree: root.sha,
    parents: [],
    author: by,
    committer: by,
  });
  await rest.git.updateRef({ ...repository, ref: "heads/main", sha: made.data.sha, force: true });
  expect(made.data.sha).toBe(REPOSITORY.commit);
  for (const { object, ...tag } of TAGS) {
    expect(await registry.create(tag)).toMatchObject({ ref: { object }, mine: true });
  }
  const ledger = createBranchLedger(createTestClient(hub), "visits");
  let file = await ledger.read();
  for (const line of LINES) file = (await ledger.append(file, line, "2040-01-01T00:00:00Z", "old")) ?? file;
  hub.clock.advance(NOW - hub.clock.now().getTime());
}

/** A run with the id that the old release's run had. */
async function continueRun(environment: string, id: number): Promise<PromotionRun> {
  const run = await fixture.dispatch(environment);
  const { runs } = fixture.hub.repository.actions;
  runs.delete(run.id);
  Object.assign(run, { id });
  runs.set(id, run);
  return run;
}

/** From the step of a test on: each new line with its version, its type and what it is about. */
async function newLines(since: number) {
  const entries = (await fixture.ledger()).slice(since);
  return entries.map(({ schema, type, plan }) => [schema.at(-1), type, plan?.schema.at(-1)].filter(Boolean).join(" "));
}

async function promoteNew(version: string, environment: string, recordVersion: RecordVersion): Promise<void> {
  if (environment === "staging") await fixture.register(version, {}, recordVersion);
  await fixture.promote(version, environment);
}

const digestOfFile = (name: string): string => digestOf(canonicalJson(JSON.parse(readFrozen(name))));

test("what the old release left is a valid ledger of version 1", async () => {
  expect(await newLines(0)).toHaveLength(LINES.length);
  expect(new Set((await fixture.ledger()).map(({ schema }) => schema))).toEqual(
    new Set(["mlops-actions/promotion-record@1"]),
  );
});

describe("under the policy of version 1", () => {
  test("a plan that waited over the update is applied: with its digest, its challenge and lines of version 1", async () => {
    const digest = digestOfFile("promotion-plan.json");
    const run = await continueRun("production", 7007);
    writeFiles(fixture.workspace, { "promotion-plan.json": readFrozen("promotion-plan.json") });
    const inputs = { "plan-digest": digest };
    await fixture.hub.as("bob").approve(run, "production", `checked ${challengeOf(digest)}`);
    const { outputs } = assertSucceeded(await fixture.apply(run, inputs));
    expect(outputs).toMatchObject({
      result: "promoted",
      version: "v1.1.0",
      tag: "visits#production#2",
      "plan-digest": digest,
    });
    expect(await newLines(LINES.length)).toEqual(["1 intent 1", "1 committed 1"]);
    const record = JSON.parse(readFile(fixture.workspace, "promotion-record.json"));
    expect([record.planDigest, findFrozenErrors(promotionRecord, record)]).toEqual([digest, []]);
  });

  test("a promotion that was interrupted after its tag is finished, and the tag is the same object", async () => {
    const before = (await fixture.ledger()).length;
    const run = await continueRun("staging", 7008);
    writeFiles(fixture.workspace, { "promotion-plan.json": readFrozen("interrupted-plan.json") });
    const inputs = { "plan-digest": digestOfFile("interrupted-plan.json") };
    const { outputs } = assertSucceeded(await fixture.apply(run, inputs, { attempt: 2 }));
    expect(outputs).toMatchObject({ result: "promoted", version: "v1.2.0", tag: "visits#staging#6" });
    expect(await newLines(before)).toEqual(["1 committed 1"]);
    const { object } = TAGS.find(({ name }) => name === "visits#staging#6") ?? {};
    expect((await fixture.ledger()).at(-1)?.tag.object).toBe(object);
  });

  test("whatever is written is of version 1, as the old release's schemas describe it", async () => {
    await fixture.hub.push({ files: { ".github/workflows/train.yml": TRAIN } });
    await promoteNew("v1.3.0", "staging", 1);
    await promoteNew("v1.3.0", "production", 1);
    for (const entry of await fixture.ledger()) expect(findFrozenErrors(promotionRecord, entry)).toEqual([]);
  });
});

describe("under a policy of version 2", () => {
  let before: number;
  beforeAll(async () => {
    before = (await fixture.ledger()).length;
    await fixture.hub.push({ files: { ".github/mlops.yml": POLICY_2 }, message: "Raise the policy to version 2" });
  });

  test("lines of version 2 follow those of version 1, also for a version that was registered before", async () => {
    await promoteNew("v1.4.0", "staging", 2);
    await fixture.promote("", "production", { kind: "roll-back", reason: "Complaints" });
    await promoteNew("v1.4.0", "production", 2);
    const promotion = ["2 intent 2", "2 committed"];
    expect(await newLines(before)).toEqual([...promotion, ...promotion, ...promotion]);
    const [intent] = (await fixture.ledger()).slice(before);
    expect(intent).toMatchObject({
      plan: { needs: [], origin: { event: "workflow_dispatch", ref: "refs/heads/main", triggeringActor: "alice" } },
      origin: { event: "workflow_dispatch", server: new URL(fixture.hub.url).host },
    });
  });

  test("and a change of the version between plan and apply is a change of the policy", async () => {
    const run = await fixture.dispatch("production");
    assertSucceeded(await fixture.plan(run, { kind: "roll-back", reason: "Once more" }));
    await fixture.hub.push({ files: { ".github/mlops.yml": POLICY }, message: "Go back to version 1" });
    await fixture.hub.as("bob").approve(run, "production");
    expect((await fixture.apply(run)).errorCodes).toEqual(["policy-changed"]);
  });

  test("going back is allowed: lines of version 1 follow those of version 2", async () => {
    const since = (await fixture.ledger()).length;
    await promoteNew("v1.5.0", "staging", 1);
    expect(await newLines(since)).toEqual(["1 intent 1", "1 committed 1"]);
    const { text } = await createBranchLedger(createTestClient(fixture.hub), "visits").read();
    expect(verifyLedger(text, "ledger", "visits", digestOf).seq).toBe((await fixture.ledger()).length);
  });
});
