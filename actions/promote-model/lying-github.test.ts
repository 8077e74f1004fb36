/**
 * A GitHub that errs and lies a few times, from the plan to its end: what is green is true, nothing happens without an
 * approval, no state is left that no run could leave, and a re-run gets to the right end. One seed alone: `-t "seed 17$"`.
 * Some runs are killed after any of their writes, and are run again or left behind.
 *
 * A plan may be made from a lie, such as that there is no ledger: it says so to its approvers, and is refused when it is
 * applied. That is no fault of the plan, and a new run makes a new one.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "@mlops-actions/localhub/testing";
import { expect, test } from "vitest";
import { EXIT_CODE } from "../../shared/action/report-failure.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createCrashingClient, KILLED } from "../../test/fixture/crashing-client.ts";
import { createSchedule, formatStory, inject, type ScheduledFault } from "../../test/fixture/fault-schedule.ts";
import {
  assertSucceeded,
  createFixture,
  type PromotionFixture,
  type PromotionInputs,
  type PromotionRun,
  type PromotionStepOptions,
  VISITS,
} from "./testing.ts";

/** More of them in `npm run test:deep`. */
const SCHEDULES = Number(process.env["LYING_SCHEDULES"] ?? 16);
const OPERATIONS = {
  reads: [
    ...["repos/get", "git/get-ref", "repos/get-content", "actions/get-workflow-run", "repos/get-environment"],
    ...["git/get-tag", "actions/get-reviews-for-run"],
  ],
  lists: [
    ...["git/list-matching-refs", "repos/list-deployments", "repos/list-deployment-statuses"],
    ...["repos/list-pull-requests-associated-with-commit", "pulls/list-files", "pulls/list-reviews"],
  ],
  writes: [
    ...["git/create-tree", "git/create-commit", "git/create-tag", "git/create-ref"],
    ...["repos/create-or-update-file-contents", "repos/create-deployment", "repos/create-deployment-status"],
  ],
};

type Played = Awaited<ReturnType<PromotionFixture["plan"]>>;

/** What is promoted, rolled back or repaired, after what was promoted before. */
interface Story {
  readonly environment: "staging" | "production";
  readonly inputs: PromotionInputs;
  readonly result: "promoted" | "rolled-back" | "repaired";
  readonly version: string;
  readonly before: readonly (readonly [version: string, environment: string])[];
  readonly approvedBy: "nobody" | "reviewers of the environment" | "reviews of a pull request";
  /** The policy has a second model, whose ledger must stay as it is. */
  readonly models: "one" | "two";
}

const IN_PRODUCTION = [
  ["v1.0.0", "staging"],
  ["v1.0.0", "production"],
  ["v1.1.0", "staging"],
] as const;
const ROLL_BACK = { kind: "roll-back", reason: "it was worse" };
const REPAIR = { kind: "repair", reason: "somebody edited the ledger" };
const story = (parts: Partial<Story>): Story => ({
  ...{ environment: "production", inputs: { version: "v1.1.0" }, result: "promoted", version: "v1.1.0" },
  ...{ before: IN_PRODUCTION, approvedBy: "reviewers of the environment", models: "one" },
  ...parts,
});
const inStaging = { environment: "staging", approvedBy: "nobody" } as const;
const byReview = { approvedBy: "reviews of a pull request" } as const;
const rolledBack = { inputs: ROLL_BACK, result: "rolled-back", version: "v1.0.0" } as const;
const repaired = { inputs: REPAIR, result: "repaired", version: "v1.0.0" } as const;

const STORIES: readonly Story[] = [
  // The first entry of a new ledger.
  story({ ...inStaging, inputs: { version: "v1.0.0" }, version: "v1.0.0", before: [] }),
  story({}),
  story({ ...inStaging, ...rolledBack, before: IN_PRODUCTION.filter(([, to]) => to === "staging") }),
  story(byReview),
  story({ models: "two" }),
  story(repaired),
  story({ ...byReview, ...rolledBack, before: [...IN_PRODUCTION, ["v1.1.0", "production"]] }),
  story({ ...byReview, ...repaired }),
];
const VERSIONS = ["v1.0.0", "v1.1.0"];

