/**
 * A model check of the real `nextPromotionStep` and of repairs: it visits all states that concurrent promoters, each of which may
 * crash at any time, can reach, while somebody damages the ledger and others repair it. The modelled system is as small as
 * possible and as bad as allowed: a write of a crashed promoter may still arrive until its run is known to have ended.
 */
import { describe, expect, test } from "vitest";
import { exploreAll, wander } from "../../../test/fixture/explore-orders.ts";
import { ActionError } from "../../problem/problem.ts";
import { digestRecord } from "../../records/digest.ts";
import { inVersion } from "../../records/in-version.ts";
import { type PromotionPlan, promotionPlan, type RepairPlan, repairPlan } from "../../records/promotion-plan.ts";
import { promotionRecord } from "../../records/promotion-record.ts";
import { digestOf } from "../../records/testing.ts";
import { formatTagMessage } from "../registry/tag-message.ts";
import { assertTagsMatchLedger, findTagProblems } from "./assert-tags-match-ledger.ts";
import { getCurrentVersion, getEnvironment, isUnsettled, type LedgerEntry, type LedgerState } from "./ledger.ts";
import {
  createAbortEntry,
  createCheckpointEntry,
  createCommitEntry,
  createIntentEntry,
  type NewEntry,
} from "./ledger-entries.ts";
import { pickPlanMetadata } from "./make-plan.ts";
import { makeRepairPlan } from "./make-repair-plan.ts";
import {
  type DeploymentEnd,
  nextPromotionStep,
  type ObservedState,
  type PromotionGoal,
  type PromotionStep,
  tagNameOf,
} from "./next-promotion-step.ts";
import { assertPlanUnchanged } from "./plan-validity.ts";
import { recoverOpenIntent } from "./recover-open-intent.ts";
import { findOpenIntents } from "./refused-lines.ts";
import { findTagsToRead, restateEnvironment } from "./restate-environment.ts";
import { CREATED_AT, createOrigin, createPlan } from "./testing.ts";
import { appendEntry, EMPTY_LEDGER, readLedger, serializeEntry } from "./verify-ledger.ts";

/** In two environments; a million in `npm run test:deep`. All orders of two promoters are tried in any case. */
const EXPLORED_STATES = Number(process.env["EXPLORED_STATES"] ?? 10_000);
/** By walks that a seed draws, which end in many ways soon. */
const WALKED_STATES = Math.min(EXPLORED_STATES, 40_000);

/** Each of them costs more: the ledger is read again. */
const DAMAGED_STATES = WALKED_STATES / 4;

interface SystemState {
  /** After the last valid line. */
  readonly ledger: LedgerState;
  /** All lines, also those that are not valid. */
  readonly lines: readonly string[];
  /** The lines after the last valid one. */
  readonly refused: readonly string[];
  /** How often somebody may still damage the ledger, and has done so. */
  readonly damage: { readonly left: number; readonly done: number };
  /** By plan: what its tag holds. */
  readonly intents: ReadonlyMap<string, NewEntry>;
  /** From a tag's name to the digest of its plan. */
  readonly tags: ReadonlyMap<string, string>;
  /** By plan. */
  readonly deployments: ObservedState["deployments"];
  readonly promoters: readonly Promoter[];
  /** Whether `hasEnded` ignores what a crashed process has already sent: to prove that the model detects that bug. */
  readonly ignoresPendingWrites: boolean;
}

/** `begun`: it deploys; `abandoned`: that failed, and the post step has ended it. */
const STATES = [
  ...(["idle", "planned", "reading", "writing", "begun", "done"] as const),
  ...(["abandoned", "crashing", "crashed", "refused"] as const),
] as const;

interface Promoter {
  readonly run: number;
  readonly version: string;
  readonly environment: string;
  readonly kind: "promote" | "roll-back" | "repair";
  readonly state: (typeof STATES)[number];
  readonly goal: PromotionGoal;
  readonly plan?: PromotionPlan;
  readonly repair?: RepairPlan;
  /** What it has read, and has written itself since then. */
  readonly observed?: Pick<SystemState, "ledger" | "lines" | "refused" | "tags"> & {
    readonly createdTags: ReadonlySet<string>;
    readonly deployments: ObservedState["deployments"];
  };
  readonly step?: Exclude<PromotionStep, { do: "nothing" }>;
}

