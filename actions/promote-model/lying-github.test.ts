/**
 * A GitHub that errs and lies a few times, from the plan to its end: what is green is true, nothing happens without an
 * approval, no state is left that no run could leave, and a re-run gets to the right end. One seed alone: `-t "seed 17$"`.
 *
 * A plan may be made from a lie, such as that there is no ledger: it says so to its approvers, and is refused when it is
 * applied. That is no fault of the plan, and a new run makes a new one.
 */
import { expect, test } from "vitest";
import { EXIT_CODE } from "../../shared/action/report-failure.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createSchedule, formatStory, inject, type ScheduledFault } from "../../test/fixture/fault-schedule.ts";
import { assertSucceeded, createFixture, type PromotionFixture, type PromotionRun } from "./testing.ts";

/** More of them in `npm run test:deep`. */
const SCHEDULES = Number(process.env["LYING_SCHEDULES"] ?? 20);
const OPERATIONS = {
  reads: [
    ...["repos/get", "git/get-ref", "repos/get-content", "actions/get-workflow-run", "repos/get-environment"],
    ...["git/get-tag", "actions/get-reviews-for-run"],
  ],
  lists: ["git/list-matching-refs", "repos/list-deployments", "repos/list-deployment-statuses"],
  writes: [
    ...["git/create-tree", "git/create-commit", "git/create-tag", "git/create-ref"],
    ...["repos/create-or-update-file-contents", "repos/create-deployment", "repos/create-deployment-status"],
  ],
};

type Played = Awaited<ReturnType<PromotionFixture["plan"]>>;

/** What is promoted or rolled back, after what was promoted before. */
interface Story {
  readonly environment: "staging" | "production";
  readonly inputs: Parameters<PromotionFixture["plan"]>[1];
  readonly version: string;
  readonly before: readonly (readonly [version: string, environment: string])[];
}

const STORIES: readonly Story[] = [
  // The first entry of a new ledger.
  { environment: "staging", inputs: { version: "v1.0.0" }, version: "v1.0.0", before: [] },
  {
    environment: "production",
    inputs: { version: "v1.1.0" },
    version: "v1.1.0",
    before: [["v1.0.0", "staging"] as const, ["v1.0.0", "production"] as const, ["v1.1.0", "staging"] as const],
  },
  {
    environment: "staging",
    inputs: { kind: "roll-back", reason: "it was worse" },
    version: "v1.0.0",
    before: [["v1.0.0", "staging"] as const, ["v1.1.0", "staging"] as const],
  },
];
const VERSIONS = ["v1.0.0", "v1.1.0"];

async function playSchedule(seed: number): Promise<readonly string[]> {
  const { environment, inputs, version, before } = STORIES[seed % STORIES.length] ?? raise();
  const fixture = await createFixture();
  const { hub } = fixture;
  await using _ = hub;
  for (const name of VERSIONS) await fixture.register(name);
  for (const [name, to] of before) await fixture.promote(name, to);
  const problems: string[] = [];
  const schedules: ScheduledFault[] = [];
  const start = hub.journal.entries.length;

  /** Plays a step with faults, and looks at what it has left. */
  async function under(schedule: readonly ScheduledFault[], step: () => Promise<Played>): Promise<Played> {
    schedules.push(...schedule);
    inject(hub, schedule, OPERATIONS.lists);
    const played = await step();
    hub.faults.clear();
    const { exitCode, errorCodes, log } = played;
    if (exitCode === EXIT_CODE.bug) problems.push(`exit 70: ${log}`);
    if (exitCode !== 0 && errorCodes.length === 0) problems.push(`no code: ${log}`);
    problems.push(...(await findImpossible(fixture)));
    return played;
  }
  const requireTrue = async (digest: string, { outputs, log }: Played): Promise<void> => {
    const said = [outputs.result, outputs.version, outputs["model-digest"]];
    const result = inputs.kind === "roll-back" ? "rolled-back" : "promoted";
    const due = [result, version, digestOf(`model ${version}`)];
    if (said.join() !== due.join()) problems.push(`wrong: the outputs are ${said}`);
    const missing = await findMissing(fixture, digest, outputs.tag);
    if (missing.length > 0) problems.push(...missing.map((what) => `wrong: green, and ${what}`), log);
  };
  const approve = async (run: PromotionRun): Promise<void> => {
    if (environment === "production") await hub.as("bob").approve(run, environment);
  };

  const entries = (await fixture.ledger()).length;
  let run = await fixture.dispatch(environment);
  let planned = await under(createSchedule(seed, OPERATIONS), () => fixture.plan(run, inputs));
  if (planned.exitCode !== 0) {
    run = await fixture.dispatch(environment);
    planned = assertSucceeded(await fixture.plan(run, inputs));
  }
  if (planned.outputs.version !== version) problems.push(`wrong: the plan is for ${planned.outputs.version}`);
  const digest = planned.outputs["plan-digest"];
  if (environment === "production") {
    const early = await under(createSchedule(seed + 1_000_000, OPERATIONS), () => fixture.apply(run));
    if (early.exitCode === 0) problems.push(`wrong: without an approval, ${early.log}`);
    if ((await fixture.ledger()).length !== entries)
      problems.push("wrong: without an approval, the ledger has changed");
  }
  await approve(run);
  const first = await under(createSchedule(seed + 2_000_000, OPERATIONS), () => fixture.apply(run));
  if (first.exitCode === 0) await requireTrue(digest, first);

  const again = await under([], () => fixture.apply(run, {}, { attempt: 2 }));
  if (again.exitCode === 0) await requireTrue(digest, again);
  else if (first.exitCode !== 0 && /start a new run/i.test(again.log)) {
    const anew = await fixture.dispatch(environment);
    const replanned = await under([], () => fixture.plan(anew, inputs));
    await approve(anew);
    const last = await under([], () => fixture.apply(anew));
    if (last.exitCode === 0) await requireTrue(replanned.outputs["plan-digest"], last);
    else problems.push(`stuck: ${replanned.log}\n${last.log}`);
  } else problems.push(`stuck: ${first.log}\n${again.log}`);
  return problems.length === 0 ? [] : [...problems, formatStory(hub, schedules, start)];
}

