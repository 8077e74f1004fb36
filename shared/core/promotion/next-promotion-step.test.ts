/**
 * Every order in which two promoters, a crash at any moment and a later third can act, with the real `nextStep`: all states
 * are visited. The world here is as small as it can be and as bad as it may be: writes of somebody who died may arrive until
 * that run is known to be over.
 */
import { describe, expect, test } from "vitest";
import { digestOf } from "../../adapters/files/digest.ts";
import { ActionError } from "../../problem/problem.ts";
import { digestRecord } from "../../records/digest.ts";
import type { PromotionPlan, PromotionRecord } from "../../records/promotion-record.ts";
import { getCurrentVersion, getEnvironment, type LedgerState } from "./ledger.ts";
import { createAbortEntry, createCommitEntry, createIntentEntry } from "./ledger-entries.ts";
import { nextPromotionStep, type PromotionStep, tagNameOf } from "./next-promotion-step.ts";
import { recoverOpenIntent } from "./recover-open-intent.ts";
import { CREATED_AT, createPlan, origin } from "./testing.ts";
import { appendEntry, EMPTY_LEDGER } from "./verify-ledger.ts";

interface World {
  readonly ledger: LedgerState;
  /** Name to the plan whose tag it is. */
  readonly tags: ReadonlyMap<string, string>;
  readonly deployed: ReadonlySet<string>;
  readonly promoters: readonly Promoter[];
  /** A world whose `isOver` does not wait for what a dead process had sent: to see that this model would show it. */
  readonly impatient: boolean;
}

interface Promoter {
  readonly run: number;
  readonly version: string;
  readonly state: "idle" | "planned" | "looking" | "writing" | "dying" | "dead" | "done" | "refused";
  readonly plan?: PromotionPlan;
  /** What it saw when it looked, and has since written itself. */
  readonly seen?: Pick<World, "ledger" | "tags"> & {
    readonly made: ReadonlySet<string>;
    readonly deployed: ReadonlySet<string>;
  };
  readonly step?: Exclude<PromotionStep, { do: "nothing" }>;
}

const ENVIRONMENT = "staging";
const digests = new WeakMap<PromotionPlan, string>();
function digestOfPlan(plan: PromotionPlan): string {
  const digest = digests.get(plan) ?? digestRecord(plan, digestOf);
  digests.set(plan, digest);
  return digest;
}

/** One object for one plan: made by whomever, a tag is the same. */
const objectOf = (planDigest: string): string => planDigest.replace("sha256:", "").slice(0, 40);

/** Whether a run can write no more: its process is gone, and all it had sent has arrived or is lost. */
const isOver = ({ promoters, impatient }: World, run: number): boolean =>
  promoters.every(
    ({ run: other, state }) =>
      other !== run || ["dead", "done", "refused"].includes(state) || (impatient && state === "dying"),
  );

const openIn = (ledger: LedgerState): PromotionRecord | undefined => getEnvironment(ledger, ENVIRONMENT).openIntent;

/** All worlds that can come next. */
function successors(world: World): readonly World[] {
  return world.promoters.flatMap((promoter, index) => {
    const become = (next: Promoter, change: Partial<World> = {}): World => ({
      ...world,
      ...change,
      promoters: world.promoters.with(index, next),
    });
    const crash = become({ ...promoter, state: promoter.state === "writing" ? "dying" : "dead" });
    switch (promoter.state) {
      case "idle":
        return [become(plan(world, promoter))];
      case "planned":
        return [become({ ...promoter, state: "looking" }), crash];
      case "looking":
        return [become(look(world, promoter)), crash];
      case "writing":
        return [write(world, promoter, become), crash];
      case "dying":
        // What it had sent arrives late, or never.
        return [
          write(world, promoter, (_, change) => become({ ...promoter, state: "dead" }, change)),
          become({ ...promoter, state: "dead" }),
        ];
      default:
        return [];
    }
  });
}

function plan(world: World, promoter: Promoter): Promoter {
  const writing = { ledger: world.ledger, at: CREATED_AT, origin: origin(promoter.run) };
  const owner = openIn(world.ledger)?.origin.run;
  const refs = [...world.tags].map(([name, plan]) => ({ name, object: objectOf(plan), annotated: true }));
  try {
    const ledger = recoverOpenIntent(ENVIRONMENT, refs, owner !== undefined && isOver(world, owner), writing, digestOf);
    const planned = createPlan(ledger, promoter.version, ENVIRONMENT, { origin: origin(promoter.run) });
    return { ...promoter, state: "planned", plan: planned };
  } catch (error) {
    return refused(promoter, error);
  }
}

/** Looks at the whole world, and decides. */
function look(world: World, promoter: Promoter): Promoter {
  const seen = { ledger: world.ledger, tags: world.tags, made: new Set<string>(), deployed: new Set<string>() };
  return decide(world, { ...promoter, seen });
}