const ENVIRONMENT = "staging";
const asPlanned = (plan: PromotionPlan) => inVersion(promotionPlan, plan, 2);
const digests = new WeakMap<PromotionPlan, string>();
function digestOfPlan(plan: PromotionPlan): string {
  const digest = digests.get(plan) ?? digestRecord(asPlanned(plan), digestOf);
  digests.set(plan, digest);
  return digest;
}

/** One tag object for one plan, whichever promoter creates it. */
const objectOf = (planDigest: string): string => planDigest.replace("sha256:", "").slice(0, 40);

/** Whether a run can write nothing any more: its process has ended, and what it had sent has arrived or is lost. */
const hasEnded = ({ promoters, ignoresPendingWrites }: SystemState, run: number): boolean =>
  promoters.every(
    ({ run: other, state }) =>
      other !== run ||
      ["crashed", "done", "abandoned", "refused"].includes(state) ||
      (ignoresPendingWrites && state === "crashing"),
  );

const openIntent = (ledger: LedgerState, environment = ENVIRONMENT): LedgerEntry | undefined =>
  getEnvironment(ledger, environment).openIntent;

/** All states that can come next. */
function successors(system: SystemState): readonly SystemState[] {
  return [
    ...damaged(system),
    ...system.promoters.flatMap((promoter, index) => {
      const moveTo = (next: Promoter, change: Partial<SystemState> = {}): SystemState => ({
        ...system,
        ...change,
        promoters: system.promoters.with(index, next),
      });
      const crash = moveTo({ ...promoter, state: promoter.state === "writing" ? "crashing" : "crashed" });
      switch (promoter.state) {
        case "idle":
          return [moveTo(plan(system, promoter))];
        case "planned":
          return [moveTo({ ...promoter, state: "reading" }), crash];
        case "reading":
          return [moveTo(read(system, promoter)), crash];
        case "writing":
          return [write(system, promoter, moveTo), crash];
        case "begun":
          return [
            moveTo({ ...promoter, state: "reading", goal: "committed" }),
            moveTo({ ...promoter, state: "reading", goal: "ended" }),
            crash,
          ];
        case "crashing":
          // What it has sent arrives late, or never.
          return [
            write(system, promoter, (_, change) => moveTo({ ...promoter, state: "crashed" }, change)),
            moveTo({ ...promoter, state: "crashed" }),
          ];
        default:
          return [];
      }
    }),
  ];
}

/** Somebody who may push appends a line, or changes the newest one. */
function damaged(system: SystemState): readonly SystemState[] {
  const { left, done } = system.damage;
  if (left === 0) return [];
  const changes = [[...system.lines, "garbage"]];
  const newest = system.lines.at(-1);
  if (newest !== undefined) changes.push([...system.lines.slice(0, -1), newest.replace(/"seq":/, '"seq":9')]);
  return changes.map((lines) => ({ ...system, ...readLines(lines), damage: { left: left - 1, done: done + 1 } }));
}

function readLines(lines: readonly string[]): Pick<SystemState, "ledger" | "lines" | "refused"> {
  const key = digestOf(lines.join("\n"));
  const known = readings.get(key);
  if (known !== undefined) return known;
  const { state, broken } = readLedger(lines.map((line) => `${line}\n`).join(""), "ledger", "visits", digestOf);
  const reading = { ledger: state, lines, refused: broken?.lines ?? [] };
  if (readings.size >= MAX_READINGS) readings.clear();
  readings.set(key, reading);
  return reading;
}

const MAX_READINGS = 5_000;
/** By digest: the same lines are read in many states. */
const readings = new Map<string, Pick<SystemState, "ledger" | "lines" | "refused">>();

const refsOf = ({ tags }: Pick<SystemState, "tags">) =>
  [...tags].map(([name, plan]) => ({ name, object: objectOf(plan), annotated: true }));