const ENVIRONMENTS = (by: Story["approvedBy"]): string => {
  const more = by === "reviews of a pull request" ? ", approved-by: review, approvers: [bob, carol]" : "";
  return `environments:
  - { name: staging, approvals: 0 }
  - { name: production, needs: [staging], approvals: 1${more} }
`;
};

/** @returns the model of the story */
async function prepare({ approvedBy, models, before, result }: Story) {
  const [model, several] = models === "two" ? ["beds", true] : ["visits", false];
  const described = several
    ? "models: { visits: { files: [visits.json] }, beds: { files: [model.json] } }\n"
    : "model: { name: visits, files: [model.json] }\n";
  const reviewed = approvedBy === "reviews of a pull request" ? [] : ["production"];
  const policy = `version: 2\n${described}${ENVIRONMENTS(approvedBy)}`;
  const fixture = await createFixture({ ...VISITS, policy, model, reviewed });
  for (const name of VERSIONS) await fixture.register(name);
  const named = several ? { model } : {};
  for (const [version, to] of before) {
    const run = await fixture.dispatch(to);
    const { outputs } = assertSucceeded(await fixture.plan(run, { version, challenge: "true", ...named }));
    assertSucceeded(await fixture.apply(await approve(fixture, run, to, approvedBy, outputs)));
  }
  if (result === "repaired") {
    const text = (await fixture.ledger()).map((entry) => `${JSON.stringify(entry)}\n`).join("");
    await fixture.hub.push({ branch: "mlops-ledger/visits", files: { "ledger.jsonl": `${text}{}\n` } });
    fixture.hub.clock.advance(5 * 60_000);
  }
  return { fixture, model, named };
}

/** People approve it. @returns the run whose job carries it out */
async function approve(
  { hub, workspace, dispatch }: PromotionFixture,
  run: PromotionRun,
  environment: string,
  by: Story["approvedBy"],
  { challenge }: { readonly challenge: string },
): Promise<PromotionRun> {
  if (environment !== "production") return run;
  if (by !== "reviews of a pull request") {
    await hub.as("bob").approve(run, environment, challenge);
    return run;
  }
  const path = "promotions/visits/production.yml";
  const branch = `promote-${run.id}`;
  await hub.as("alice").push({ branch, files: { [path]: readFileSync(join(workspace, path), "utf8") } });
  const { number } = await hub.as("alice").openPullRequest({ head: branch });
  await hub.as("bob").review(number, "APPROVE", "as planned");
  await hub.as("alice").merge(number);
  return dispatch(environment, "bob");
}