const raise = (): never => {
  throw new Error("there is no story");
};

/** What would have to be there when the plan is carried out: one entry that commits it, its tag, its deployment. */
async function findMissing({ ledger, registry, hub }: PromotionFixture, digest: string, tagName: string) {
  const missing: string[] = [];
  const committed = (await ledger()).filter((entry) => entry.planDigest === digest && entry.type === "committed");
  if (committed.length !== 1) missing.push(`the ledger has ${committed.length} commits`);
  const tag = committed[0]?.tag;
  const ref = (await registry.list("visits")).find(({ name }) => name === tagName);
  if (ref === undefined || ref.name !== tag?.name || ref.object !== tag?.object)
    missing.push(`the tag is ${ref?.name}`);
  const deployments = deploymentsOf(hub).filter(({ plan }) => plan === digest);
  const successes = deployments.flatMap(({ states }) => states).filter((state) => state === "success");
  if (deployments.length !== 1 || successes.length !== 1)
    missing.push(`there are ${deployments.length} deployments with ${successes.length} successes`);
  return missing;
}

/** What no run may leave, whether it succeeded or failed. */
async function findImpossible({ ledger, tags, registry, hub }: PromotionFixture): Promise<readonly string[]> {
  const found: string[] = [];
  const entries = await ledger();
  const plans = Map.groupBy(entries, (entry) => entry.planDigest as string);
  for (const [plan, of] of plans) {
    const types = of.map(({ type }) => type).join();
    if (!["intent", "intent,committed", "intent,aborted"].includes(types)) found.push(`wrong: ${plan} has ${types}`);
  }
  const names = await tags();
  if (entries.filter(({ type }) => type === "aborted").some(({ tag }) => names.includes(tag?.name)))
    found.push("wrong: a tag of a promotion that was aborted");
  if (names.length > plans.size) found.push(`wrong: ${names.length} tags of ${plans.size} plans`);
  const deployed = deploymentsOf(hub).map(({ plan }) => plan);
  const succeeded = deploymentsOf(hub).filter(({ states }) => states.includes("success"));
  if (succeeded.some(({ plan }) => !plans.get(plan as string)?.some(({ type }) => type === "committed")))
    found.push("wrong: a success of a plan that is not committed");
  if (new Set(deployed).size < deployed.length) found.push("wrong: two deployments of one plan");
  const versions = (await registry.list("visits")).map(({ name }) => name).filter((name) => !name.includes("#"));
  if (versions.length !== VERSIONS.length) found.push(`wrong: the versions are ${versions}`);
  return found;
}

/** Ours: GitHub makes others for a job with an environment. */
const deploymentsOf = (hub: PromotionFixture["hub"]) =>
  [...hub.repository.deployments.values()]
    .filter(({ task }) => task === "mlops:promote")
    .map(({ payload, statuses }) => ({
      plan: (payload as { readonly plan: string }).plan,
      states: statuses.map(({ state }) => state),
    }));

test.each(Array.from({ length: SCHEDULES }, (_, index) => index + 1))(
  "seed %d",
  async (seed) => {
    expect((await playSchedule(seed)).join("\n")).toBe("");
  },
  60_000,
);