/** As the actions read it; the tags after the ledger. */
function makeRepair(system: SystemState, { environment, run }: Promoter): RepairPlan {
  const { ledger, refused: lines, intents } = system;
  const owners = [
    openIntent(ledger, environment)?.record.origin.run ?? [],
    findOpenIntents(lines)
      .filter((intent) => intent.environment === environment)
      .map((intent) => intent.run),
  ].flat();
  if (!owners.every((owner) => hasEnded(system, owner))) throw new ActionError("refused", []);
  const tags = refsOf(system);
  const sources = { ledger, refused: lines, tags };
  const read = findTagsToRead("visits", environment, sources).toRead.map((ref) => {
    const intent = intents.get(system.tags.get(ref.name) ?? "");
    if (intent === undefined) throw new Error("a tag without an intent");
    return { ...ref, commit: "", message: formatTagMessage("", promotionRecord, intent) };
  });
  const problem = new ActionError("refused", [{ code: "ledger-broken", message: "broken", fix: "" }]);
  return makeRepairPlan(
    {
      ...{ model: "visits", environment: { name: environment, approvals: 0 }, damage: undefined, tags },
      reading: { state: ledger, broken: lines.length > 0 ? { error: problem, lines } : undefined },
      state: restateEnvironment("visits", environment, sources, read, digestOf),
      policy: { ref: "b".repeat(40), digest: digestOf("policy") },
    },
    pickPlanMetadata(createPlan(EMPTY_LEDGER, "", environment, { origin: createOrigin(run), reason: "damage" })),
    digestOf,
  );
}

function planRepair(system: SystemState, promoter: Promoter): Promoter {
  try {
    return { ...promoter, state: "planned", repair: makeRepair(system, promoter) };
  } catch (error) {
    return refused(promoter, error);
  }
}

/** Makes the plan again, and refuses when anything differs. */
function readForRepair(system: SystemState, promoter: Promoter): Promoter {
  const { repair } = promoter;
  if (repair === undefined) throw new Error("repairs without a plan");
  try {
    assertPlanUnchanged(inVersion(repairPlan, repair, 2), makeRepair(system, promoter));
  } catch (error) {
    return refused(promoter, error);
  }
  return { ...promoter, state: "writing", observed: { ...system, createdTags: new Set(), deployments: new Map() } };
}

function writeCheckpoint(system: SystemState, promoter: Promoter, moveTo: MoveTo): SystemState {
  const { repair, observed } = promoter;
  if (repair === undefined || observed === undefined) throw new Error("repairs before it has read");
  if (!isSameHead(system, observed)) return moveTo({ ...promoter, state: "reading" });
  const approved = inVersion(repairPlan, repair, 2);
  const context = { ledger: system.ledger, at: CREATED_AT, origin: createOrigin(promoter.run) };
  const entry = createCheckpointEntry(
    { plan: approved, planDigest: digestRecord(approved, digestOf), approvals: [] },
    context,
  );
  const written = readLines([...system.lines, serializeEntry(entry)]);
  // What it has written can be read again, by anybody.
  if (written.refused.length > 0) throw new Error("a checkpoint that does not repair");
  return moveTo({ ...promoter, state: "done" }, written);
}

const isSameHead = ({ lines: a }: Pick<SystemState, "lines">, { lines: b }: Pick<SystemState, "lines">): boolean =>
  a === b || (a.length === b.length && a.every((line, index) => line === b[index]));

function plan(system: SystemState, promoter: Promoter): Promoter {
  if (promoter.kind === "repair") return planRepair(system, promoter);
  if (system.refused.length > 0 || isUnsettled(system.ledger, promoter.environment))
    return { ...promoter, state: "refused" };
  const context = { ledger: system.ledger, at: CREATED_AT, origin: createOrigin(promoter.run) };
  const { environment, kind } = promoter;
  const owner = openIntent(system.ledger, environment)?.record.origin.run;
  const refs = refsOf(system);
  try {
    const ledger = recoverOpenIntent(
      environment,
      refs,
      owner !== undefined && hasEnded(system, owner),
      context,
      digestOf,
    );
    const needs = environment === "production" ? [ENVIRONMENT] : [];
    const more = { origin: createOrigin(promoter.run), kind, needs };
    const planned = createPlan(ledger, promoter.version, environment, more);
    return { ...promoter, state: "planned", plan: planned };
  } catch (error) {
    return refused(promoter, error);
  }
}