async function playSchedule(seed: number): Promise<readonly string[]> {
  const told = STORIES[seed % STORIES.length] ?? raise();
  const { environment, inputs, version, result, approvedBy } = told;
  const { fixture, model, named } = await prepare(told);
  const { hub } = fixture;
  await using _ = hub;
  const random = seededRandom(seed);
  const phases = random() < 0.5 ? "two" : "one";
  // After one of its writes, or not at all.
  const killedAt = random() < 0.4 ? 1 + Math.floor(random() * 8) : undefined;
  const isLeftBehind = killedAt !== undefined && random() < 0.3;
  const problems: string[] = [];
  const schedules: ScheduledFault[] = [];
  const start = hub.journal.entries.length;
  const history = await fixture.ledger();
  const look = () => findImpossible(fixture, model, history.length);

  /** Plays a step with faults, and looks at what it has left. */
  async function under(schedule: readonly ScheduledFault[], step: () => Promise<Played>): Promise<Played> {
    schedules.push(...schedule);
    inject(hub, schedule, OPERATIONS.lists);
    const played = await step();
    hub.faults.clear();
    const { exitCode, errorCodes, log } = played;
    if (exitCode === EXIT_CODE.bug && !log.includes(KILLED)) problems.push(`exit 70: ${log}`);
    if (exitCode !== 0 && errorCodes.length === 0) problems.push(`no code: ${log}`);
    problems.push(...(await look()));
    return played;
  }
  /** The job that carries the plan out, with its post step; one that is killed has none. */
  async function carryOut(run: PromotionRun, options: PromotionStepOptions = {}): Promise<Played> {
    if (phases === "one") return fixture.apply(run, {}, options);
    const begun = await fixture.begin(run, {}, options);
    const isKilled = (log: string): boolean => log.includes(KILLED);
    if (isKilled(begun.log)) return begun;
    const played =
      begun.exitCode === 0 && begun.outputs.result !== "repaired" ? await fixture.commit(run, {}, options) : begun;
    if (!isKilled(played.log)) await fixture.end(begun);
    return played;
  }
  const requireTrue = async (digest: string, { outputs, log }: Played): Promise<void> => {
    const said = [outputs.result, outputs.version, outputs["model-digest"]];
    const due = [result, version, digestOf(`model ${version}`)];
    if (said.join() !== due.join()) problems.push(`wrong: the outputs are ${said}`);
    const missing =
      result === "repaired"
        ? await findMissingRepair(fixture, digest)
        : await findMissing(fixture, model, digest, outputs.tag);
    if (missing.length > 0) problems.push(...missing.map((what) => `wrong: green, and ${what}`), log);
  };

  const planInputs = { challenge: "true", ...named, ...inputs };
  let run = await fixture.dispatch(environment);
  let planned = await under(createSchedule(seed, OPERATIONS), () => fixture.plan(run, planInputs));
  if (planned.exitCode !== 0) {
    run = await fixture.dispatch(environment);
    planned = assertSucceeded(await fixture.plan(run, planInputs));
  }
  if (planned.outputs.version !== version) problems.push(`wrong: the plan is for ${planned.outputs.version}`);
  const digest = planned.outputs["plan-digest"];
  if (environment === "production") {
    const early = await under(createSchedule(seed + 1_000_000, OPERATIONS), () => carryOut(run));
    if (early.exitCode === 0) problems.push(`wrong: without an approval, ${early.log}`);
    if ((await fixture.ledger()).length !== history.length)
      problems.push("wrong: without an approval, the ledger has changed");
  }
  run = await approve(fixture, run, environment, approvedBy, planned.outputs);
  const client = killedAt === undefined ? {} : { createClient: createCrashingClient(killedAt) };
  const first = await under(createSchedule(seed + 2_000_000, OPERATIONS), () => carryOut(run, client));
  if (first.exitCode === 0) await requireTrue(digest, first);

  const again = isLeftBehind
    ? await goOn(fixture, told, named, under)
    : await under([], () => carryOut(run, { attempt: 2 }));
  if (isLeftBehind) {
    if (again.exitCode !== 0) problems.push(`stuck, left behind: ${first.log}\n${again.log}`);
  } else if (again.exitCode === 0) await requireTrue(digest, again);
  else if (/start a new run|plan again/i.test(again.log)) {
    let anew = await fixture.dispatch(environment);
    const replanned = await under([], () => fixture.plan(anew, planInputs));
    anew = await approve(fixture, anew, environment, approvedBy, replanned.outputs);
    const last = await under([], () => carryOut(anew));
    if (last.exitCode === 0) await requireTrue(replanned.outputs["plan-digest"], last);
    else problems.push(`stuck: ${replanned.log}\n${last.log}`);
  } else problems.push(`stuck: ${first.log}\n${again.log}`);
  if (told.models === "two" && (await hub.repository.git.resolve("refs/heads/mlops-ledger/visits")) !== undefined)
    problems.push("wrong: the other model has a ledger");
  return problems.length === 0 ? [] : [...problems, formatStory(hub, schedules, start)];
}