function decide(world: World, promoter: Promoter): Promoter {
  const { plan, seen } = promoter;
  if (plan === undefined || seen === undefined) throw new Error("decides before it has looked");
  const owner = openIn(seen.ledger)?.origin.run;
  try {
    const step = nextPromotionStep(plan, digestOfPlan(plan), {
      ledger: seen.ledger,
      tags: new Set(seen.tags.keys()),
      createdTags: new Map([...seen.made].map((planDigest) => [planDigest, objectOf(planDigest)])),
      deployed: seen.deployed,
      ownerHasEnded: owner !== undefined && owner !== promoter.run && isOver(world, owner),
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

type Become = (next: Promoter, change?: Partial<World>) => World;

/** The write reaches the world. The ledger takes an entry only onto what its writer has seen; a tag's name only once. */
function write(world: World, promoter: Promoter, become: Become): World {
  const { plan, seen, step } = promoter;
  if (plan === undefined || seen === undefined || step === undefined) throw new Error("writes before it has decided");
  const writing = { ledger: seen.ledger, at: CREATED_AT, origin: origin(promoter.run) };
  const append = (entry: PromotionRecord): World => {
    if (world.ledger.digest !== seen.ledger.digest) return become({ ...promoter, state: "looking" });
    const ledger = appendEntry(seen.ledger, entry, digestOf);
    return become(decide(world, { ...promoter, seen: { ...seen, ledger } }), { ledger });
  };
  switch (step.do) {
    case "begin":
      return append(createIntentEntry({ plan, planDigest: digestOfPlan(plan), approvals: [] }, writing));
    case "abort":
      return append(createAbortEntry(step.intent, writing));
    case "commit":
      return append(createCommitEntry(step.intent, step.object, writing));
    case "tag": {
      const { planDigest } = step.intent;
      const tags = new Map([[tagNameOf(step.intent), planDigest], ...world.tags]);
      if (tags.get(tagNameOf(step.intent)) !== planDigest) return become({ ...promoter, state: "refused" });
      return become(decide(world, { ...promoter, seen: { ...seen, made: new Set(seen.made).add(planDigest) } }), {
        tags,
      });
    }
    case "deploy": {
      const { planDigest } = step.intent;
      const deployed = new Set(world.deployed).add(planDigest);
      return become(decide(world, { ...promoter, seen: { ...seen, deployed } }), { deployed });
    }
  }
}

const keyOf = ({ ledger, tags, deployed, promoters }: World): string =>
  JSON.stringify([
    ledger.digest,
    [...tags].sort(),
    [...deployed].sort(),
    promoters.map(({ state, plan, step, seen }) => [
      state,
      plan?.assignment,
      plan?.replaces?.version,
      step,
      seen && [seen.ledger.digest, [...seen.tags.keys()].sort(), [...seen.made].sort(), [...seen.deployed].sort()],
    ]),
  ]);

function explore(start: World): { readonly states: number; readonly ends: readonly World[] } {
  const known = new Set([keyOf(start)]);
  const waiting = [start];
  const ends: World[] = [];
  for (let world = waiting.pop(); world !== undefined; world = waiting.pop()) {
    assertSound(world);
    const next = successors(world);
    if (next.length === 0) ends.push(world);
    for (const one of next) {
      const key = keyOf(one);
      if (!known.has(key)) waiting.push(one);
      known.add(key);
    }
  }
  return { states: known.size, ends };
}

/** What must hold in every state, not only in the end. */
function assertSound({ ledger, tags, deployed, promoters }: World): void {
  for (const [name, plan] of tags) {
    const entry = ledger.plans.get(plan);
    // A tag without its intent, or of an aborted plan, would be an assignment that nobody recorded.
    if (entry === undefined || entry.type === "aborted" || tagNameOf(entry) !== name)
      throw new Error(`stray tag ${name}`);
  }
  for (const plan of deployed) {
    if (ledger.plans.get(plan)?.type === "aborted") throw new Error("deployed and aborted");
  }
  for (const [plan, { type }] of ledger.plans) {
    if (type === "committed" && !([...tags.values()].includes(plan) && deployed.has(plan)))
      throw new Error("committed too early");
  }
  const done = promoters.filter(({ state }) => state === "done");
  for (const { plan } of done) {
    if (plan && ledger.plans.get(digestOfPlan(plan))?.type !== "committed") throw new Error("reported too early");
  }
}

const START: World = { ledger: EMPTY_LEDGER, tags: new Map(), deployed: new Set(), promoters: [], impatient: false };
const promoter = (run: number, version: string): Promoter => ({ run, version, state: "idle" });

describe("every order of events", () => {
  test("a takeover that does not wait until its predecessor's last request is done would leave a stray tag", () => {
    const promoters = [promoter(1, "v1.0.0"), promoter(2, "v1.1.0")];
    expect(() => explore({ ...START, promoters, impatient: true })).toThrow(/stray tag/);
  });

  test("three at once, each of whom may die at any moment: what is reported is committed, and nothing else stands", () => {
    const promoters = [promoter(1, "v1.0.0"), promoter(2, "v1.1.0"), promoter(3, "v1.2.0")];
    const { states, ends } = explore({ ...START, promoters });
    expect(states).toBeGreaterThan(50_000);
    for (const { ledger, promoters } of ends) {
      const won = promoters.filter(({ state }) => state === "done").map(({ version }) => version);
      const standing = getEnvironment(ledger, ENVIRONMENT).deployedVersions.map(({ version }) => version.version);
      expect(standing).toEqual(expect.arrayContaining(won));
      // An open intent is left only by somebody who died.
      expect(openIn(ledger) === undefined || promoters.some(({ state }) => state === "dead")).toBe(true);
    }
  });

  test("whatever two have left behind, the next one who is alone comes through", () => {
    const { ends } = explore({ ...START, promoters: [promoter(1, "v1.0.0"), promoter(2, "v1.1.0")] });
    const left = new Map(ends.map((world) => [keyOf({ ...world, promoters: [] }), world]));
    expect(left.size).toBeGreaterThan(10);
    for (const world of left.values()) {
      let alone: World = { ...world, promoters: [...world.promoters, promoter(3, "v1.2.0")] };
      for (let steps = 0; steps < 30; steps++) {
        const [next] = successors(alone);
        if (next === undefined) break;
        assertSound(next);
        alone = next;
      }
      expect(alone.promoters.at(-1)?.state).toBe("done");
      expect(getCurrentVersion(alone.ledger, ENVIRONMENT)?.version.version).toBe("v1.2.0");
      expect(openIn(alone.ledger)).toBeUndefined();
    }
  });
});