/** Reads the whole system, and decides. */
function read(system: SystemState, promoter: Promoter): Promoter {
  if (promoter.kind === "repair") return readForRepair(system, promoter);
  if (system.refused.length > 0) return { ...promoter, state: "refused" };
  const observed = {
    ...system,
    createdTags: new Set<string>(),
    deployments: new Map(),
  };
  return decide(system, { ...promoter, observed });
}

function decide(system: SystemState, promoter: Promoter): Promoter {
  const { plan, observed } = promoter;
  if (plan === undefined || observed === undefined) throw new Error("decides before it has read");
  const owner = openIntent(observed.ledger, promoter.environment)?.record.origin.run;
  try {
    const step = nextPromotionStep(plan, digestOfPlan(plan), promoter.goal, {
      ledger: observed.ledger,
      tags: new Set(observed.tags.keys()),
      createdTags: new Map([...observed.createdTags].map((planDigest) => [planDigest, objectOf(planDigest)])),
      deployments: observed.deployments,
      ownerHasEnded: owner !== undefined && owner !== promoter.run && hasEnded(system, owner),
    });
    if (step.do !== "nothing") return { ...promoter, state: "writing", step };
    return { ...promoter, state: REACHED[promoter.goal] };
  } catch (error) {
    return refused(promoter, error);
  }
}

const REACHED = { begun: "begun", committed: "done", ended: "abandoned" } as const;

function refused(promoter: Promoter, error: unknown): Promoter {
  if (error instanceof ActionError && error.kind === "refused") return { ...promoter, state: "refused" };
  throw error;
}

type MoveTo = (next: Promoter, change?: Partial<SystemState>) => SystemState;

/** The write takes effect. The ledger accepts an entry only after the state that its writer has read; a tag is created once. */
function write(system: SystemState, promoter: Promoter, moveTo: MoveTo): SystemState {
  if (promoter.kind === "repair") return writeCheckpoint(system, promoter, moveTo);
  const { plan, observed, step } = promoter;
  if (plan === undefined || observed === undefined || step === undefined)
    throw new Error("writes before it has decided");
  const context = { ledger: observed.ledger, at: CREATED_AT, origin: createOrigin(promoter.run) };
  const append = (entry: NewEntry): SystemState => {
    if (!isSameHead(system, observed)) return moveTo({ ...promoter, state: "reading" });
    const ledger = appendEntry(observed.ledger, entry, digestOf);
    const lines = [...system.lines, serializeEntry(entry)];
    const intents =
      entry.record.type === "intent" ? new Map(system.intents).set(entry.record.planDigest, entry) : system.intents;
    const next = { ...promoter, observed: { ...observed, ledger, lines } };
    return moveTo(decide({ ...system, ledger, lines }, next), { ledger, lines, intents });
  };
  const setStatus = (planDigest: string, status: "in_progress" | DeploymentEnd, isThere = true): SystemState => {
    const deployments = new Map(observed.deployments).set(planDigest, status);
    return moveTo(decide(system, { ...promoter, observed: { ...observed, deployments } }), {
      deployments: isThere ? new Map(system.deployments).set(planDigest, status) : system.deployments,
    });
  };
  switch (step.do) {
    case "begin":
      return append(
        createIntentEntry({ plan: asPlanned(plan), planDigest: digestOfPlan(plan), approvals: [] }, context),
      );
    case "abort":
      return append(createAbortEntry(step.intent, context));
    case "commit":
      return append(createCommitEntry(step.intent, step.object, context));
    case "tag": {
      const { planDigest } = step.intent;
      const tags = new Map([[tagNameOf(step.intent), planDigest], ...system.tags]);
      if (tags.get(tagNameOf(step.intent)) !== planDigest) return moveTo({ ...promoter, state: "refused" });
      const createdTags = new Set(observed.createdTags).add(planDigest);
      return moveTo(decide(system, { ...promoter, observed: { ...observed, createdTags } }), { tags });
    }
    case "announce":
      return setStatus(digestOfPlan(plan), "in_progress");
    case "report": {
      const { planDigest } = step.about;
      const isThere = system.deployments.has(planDigest) || step.status === "success";
      return setStatus(planDigest, step.status, isThere);
    }
  }
}

