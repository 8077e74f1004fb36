/** Runners die, networks fail, two people promote at once: one promotion has one effect. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GitHub } from "../../shared/adapters/github/github.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import { createFixture, type PromotionFixture, type PromotionRun, rejectionCodes } from "./testing.ts";

let fixture: PromotionFixture;
/** All promotions here are planned and applied in one run, which is over: what is tried is not GitHub's queue. */
let run: PromotionRun;
beforeAll(async () => {
  fixture = await createFixture();
  run = await fixture.dispatch("staging");
});
afterAll(() => fixture.close());

class ProcessKilled extends Error {}

/**
 * A client whose process dies when its write number `at` has taken effect. The world can be left in no other states: to die
 * in a read, or before a write, is to die after the write before.
 */
function createCrashingClient(at: number): GitHub {
  const github = client();
  let writes = 0;
  let dead = false;
  const mourn =
    <Given extends readonly unknown[], Answer>(act: (...given: Given) => Promise<Answer>, writing: boolean) =>
    async (...given: Given): Promise<Answer> => {
      if (dead) throw new ProcessKilled();
      const answer = await act(...given);
      writes += writing ? 1 : 0;
      dead = writes === at;
      if (dead) throw new ProcessKilled();
      return answer;
    };
  return {
    ...github,
    read: mourn(github.read, false),
    find: mourn(github.find, false),
    readAll: mourn(github.readAll, false),
    write: mourn(github.write, true),
    create: mourn(github.create, true),
  };
}

const client = (): GitHub =>
  createTestClient(fixture.hub, {
    token: fixture.hub.tokenWith({ contents: "write", actions: "read", deployments: "write" }),
  });

/** Tree, commit, branch; tag object, tag; deployment, status; tree, commit, branch. */
const WRITES = 10;
const [TREE, INTENT, TAG, DEPLOYMENT, COMMIT] = [1, 3, 5, 6, 10];

let versions = 0;
/** A new version with a plan that would bring it to staging. */
async function registerAndPlan(live = run) {
  versions += 1;
  const version = `v1.${versions}.0`;
  await fixture.register(version);
  return { version, planned: await fixture.planned(version, live) };
}

/** What there is of one version: everything that could be there twice. */
async function countEffects(version: string) {
  const entries = (await fixture.ledger()).filter(({ plan }) => plan.target.version === version);
  const deployments = [...fixture.hub.repository.deployments.values()].filter(({ payload }) =>
    JSON.stringify(payload).includes(`"${version}"`),
  );
  const tags = (await fixture.tags()).filter((name) => entries.some(({ tag }) => tag?.name === name));
  return { entries: entries.map(({ type }) => type), tags: tags.length, deployments: deployments.length };
}
const ONCE = { entries: ["intent", "committed"], tags: 1, deployments: 1 };

test("killed after every single write and re-run: the same end, once", async () => {
  for (let at = 1; at <= WRITES; at++) {
    const { version, planned } = await registerAndPlan();
    await expect(fixture.applyPlanned(planned, { github: createCrashingClient(at) })).rejects.toThrow(ProcessKilled);
    await fixture.applyPlanned(planned, { attempt: 2, github: client() });
    expect([at, await countEffects(version)]).toEqual([at, ONCE]);
  }
  const { planned } = await registerAndPlan();
  await fixture.applyPlanned(planned, { github: createCrashingClient(WRITES + 1) });
});

test("killed anywhere and never re-run: the next promotion finishes or aborts it, and nothing is there twice", async () => {
  const ends = [];
  for (const at of [TREE, INTENT, TAG, DEPLOYMENT, COMMIT]) {
    const { version, planned } = await registerAndPlan();
    await expect(fixture.applyPlanned(planned, { github: createCrashingClient(at) })).rejects.toThrow(ProcessKilled);
    fixture.hub.clock.advance(5 * 60_000);
    const later = await registerAndPlan();
    await fixture.applyPlanned(later.planned);
    const { entries, tags, deployments } = await countEffects(version);
    const committed = entries.includes("committed") ? 1 : 0;
    expect([at, tags, deployments]).toEqual([at, committed, committed]);
    expect(await countEffects(later.version)).toEqual(ONCE);
    ends.push(entries.join());
  }
  const finished = "intent,committed";
  expect(ends).toEqual(["", "intent,aborted", finished, finished, finished]);
});

test("an intent whose run may still write is left alone", async () => {
  const { version, planned } = await registerAndPlan();
  const other = await fixture.dispatch("staging");
  const dying = await fixture.planned(version, other);
  await expect(fixture.applyPlanned(dying, { github: createCrashingClient(INTENT) })).rejects.toThrow(ProcessKilled);
  expect(await rejectionCodes(fixture.applyPlanned(planned))).toEqual(["promotion-under-way"]);
  fixture.hub.clock.advance(5 * 60_000);
  // What was planned before the intent was is stale: its number is taken.
  expect(await rejectionCodes(fixture.applyPlanned(planned))).toEqual(["base-moved"]);
  await fixture.applyPlanned(await fixture.planned(version, run));
  expect((await countEffects(version)).entries).toEqual(["intent", "aborted", "intent", "committed"]);
});

test("of two at the same moment one wins, and the other is told why", async () => {
  const both = [
    await registerAndPlan(await fixture.dispatch("staging")),
    await registerAndPlan(await fixture.dispatch("staging")),
  ];
  const outcomes = await Promise.all(both.map(({ planned }) => rejectionCodes(fixture.applyPlanned(planned))));
  expect(outcomes.filter((codes) => codes.length === 0)).toHaveLength(1);
  expect(["promotion-under-way", "base-moved"]).toContain(outcomes.flat()[0]);
  const all = await Promise.all(both.map(({ version }) => countEffects(version)));
  expect(all.filter(({ entries }) => entries.length > 0)).toEqual([ONCE]);
});

test.each([
  { kind: "status", status: 502, when: "after" },
  { kind: "reset", when: "before" },
  { kind: "html" },
] as const)("three in ten answers are lost ($kind): one effect, without a re-run", async (fault) => {
  const { version, planned } = await registerAndPlan();
  const rule = fixture.hub.faults.chance(0.3, 7, { path: /git|deployments/ }, fault);
  await fixture.applyPlanned(planned, { github: client() });
  rule[Symbol.dispose]();
  expect(await countEffects(version)).toEqual(ONCE);
});
