/**
 * A model check of the real `nextPromotionStep`: it visits all states that concurrent promoters, each of which may crash at
 * any time, can reach. The modelled system is as small as possible and as bad as allowed: a write of a crashed promoter may
 * still arrive until its run is known to have ended.
 */
import { seededRandom } from "@mlops-actions/localhub/testing";
import { describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { digestRecord } from "../../records/digest.ts";
import { inVersion } from "../../records/in-version.ts";
import { type PromotionPlan, promotionPlan } from "../../records/promotion-plan.ts";
import { digestOf } from "../../records/testing.ts";
import { getCurrentVersion, getEnvironment, type LedgerEntry, type LedgerState } from "./ledger.ts";
import { createAbortEntry, createCommitEntry, createIntentEntry, type NewEntry } from "./ledger-entries.ts";
import {
  type DeploymentEnd,
  nextPromotionStep,
  type ObservedState,
  type PromotionGoal,
  type PromotionStep,
  tagNameOf,
} from "./next-promotion-step.ts";
import { recoverOpenIntent } from "./recover-open-intent.ts";
import { CREATED_AT, createOrigin, createPlan } from "./testing.ts";
import { appendEntry, EMPTY_LEDGER } from "./verify-ledger.ts";

/** Of three promoters, more in `npm run test:deep`. All orders of two are tried in any case. */
const EXPLORED_STATES = Number(process.env["EXPLORED_STATES"] ?? 10_000);

interface SystemState {
  readonly ledger: LedgerState;
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
  readonly kind: "promote" | "roll-back";
  readonly state: (typeof STATES)[number];
  readonly goal: PromotionGoal;
  readonly plan?: PromotionPlan;
  /** What it has read, and has written itself since then. */
  readonly observed?: Pick<SystemState, "ledger" | "tags"> & {
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
  const { plan, observed, step } = promoter;
  if (plan === undefined || observed === undefined || step === undefined)
    throw new Error("writes before it has decided");
  const context = { ledger: observed.ledger, at: CREATED_AT, origin: createOrigin(promoter.run) };
  const append = (entry: NewEntry): SystemState => {
    if (system.ledger.digest !== observed.ledger.digest) return moveTo({ ...promoter, state: "reading" });
    const ledger = appendEntry(observed.ledger, entry, digestOf);
    return moveTo(decide(system, { ...promoter, observed: { ...observed, ledger } }), { ledger });
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

const keyOf = ({ ledger, tags, deployments, promoters }: SystemState): string =>
  JSON.stringify([
    ledger.digest,
    [...tags].sort(),
    [...deployments].sort(),
    promoters.map(({ state, goal, plan, step, observed }) => [
      state,
      goal,
      plan?.assignment,
      plan?.replaces?.version,
      step && [step.do, "intent" in step ? step.intent.planDigest : ""],
      step?.do === "report" && [step.about.planDigest, step.status],
      observed && [
        observed.ledger.digest,
        [...observed.tags.keys()].sort(),
        [...observed.createdTags].sort(),
        [...observed.deployments].sort(),
      ],
    ]),
  ]);

interface Exploration {
  readonly states: number;
  readonly ends: readonly SystemState[];
}

/** Every order of events. */
function explore(start: SystemState): Exploration {
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

/** One order of events after the other, drawn by a seed, until so many states were seen. */
function wander(start: SystemState, seed: number, atLeast = EXPLORED_STATES): Exploration {
  const random = seededRandom(seed);
  const known = new Set<string>();
  const ends = new Map<string, SystemState>();
  while (known.size < atLeast) {
    let system = start;
    for (let next = successors(system); next.length > 0; next = successors(system)) {
      // Were a crash as likely as anything else, nearly none would get to its end.
      const alive = next.filter(({ promoters }) => countCrashes(promoters) === countCrashes(system.promoters));
      const from = alive.length > 0 && random() < 0.95 ? alive : next;
      system = from[Math.floor(random() * from.length)] ?? system;
      known.add(digestOf(keyOf(system)));
      assertInvariants(system);
    }
    ends.set(keyOf(system), system);
  }
  return { states: known.size, ends: [...ends.values()] };
}

const countCrashes = (promoters: readonly Promoter[]): number =>
  promoters.filter(({ state }) => state === "crashing" || state === "crashed").length;

/** What must be true in every state, not only at the end. */
function assertInvariants({ ledger, tags, deployments, promoters }: SystemState): void {
  for (const [name, plan] of tags) {
    const entry = ledger.plans.get(plan);
    // A tag without its intent, or of an aborted plan, would be an unrecorded assignment.
    if (entry === undefined || entry.record.type === "aborted" || tagNameOf(entry) !== name)
      throw new Error(`stray tag ${name}`);
  }
  for (const [plan, status] of deployments) {
    const type = ledger.plans.get(plan)?.record.type;
    if ((status === "success" || status === "inactive") && type !== "committed") throw new Error("a success too early");
    if (status === "failure" && (type === "intent" || type === "committed")) throw new Error("a failure too early");
  }
  for (const [plan, { record }] of ledger.plans) {
    if (!deployments.has(plan)) throw new Error("begun without a deployment");
    if (record.type === "committed" && ![...tags.values()].includes(plan)) throw new Error("committed too early");
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
    expect(() => explore({ ...START, promoters, ignoresPendingWrites: true })).toThrow(/stray tag/);
  });

  test("three at once, each may crash at any time: what is reported as done is committed", () => {
    const promoters = [promoter(1, "v1.0.0"), promoter(2, "v1.1.0"), promoter(3, "v1.2.0")];
    const { ends } = wander({ ...START, promoters }, 1);
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
    const { ends } = wander({ ...before, promoters }, 2);
    const outcomes = new Set(ends.map((system) => system.promoters.map(({ state }) => state).join()));
    expect(outcomes).toContain("refused,done,done");
    expect(outcomes).toContain("done,done,refused");
    expect(outcomes).toContain("abandoned,done,done");
  });

  test("whatever two have left behind, the next one that runs alone succeeds", () => {
    const { states, ends } = explore({ ...START, promoters: [promoter(1, "v1.0.0"), promoter(2, "v1.1.0")] });
    expect(states).toBeGreaterThan(2_000);
    const leftovers = new Map(ends.map((system) => [keyOf({ ...system, promoters: [] }), system]));
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
});