const keyOf = ({ ledger, refused: lines, damage, tags, deployments, promoters }: SystemState): string =>
  JSON.stringify([
    ledger.digest,
    lines,
    damage.left,
    [...tags].sort(),
    [...deployments].sort(),
    promoters.map(({ state, goal, plan, repair, step, observed }) => [
      state,
      goal,
      repair,
      plan?.assignment,
      plan?.replaces?.version,
      step && [step.do, "intent" in step ? step.intent.planDigest : ""],
      step?.do === "report" && [step.about.planDigest, step.status],
      observed && [
        observed.ledger.digest,
        observed.refused,
        [...observed.tags.keys()].sort(),
        [...observed.createdTags].sort(),
        [...observed.deployments].sort(),
      ],
    ]),
  ]);

const MODEL = { successors, keyOf, assertInvariants };
const crashes = ({ promoters: before }: SystemState, { promoters: after }: SystemState): boolean =>
  countCrashes(after) > countCrashes(before);

/** Every order of events, and what each leaves. */
const explore = (start: SystemState, visitEnd?: (end: SystemState) => void) =>
  exploreAll(start, { ...MODEL, ...(visitEnd && { visitEnd }) });

const walk = (start: SystemState, seed: number, states: number, visitEnd: (end: SystemState) => void) =>
  wander(start, { ...MODEL, visitEnd }, { seed, states, isRare: crashes });

/** How each promoter has ended. */
const outcomeOf = ({ promoters }: SystemState): string => promoters.map(({ state }) => state).join();

const countCrashes = (promoters: readonly Promoter[]): number =>
  promoters.filter(({ state }) => state === "crashing" || state === "crashed").length;

/** What must be true in every state, not only at the end. */
function assertInvariants(system: SystemState): void {
  const { ledger, tags, deployments, promoters, damage, refused: lines } = system;
  if (lines.length === 0) {
    assertTagsMatchLedger(ledger, "visits", refsOf(system));
    for (const name of [ENVIRONMENT, "production"]) assertNewestTagIsCurrent(system, name);
  }
  const tagged = new Set(tags.values());
  const isCommitted = (plan: string): boolean =>
    ledger.plans.get(plan)?.record.type === "committed" || (damage.done > 0 && tagged.has(plan));
  for (const [plan, status] of deployments) {
    const type = ledger.plans.get(plan)?.record.type;
    if ((status === "success" || status === "inactive") && !isCommitted(plan)) throw new Error("a success too early");
    if (status === "failure" && (tagged.has(plan) || (lines.length === 0 && isOpen(ledger, plan))))
      throw new Error("a failure too early");
    if (status === "failure" && damage.done === 0 && type === "committed") throw new Error("a failure too early");
  }
  for (const [plan, { record }] of ledger.plans) {
    if (!deployments.has(plan)) throw new Error("begun without a deployment");
    if (record.type === "committed" && !tagged.has(plan)) throw new Error("committed too early");
  }
  for (const { plan, state } of promoters)
    if (state === "done" && plan && !isCommitted(digestOfPlan(plan))) throw new Error("reported too early");
}

const isOpen = (ledger: LedgerState, planDigest: string): boolean =>
  [...ledger.environments.values()].some(({ openIntent }) => openIntent?.planDigest === planDigest);

