/** Runners die, networks fail, two people promote at the same time: one promotion has one effect. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCrashingClient, KILLED } from "../../test/fixture/crashing-client.ts";
import { assertSucceeded, createFixture, type PromotionFixture, type PromotionRun } from "./testing.ts";

let fixture: PromotionFixture;
/** All promotions here are planned and applied in one run, which has ended: these tests are not about GitHub's queue. */
let run: PromotionRun;
beforeAll(async () => {
  fixture = await createFixture();
  run = await fixture.dispatch("staging");
});
afterAll(() => fixture.hub.close());

type Planned = Awaited<ReturnType<typeof registerAndPlan>>["planned"];

const apply = async (planned: Planned, attempt = 1) =>
  assertSucceeded(await fixture.applyPlanned(planned, { attempt }));

async function applyAndCrash(planned: Planned, at: number): Promise<void> {
  const { log } = await fixture.applyPlanned(planned, { createClient: createCrashingClient(at) });
  expect(log).toContain(KILLED);
}

/** Deployment, status; line; tag object, tag; line; status, and that of the version before. */
const WRITES = 8;
const [DEPLOYMENT, STATUS, INTENT, TAG, COMMIT] = [1, 2, 3, 5, 6];

let versions = 0;
/** A new version with a plan to promote it to staging. */
async function registerAndPlan(planRun = run) {
  versions += 1;
  const version = `v1.${versions}.0`;
  await fixture.register(version);
  return { version, planned: await fixture.planned(version, planRun) };
}

/** Everything about one version that must not exist twice. */
async function countEffects(version: string) {
  const lines = await fixture.ledger();
  const intents = lines.filter(({ plan }) => plan?.target.version === version);
  const entries = lines.filter((line) => intents.some(({ planDigest }) => line.planDigest === planDigest));
  const deployments = [...fixture.hub.repository.deployments.values()].filter(({ payload }) =>
    JSON.stringify(payload).includes(`"${version}"`),
  );
  const tags = (await fixture.tags()).filter((name) => entries.some(({ tag }) => tag?.name === name));
  return {
    entries: entries.map(({ type }) => type),
    tags: tags.length,
    deployments: deployments.map(({ statuses }) => statuses.at(-1)?.state),
  };
}
const ONCE = { entries: ["intent", "committed"], tags: 1, deployments: ["success"] };

test("killed after each write and re-run: the same result, once", async () => {
  for (let at = 1; at <= WRITES; at++) {
    const { version, planned } = await registerAndPlan();
    await applyAndCrash(planned, at);
    await apply(planned, 2);
    expect([at, await countEffects(version)]).toEqual([at, ONCE]);
  }
  const { planned } = await registerAndPlan();
  assertSucceeded(await fixture.applyPlanned(planned, { createClient: createCrashingClient(WRITES + 1) }));
});

test("killed and never re-run: the next promotion finishes or aborts it, and nothing exists twice", async () => {
  const ends = [];
  for (const at of [DEPLOYMENT, STATUS, INTENT, TAG, COMMIT]) {
    const { version, planned } = await registerAndPlan();
    await applyAndCrash(planned, at);
    fixture.hub.clock.advance(5 * 60_000);
    const later = await registerAndPlan();
    await apply(later.planned);
    expect(await countEffects(later.version)).toEqual(ONCE);
    ends.push(await countEffects(version));
  }
  const announced = { entries: [], tags: 0 };
  const finished = { entries: ["intent", "committed"], tags: 1, deployments: ["inactive"] };
  expect(ends).toEqual([
    { ...announced, deployments: [undefined] },
    { ...announced, deployments: ["in_progress"] },
    { entries: ["intent", "aborted"], tags: 0, deployments: ["failure"] },
    finished,
    finished,
  ]);
});

test("an intent whose run may still write is not touched", async () => {
  const { version, planned } = await registerAndPlan();
  const other = await fixture.dispatch("staging");
  await applyAndCrash(await fixture.planned(version, other), INTENT);
  expect((await fixture.applyPlanned(planned)).errorCodes).toEqual(["promotion-under-way"]);
  fixture.hub.clock.advance(5 * 60_000);
  // A plan from before the intent is stale: its number is taken.
  expect((await fixture.applyPlanned(planned)).errorCodes).toEqual(["base-moved"]);
  await apply(await fixture.planned(version, run));
  expect((await countEffects(version)).entries).toEqual(["intent", "aborted", "intent", "committed"]);
});

test("of two at the same time one succeeds, and the log of the other has the reason", async () => {
  const both = [
    await registerAndPlan(await fixture.dispatch("staging")),
    await registerAndPlan(await fixture.dispatch("staging")),
  ];
  const outcomes = await Promise.all(both.map(({ planned }) => fixture.applyPlanned(planned)));
  expect(outcomes.filter(({ exitCode }) => exitCode === 0)).toHaveLength(1);
  expect(["promotion-under-way", "base-moved"]).toContain(outcomes.flatMap(({ errorCodes }) => errorCodes)[0]);
  const all = await Promise.all(both.map(({ version }) => countEffects(version)));
  expect(all.filter(({ entries }) => entries.length > 0)).toEqual([ONCE]);
});

test.each([
  { kind: "status", status: 502, when: "after" },
  { kind: "reset", when: "before" },
  { kind: "html" },
] as const)("three in ten responses are lost ($kind): one effect, without a re-run", async (fault) => {
  const { version, planned } = await registerAndPlan();
  const rule = fixture.hub.faults.chance(0.3, 11, { path: /git|deployments/ }, fault);
  await apply(planned);
  rule[Symbol.dispose]();
  expect(await countEffects(version)).toEqual(ONCE);
});
