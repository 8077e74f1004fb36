/**
 * A model check of the real `nextPromotionStep`: it visits all states that concurrent promoters, each of which may crash at
 * any time, can reach. The modelled system is as small as possible and as bad as allowed: a write of a crashed promoter may
 * still arrive until its run is known to have ended.
 */
import { describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { digestRecord } from "../../records/digest.ts";
import { inVersion } from "../../records/in-version.ts";
import { type PromotionPlan, promotionPlan } from "../../records/promotion-plan.ts";
import { digestOf } from "../../records/testing.ts";
import { getCurrentVersion, getEnvironment, type LedgerEntry, type LedgerState } from "./ledger.ts";
import { createAbortEntry, createCommitEntry, createIntentEntry, type NewEntry } from "./ledger-entries.ts";
import { nextPromotionStep, type PromotionStep, tagNameOf } from "./next-promotion-step.ts";
import { recoverOpenIntent } from "./recover-open-intent.ts";
import { CREATED_AT, createOrigin, createPlan } from "./testing.ts";
import { appendEntry, EMPTY_LEDGER } from "./verify-ledger.ts";

interface SystemState {
  readonly ledger: LedgerState;
  /** From a tag's name to the digest of its plan. */
  readonly tags: ReadonlyMap<string, string>;
  readonly deployed: ReadonlySet<string>;
  readonly promoters: readonly Promoter[];
  /** Whether `hasEnded` ignores what a crashed process has already sent: to prove that the model detects that bug. */
  readonly ignoresPendingWrites: boolean;
}

interface Promoter {
  readonly run: number;
  readonly version: string;
  readonly environment: string;
  readonly kind: "promote" | "roll-back";
  readonly state: "idle" | "planned" | "reading" | "writing" | "crashing" | "crashed" | "done" | "refused";
  readonly plan?: PromotionPlan;
  /** What it has read, and has written itself since then. */
  readonly observed?: Pick<SystemState, "ledger" | "tags"> & {
    readonly createdTags: ReadonlySet<string>;
    readonly deployed: ReadonlySet<string>;
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
      other !== run || ["crashed", "done", "refused"].includes(state) || (ignoresPendingWrites && state === "crashing"),
  );

const openIntent = (ledger: LedgerState, environment = ENVIRONMENT): LedgerEntry | undefined =>
  getEnvironment(ledger, environment).openIntent;

/** All states that can come next. */
function successors(system: SystemState): readonly SystemState[] {
  return system.promoters.flatMap((promoter, index) => {
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
      case "crashing":
        // What it has sent arrives late, or never.
        return [
          write(system, promoter, (_, change) => moveTo({ ...promoter, state: "crashed" }, change)),
          moveTo({ ...promoter, state: "crashed" }),
        ];
      default:
        return [];
    }
  });
}

function plan(system: SystemState, promoter: Promoter): Promoter {
  const context = { ledger: system.ledger, at: CREATED_AT, origin: createOrigin(promoter.run) };
  const { environment, kind } = promoter;
  const owner = openIntent(system.ledger, environment)?.record.origin.run;
  const refs = [...system.tags].map(([name, plan]) => ({ name, object: objectOf(plan), annotated: true }));
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
  const observed = {
    ledger: system.ledger,
    tags: system.tags,
    createdTags: new Set<string>(),
    deployed: new Set<string>(),
  };
  return decide(system, { ...promoter, observed });
}

function decide(system: SystemState, promoter: Promoter): Promoter {
  const { plan, observed } = promoter;
  if (plan === undefined || observed === undefined) throw new Error("decides before it has read");
  const owner = openIntent(observed.ledger, promoter.environment)?.record.origin.run;
  try {
    const step = nextPromotionStep(plan, digestOfPlan(plan), {
      ledger: observed.ledger,
      tags: new Set(observed.tags.keys()),
      createdTags: new Map([...observed.createdTags].map((planDigest) => [planDigest, objectOf(planDigest)])),
      deployed: observed.deployed,
      ownerHasEnded: owner !== undefined && owner !== promoter.run && hasEnded(system, owner),
    });
    return step.do === "nothing" ? { ...promoter, state: "done" } : { ...promoter, state: "writing", step };
  } catch (error) {
    return refused(promoter, error);
  }
}

function refused(promoter: Promoter, error: unknown): Promoter {
  if (error instanceof ActionError && error.kind === "refused") return { ...promoter, state: "refused" };
  throw error;
}

type MoveTo = (next: Promoter, change?: Partial<SystemState>) => SystemState;

/** The write takes effect. The ledger accepts an entry only after the state that its writer has read; a tag is created once. */
function write(system: SystemState, promoter: Promoter, moveTo: MoveTo): SystemState {
  const { plan, observed, step } = promoter;
  if (plan === undefined || observed === undefined || step === undefined)
    throw new Error("writes before it has decided");
  const context = { ledger: observed.ledger, at: CREATED_AT, origin: createOrigin(promoter.run) };
  const append = (entry: NewEntry): SystemState => {
    if (system.ledger.digest !== observed.ledger.digest) return moveTo({ ...promoter, state: "reading" });
    const ledger = appendEntry(observed.ledger, entry, digestOf);
    return moveTo(decide(system, { ...promoter, observed: { ...observed, ledger } }), { ledger });
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
    case "deploy": {
      const { planDigest } = step.intent;
      const deployed = new Set(system.deployed).add(planDigest);
      return moveTo(decide(system, { ...promoter, observed: { ...observed, deployed } }), { deployed });
    }
  }
}

const keyOf = ({ ledger, tags, deployed, promoters }: SystemState): string =>
  JSON.stringify([
    ledger.digest,
    [...tags].sort(),
    [...deployed].sort(),
    promoters.map(({ state, plan, step, observed }) => [
      state,
      plan?.assignment,
      plan?.replaces?.version,
      step && [step.do, "intent" in step ? step.intent.planDigest : ""],
      observed && [
        observed.ledger.digest,
        [...observed.tags.keys()].sort(),
        [...observed.createdTags].sort(),
        [...observed.deployed].sort(),
      ],
    ]),
  ]);

function explore(start: SystemState): { readonly states: number; readonly ends: readonly SystemState[] } {
  const known = new Set([keyOf(start)]);
  const waiting = [start];
  const ends: SystemState[] = [];
  for (let system = waiting.pop(); system !== undefined; system = waiting.pop()) {
    assertInvariants(system);
    const next = successors(system);
    if (next.length === 0) ends.push(system);
    for (const one of next) {
      const key = keyOf(one);
      if (!known.has(key)) waiting.push(one);
      known.add(key);
    }
  }
  return { states: known.size, ends };
}

/** What must be true in every state, not only at the end. */
function assertInvariants({ ledger, tags, deployed, promoters }: SystemState): void {
  for (const [name, plan] of tags) {
    const entry = ledger.plans.get(plan);
    // A tag without its intent, or of an aborted plan, would be an unrecorded assignment.
    if (entry === undefined || entry.record.type === "aborted" || tagNameOf(entry) !== name)
      throw new Error(`stray tag ${name}`);
  }
  for (const plan of deployed) {
    if (ledger.plans.get(plan)?.record.type === "aborted") throw new Error("deployed and aborted");
  }
  for (const [plan, { record }] of ledger.plans) {
    if (record.type === "committed" && !([...tags.values()].includes(plan) && deployed.has(plan)))
      throw new Error("committed too early");
  }
  const done = promoters.filter(({ state }) => state === "done");
  for (const { plan } of done) {
    if (plan && ledger.plans.get(digestOfPlan(plan))?.record.type !== "committed")
      throw new Error("reported too early");
  }
}

const START: SystemState = {
  ledger: EMPTY_LEDGER,
  tags: new Map(),
  deployed: new Set(),
  promoters: [],
  ignoresPendingWrites: false,
};
const promoter = (run: number, version: string, parts: Partial<Promoter> = {}): Promoter => ({
  ...{ run, version, environment: ENVIRONMENT, kind: "promote", state: "idle" },
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
    expect(() => explore({ ...START, promoters, ignoresPendingWrites: true })).toThrow(/stray tag/);
  });

  test("three at once, each may crash at any time: what is reported as done is committed", () => {
    const promoters = [promoter(1, "v1.0.0"), promoter(2, "v1.1.0"), promoter(3, "v1.2.0")];
    const { states, ends } = explore({ ...START, promoters });
    expect(states).toBeGreaterThan(50_000);
    for (const { ledger, promoters } of ends) {
      const won = promoters.filter(({ state }) => state === "done").map(({ version }) => version);
      const deployed = getEnvironment(ledger, ENVIRONMENT).deployedVersions.map(({ version }) => version.version);
      expect(deployed).toEqual(expect.arrayContaining(won));
      // Only a crashed promoter leaves an open intent.
      expect(openIntent(ledger) === undefined || promoters.some(({ state }) => state === "crashed")).toBe(true);
    }
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
    const { states, ends } = explore({ ...before, promoters });
    expect(states).toBeGreaterThan(10_000);
    const outcomes = new Set(ends.map((system) => system.promoters.map(({ state }) => state).join()));
    expect(outcomes).toContain("refused,done,done");
    expect(outcomes).toContain("done,done,refused");
  });

  test("whatever two have left behind, the next one that runs alone succeeds", () => {
    const { ends } = explore({ ...START, promoters: [promoter(1, "v1.0.0"), promoter(2, "v1.1.0")] });
    const leftovers = new Map(ends.map((system) => [keyOf({ ...system, promoters: [] }), system]));
    expect(leftovers.size).toBeGreaterThan(10);
    for (const system of leftovers.values()) {
      let alone: SystemState = { ...system, promoters: [...system.promoters, promoter(3, "v1.2.0")] };
      for (let steps = 0; steps < 30; steps++) {
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
});