/** Whoever reads the tags alone, and whoever reads the ledger, see the same; whatever was damaged before. */
function assertNewestTagIsCurrent({ ledger, tags, intents }: SystemState, name: string): void {
  const environment = getEnvironment(ledger, name);
  const newest = environment.tags.at(-1);
  if (newest === undefined || isUnsettled(ledger, name)) return;
  const intent = intents.get(tags.get(newest.name) ?? "")?.record;
  const target = intent?.type === "intent" ? intent.plan.target.version : undefined;
  if (target !== getCurrentVersion(ledger, name)?.version.version) throw new Error(`${newest.name} is not current`);
}

const START: SystemState = {
  ...{ ledger: EMPTY_LEDGER, lines: [], refused: [], damage: { left: 0, done: 0 }, intents: new Map() },
  tags: new Map(),
  deployments: new Map(),
  promoters: [],
  ignoresPendingWrites: false,
};
const promoter = (run: number, version: string, parts: Partial<Promoter> = {}): Promoter => ({
  ...{ run, version, environment: ENVIRONMENT, kind: "promote", state: "idle", goal: "begun" },
  ...parts,
});

/** Nobody else writes, and nothing crashes. */
function runAlone(system: SystemState, one: Promoter): SystemState {
  let alone: SystemState = { ...system, promoters: [...system.promoters, one] };
  for (let next = successors(alone)[0]; next !== undefined; next = successors(alone).at(0)) alone = next;
  expect(alone.promoters.at(-1)?.state).toBe("done");
  return { ...alone, promoters: [] };
}

