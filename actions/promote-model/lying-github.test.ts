/** A GitHub that errs and lies a few times: what is green is true, and a re-run gets to the right end. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXIT_CODE } from "../../shared/action/report-failure.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { type LyingProxy, startLyingProxy } from "../../test/fixture/lying-proxy.ts";
import { assertSucceeded, createFixture, type PromotionFixture, type PromotionRun } from "./testing.ts";

/** More of them in `npm run test:deep`. */
const SCHEDULES = Number(process.env["LYING_SCHEDULES"] ?? 12);
/** A ledger that grows for ever would make the later ones slow. */
const SCHEDULES_PER_REPOSITORY = 20;

let fixture: PromotionFixture;
let proxy: LyingProxy;
/** Versions that are deployed to production, the newest last. */
let deployed: string[] = [];

async function open(): Promise<void> {
  fixture = await createFixture();
  proxy = await startLyingProxy(fixture.hub.apiUrl);
  deployed = [];
}
async function close(): Promise<void> {
  await proxy[Symbol.asyncDispose]();
  await fixture.hub.close();
}
beforeAll(open);
afterAll(close);

const throughProxy: typeof createGitHub = ({ context, ...options }) =>
  createGitHub({ ...options, context: { ...context, urls: { api: proxy.apiUrl } } });

type Played = Awaited<ReturnType<PromotionFixture["plan"]>>;

/** Promotes a version to production, or rolls production back; what is wrong with how that went. */
async function playSchedule(seed: number): Promise<readonly string[]> {
  const faults: string[] = [];
  const note = (what: string) => void faults.push(`seed ${seed}: ${what}\n    ${proxy.told.join("\n    ")}`);
  const look = ({ exitCode, errorCodes, log }: Played): void => {
    if (exitCode === EXIT_CODE.bug) note(`a bug of its own: ${log}`);
    if (exitCode !== 0 && errorCodes.length === 0) note(`no code: ${log}`);
  };
  const isRollBack = deployed.length > 1 && seed % 4 === 0;
  const version = isRollBack ? (deployed.at(-2) ?? "") : `v1.${seed}.0`;
  const inputs = isRollBack ? ({ kind: "roll-back", reason: "it was worse" } as const) : { version };
  if (!isRollBack) {
    await fixture.register(version);
    await fixture.promote(version, "staging");
  }

  /** Whether ledger, tag and deployment say that the plan is carried out, once. */
  async function assertTrue(digest: string): Promise<void> {
    const entries = (await fixture.ledger()).filter((entry) => entry.planDigest === digest);
    const ended = entries.filter(({ type }) => type === "committed");
    if (ended.length !== 1) note(`green with ${ended.length} commits in the ledger`);
    const tag = ended[0]?.tag;
    const [ref] = (await fixture.registry.list("visits")).filter(({ name }) => name === tag?.name);
    if (ref === undefined || ref.object !== tag?.object) note("green without the tag of the ledger");
    const deployments = [...fixture.hub.repository.deployments.values()].filter(
      ({ payload }) => (payload as { readonly plan?: string } | null)?.plan === digest,
    );
    const states = deployments.map(({ statuses }) => statuses.filter(({ state }) => state === "success").length);
    if (JSON.stringify(states) !== "[1]") note(`green with deployments ${JSON.stringify(states)}`);
  }

  const start = async (): Promise<PromotionRun> => fixture.dispatch("production");
  const approve = (run: PromotionRun) => fixture.hub.as("bob").approve(run, "production");

  proxy.start(seed, 6);
  const run = await start();
  let planned = await fixture.plan(run, inputs, { createClient: throughProxy });
  look(planned);
  if (planned.exitCode !== 0) {
    proxy.stop();
    planned = assertSucceeded(await fixture.plan(run, inputs));
  }
  proxy.start(seed + 100_000, 6);
  await approve(run);
  const first = await fixture.apply(run, {}, { createClient: throughProxy });
  look(first);
  if (first.exitCode === 0) await assertTrue(planned.outputs["plan-digest"]);

  proxy.stop();
  const again = await fixture.apply(run, {}, { attempt: 2 });
  look(again);
  if (again.exitCode === 0) await assertTrue(planned.outputs["plan-digest"]);
  else if (/Start a new run/.test(again.log)) {
    // The plan was made from what GitHub said then.
    const anew = await start();
    const replanned = await fixture.plan(anew, inputs);
    await approve(anew);
    const last = await fixture.apply(anew);
    if (replanned.exitCode !== 0 || last.exitCode !== 0) note(`stuck: ${replanned.log}\n${last.log}`);
    else await assertTrue(replanned.outputs["plan-digest"]);
  } else note(`stuck: ${again.log}`);
  if (isRollBack) deployed.pop();
  else deployed.push(version);
  return faults;
}

test(`${SCHEDULES} seeded schedules`, async () => {
  const faults: string[] = [];
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    faults.push(...(await playSchedule(seed)));
    if (seed % SCHEDULES_PER_REPOSITORY !== 0) continue;
    await close();
    await open();
  }
  expect(faults.join("\n")).toBe("");
}, 1_200_000);