/** A run was killed and is never run again: the next promotion to its environment ends it, and succeeds. */
async function goOn(
  fixture: PromotionFixture,
  { environment, approvedBy, result }: Story,
  named: PromotionInputs,
  under: (schedule: readonly ScheduledFault[], step: () => Promise<Played>) => Promise<Played>,
): Promise<Played> {
  fixture.hub.clock.advance(5 * 60_000);
  await fixture.register("v1.2.0");
  for (const to of environment === "staging" ? ["staging"] : ["staging", "production"]) {
    for (const more of result === "repaired" ? [{ ...REPAIR }, { version: "v1.2.0" }] : [{ version: "v1.2.0" }]) {
      const run = await fixture.dispatch(to);
      const inputs = { challenge: "true", ...named, ...more };
      const planned = await under([], () => fixture.plan(run, inputs));
      // It may have been killed after its last write.
      if (planned.errorCodes[0] === "nothing-to-repair") continue;
      if (planned.exitCode !== 0) return planned;
      const approved = await approve(fixture, run, to, approvedBy, planned.outputs);
      const applied = await under([], () => fixture.apply(approved));
      if (applied.exitCode !== 0 || (to === environment && "version" in more)) return applied;
    }
  }
  return raise();
}

const raise = (): never => {
  throw new Error("there is no story");
};

/** What would have to be there when the plan is carried out: one entry that commits it, its tag, its deployment. */
async function findMissing(
  { ledger, registry, hub }: PromotionFixture,
  model: string,
  digest: string,
  tagName: string,
) {
  const missing: string[] = [];
  const committed = (await ledger()).filter((entry) => entry.planDigest === digest && entry.type === "committed");
  if (committed.length !== 1) missing.push(`the ledger has ${committed.length} commits`);
  const tag = committed[0]?.tag;
  const ref = (await registry.list(model)).find(({ name }) => name === tagName);
  if (ref === undefined || ref.name !== tag?.name || ref.object !== tag?.object)
    missing.push(`the tag is ${ref?.name}`);
  const deployments = deploymentsOf(hub).filter(({ plan }) => plan === digest);
  const successes = deployments.flatMap(({ states }) => states).filter((state) => state === "success");
  if (deployments.length !== 1 || successes.length !== 1)
    missing.push(`there are ${deployments.length} deployments with ${successes.length} successes`);
  return missing;
}

/** What would have to be there when a repair is carried out: one checkpoint of that plan. */
async function findMissingRepair({ ledger }: PromotionFixture, digest: string): Promise<readonly string[]> {
  const checkpoints = (await ledger()).filter(({ type, planDigest }) => type === "checkpoint" && planDigest === digest);
  return checkpoints.length === 1 ? [] : [`the ledger has ${checkpoints.length} checkpoints of it`];
}

/** What no run may leave, whether it succeeded or failed. @param known the number of lines before the story */
async function findImpossible(
  { ledger, tags, registry, hub }: PromotionFixture,
  model: string,
  known: number,
): Promise<readonly string[]> {
  const found: string[] = [];
  const lines = await ledger();
  const entries = lines.filter(({ type }) => type !== undefined && type !== "checkpoint");
  const plans = Map.groupBy(entries, (entry) => entry.planDigest as string);
  for (const [plan, of] of plans) {
    const types = of.map(({ type }) => type).join();
    if (!["intent", "intent,committed", "intent,aborted"].includes(types)) found.push(`wrong: ${plan} has ${types}`);
  }
  if (lines.slice(known).some(({ type }) => type === undefined)) found.push("wrong: a line that is no entry");
  const names = await tags();
  if (entries.filter(({ type }) => type === "aborted").some(({ tag }) => names.includes(tag?.name)))
    found.push("wrong: a tag of a promotion that was aborted");
  if (names.length > plans.size) found.push(`wrong: ${names.length} tags of ${plans.size} plans`);
  const deployed = deploymentsOf(hub).map(({ plan }) => plan);
  const succeeded = deploymentsOf(hub).filter(({ states }) => states.includes("success"));
  if (succeeded.some(({ plan }) => !plans.get(plan as string)?.some(({ type }) => type === "committed")))
    found.push("wrong: a success of a plan that is not committed");
  if (new Set(deployed).size < deployed.length) found.push("wrong: two deployments of one plan");
  const versions = (await registry.list(model)).map(({ name }) => name).filter((name) => !name.includes("#"));
  if (versions.length < VERSIONS.length) found.push(`wrong: the versions are ${versions}`);
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
  300_000,
);