describe("in every order of events", () => {
  test("a takeover that does not wait for the last request of the crashed run would leave a stray tag", () => {
    const promoters = [promoter(1, "v1.0.0"), promoter(2, "v1.1.0")];
    expect(() => explore({ ...START, promoters, ignoresPendingWrites: true })).toThrow("has no entry in the ledger");
  });

  test("three at once, each may crash at any time: what is reported as done is committed", () => {
    const promoters = [promoter(1, "v1.0.0"), promoter(2, "v1.1.0"), promoter(3, "v1.2.0")];
    walk({ ...START, promoters }, 1, WALKED_STATES, ({ ledger, promoters }) => {
      const won = promoters.filter(({ state }) => state === "done").map(({ version }) => version);
      const deployed = getEnvironment(ledger, ENVIRONMENT).deployedVersions.map(({ version }) => version.version);
      expect(deployed).toEqual(expect.arrayContaining(won));
      // Only a crashed promoter leaves an open intent.
      expect(openIntent(ledger) === undefined || promoters.some(({ state }) => state === "crashed")).toBe(true);
    });
  });

  test("in two environments, with a roll back among them: no line is written that may not follow", () => {
    const before = ["v1.0.0", "v1.1.0"].reduce(
      (system, version, at) => runAlone(system, promoter(90 + at, version)),
      START,
    );
    const promoters = [
      promoter(1, "v1.1.0", { environment: "production" }),
      promoter(2, "v1.0.0", { kind: "roll-back" }),
      promoter(3, "v1.0.0", { environment: "production" }),
    ];
    // What may follow is checked with each line: one that may not ends the exploration.
    const outcomes = new Set<string>();
    const start = { ...before, promoters };
    walk(start, 8, WALKED_STATES, (end) => outcomes.add(outcomeOf(end)));
    // One order after the other: walks would see the same states again and again.
    const { states } = exploreAll(start, MODEL, EXPLORED_STATES);
    expect(states).toBeGreaterThanOrEqual(EXPLORED_STATES);
    expect(outcomes).toContain("refused,done,done");
    expect(outcomes).toContain("done,done,refused");
    // An environment goes on after a promotion that failed to deploy.
    expect([...outcomes].some((outcome) => /^abandoned,\w+,done$/.test(outcome))).toBe(true);
  });

  test("whatever two have left behind, the next one that runs alone succeeds", () => {
    const leftovers = new Map<string, SystemState>();
    const start = { ...START, promoters: [promoter(1, "v1.0.0"), promoter(2, "v1.1.0")] };
    const { states } = explore(start, (system) => leftovers.set(keyOf({ ...system, promoters: [] }), system));
    expect(states).toBeGreaterThan(2_000);
    expect(leftovers.size).toBeGreaterThan(10);
    for (const system of leftovers.values()) {
      let alone: SystemState = { ...system, promoters: [...system.promoters, promoter(3, "v1.2.0")] };
      for (let steps = 0; steps < 60; steps++) {
        const [next] = successors(alone);
        if (next === undefined) break;
        assertInvariants(next);
        alone = next;
      }
      expect(alone.promoters.at(-1)?.state).toBe("done");
      expect(getCurrentVersion(alone.ledger, ENVIRONMENT)?.version.version).toBe("v1.2.0");
      expect(openIntent(alone.ledger)).toBeUndefined();
    }
  });

  test("while somebody damages the ledger and two repair it: what is repaired agrees with the tags, and nothing else is believed", () => {
    const promoters = [promoter(1, "v1.0.0"), promoter(2, "", { kind: "repair" }), promoter(3, "", { kind: "repair" })];
    const more = promoter(4, "v1.1.0");
    const damage = { left: 1, done: 0 };
    const goesOn = (system: SystemState) => expect(findAfterwards(system)).toBe("v1.2.0");
    explore({ ...START, damage, promoters: promoters.slice(0, 2) }, goesOn);
    const outcomes = new Set<string>();
    let damagedEnds = 0;
    walk({ ...START, damage, promoters: [...promoters, more] }, 3, DAMAGED_STATES, (end) => {
      outcomes.add(outcomeOf(end));
      if (end.damage.done === 0) return;
      damagedEnds += 1;
      goesOn(end);
    });
    expect([...outcomes].some((outcome) => /^refused,.*done.*,done$/.test(outcome))).toBe(true);
    // Of two that approve the same repair, one writes it.
    expect([...outcomes].some((outcome) => /^[a-z]+,done,done/.test(outcome))).toBe(false);
    expect(damagedEnds).toBeGreaterThan(20);
  });

  test("damaged twice, in two environments: one that was not repaired cannot be promoted to, nor from", () => {
    const before = ["v1.0.0", "v1.1.0"].reduce(
      (system, version, at) => runAlone(system, promoter(90 + at, version)),
      START,
    );
    const promoters = [
      promoter(1, "v1.1.0", { environment: "production" }),
      promoter(2, "v1.0.0", { kind: "roll-back" }),
      promoter(3, "", { kind: "repair" }),
      promoter(4, "", { kind: "repair", environment: "production" }),
    ];
    let onlyOne = 0;
    walk({ ...before, damage: { left: 2, done: 0 }, promoters }, 4, DAMAGED_STATES, (end) => {
      const { ledger, damage } = end;
      if (isUnsettled(ledger, "production") && !isUnsettled(ledger, ENVIRONMENT)) {
        onlyOne += 1;
        const next = promoter(8, "v1.1.0", { environment: "production" });
        expect(runToEnd(end, next).state).toBe("refused");
      }
      if (damage.done === 2) expect(findAfterwards(end)).toBe("v1.2.0");
    });
    expect(onlyOne).toBeGreaterThan(0);
  });
});

/** Whatever was left behind: the environment is repaired if need be, and the next promotion succeeds. */
function findAfterwards(system: SystemState): string | undefined {
  const { ledger, refused: lines } = system;
  const tagsDiffer = findTagProblems(ledger, "visits", refsOf(system), ENVIRONMENT).length > 0;
  const repaired =
    lines.length > 0 || isUnsettled(ledger, ENVIRONMENT) || tagsDiffer
      ? runAlone({ ...system, damage: { left: 0, done: 1 } }, promoter(8, "", { kind: "repair" }))
      : { ...system, damage: { left: 0, done: 1 } };
  return getCurrentVersion(runAlone(repaired, promoter(9, "v1.2.0")).ledger, ENVIRONMENT)?.version.version;
}

function runToEnd(system: SystemState, one: Promoter): Promoter {
  const alone = { ...system, damage: { left: 0, done: 1 } };
  let next: SystemState | undefined = { ...alone, promoters: [...system.promoters, one] };
  let last = one;
  for (; next !== undefined; next = successors(next)[0]) last = next.promoters.at(-1) ?? last;
  return last;
}
