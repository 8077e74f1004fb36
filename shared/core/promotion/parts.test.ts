/** A ledger in parts: it decides what the whole one decides, and what somebody changes in it is found. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { PART_LIMITS } from "../../records/promotion-record.ts";
import { digestOf, readFrozen } from "../../records/testing.ts";
import { assertTagsMatchLedger } from "./assert-tags-match-ledger.ts";
import { chooseVersion } from "./choose-target.ts";
import { getCurrentVersion, getEnvironment, type LedgerState } from "./ledger.ts";
import { nextPromotionStep, type PromotionGoal } from "./next-promotion-step.ts";
import { readWhole } from "./older-parts.ts";
import { describeState } from "./part-state.ts";
import { beginIn, endIn, headOf, NO_PARTS, type PartedLedger, promoteAll, readerOf } from "./parts-testing.ts";
import { PART_ENTRIES } from "./start-part.ts";
import { approve, createPlan } from "./testing.ts";
import { verifyLedger } from "./verify-ledger.ts";

const NAME = "ledger";
const readFile = (parted: PartedLedger): LedgerState => verifyLedger(parted.file.text, NAME, "visits", digestOf);
const readAll = ({ lines }: PartedLedger): LedgerState =>
  verifyLedger(lines.map((line) => `${line}\n`).join(""), NAME, "visits", digestOf);
type Happening = { readonly what: "promote" | "roll back" | "onward"; readonly ends: "commit" | "abort" };

/** @returns `undefined` where that cannot happen */
function happen(parted: PartedLedger, { what, ends }: Happening, entries: number) {
  const { ledger } = parted;
  const to = what === "onward" ? "production" : "staging";
  const staging = getCurrentVersion(ledger, "staging")?.version;
  const earlier = getEnvironment(ledger, "staging").deployedVersions.at(-2)?.version;
  const name = what === "promote" ? `v1.${parted.lines.length}.0` : (what === "onward" ? staging : earlier)?.version;
  if (name === undefined) return undefined;
  const change = {
    ...(what === "roll back" && { kind: "roll-back" as const }),
    needs: what === "onward" ? ["staging"] : [],
  };
  const approved = approve(createPlan(ledger, name, to, change));
  return { approved, parted: endIn(beginIn(parted, approved, entries), to, ends) };
}

const GOALS: readonly PromotionGoal[] = ["begun", "committed", "ended"];

function outcomeOf(
  ledger: LedgerState,
  { plan, planDigest }: ReturnType<typeof approve>,
  goal: PromotionGoal,
): unknown {
  const tags = new Set([...ledger.environments.values()].flatMap((state) => state.tags.map(({ name }) => name)));
  const observed = { ledger, tags, createdTags: new Map(), deployments: new Map(), ownerHasEnded: true };
  try {
    const step = nextPromotionStep(plan.record, planDigest, goal, observed);
    return step.do === "report" ? [step.do, step.status, step.about.planDigest] : step.do;
  } catch (error) {
    return error instanceof ActionError ? error.problems.map(({ code }) => code) : error;
  }
}

const happening = fc.record({
  what: fc.constantFrom<Happening["what"]>("promote", "promote", "roll back", "onward"),
  ends: fc.constantFrom<Happening["ends"]>("commit", "commit", "commit", "abort"),
});

test("whatever has happened, the newest parts and all of them decide the same, and state the same", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 8, maxLength: 40 }),
      fc.integer({ min: 2, max: 7 }),
      async (all, entries) => {
        let parted = NO_PARTS;
        const approvedPlans: ReturnType<typeof approve>[] = [];
        for (const one of all) {
          const next = happen(parted, one, entries);
          if (next === undefined) continue;
          parted = next.parted;
          approvedPlans.push(next.approved);
        }
        const [short, whole] = [readFile(parted), readAll(parted)];
        expect(describeState(short)).toEqual(describeState(whole));
        expect([short.seq, short.digest]).toEqual([whole.seq, whole.digest]);
        for (const environment of ["staging", "production"])
          expect(getEnvironment(short, environment)).toEqual(getEnvironment(whole, environment));
        for (const approved of approvedPlans)
          for (const goal of GOALS) expect(outcomeOf(short, approved, goal)).toEqual(outcomeOf(whole, approved, goal));
        const { text, missing } = await readWhole(parted.file.text, NAME, readerOf(parted));
        expect([missing, text]).toEqual([undefined, parted.lines.map((line) => `${line}\n`).join("")]);
      },
    ),
    { seed: 10, numRuns: 60 },
  );
});

test("the file is as long after 200 promotions as after 60", () => {
  const [some, many] = [60, 200].map((count) => promoteAll(count, PART_ENTRIES).file.text.split("\n").length);
  expect(Math.max(some ?? 0, many ?? 0)).toBeLessThanOrEqual(2 * PART_ENTRIES + 4);
  expect(Math.abs((many ?? 0) - (some ?? 0))).toBeLessThanOrEqual(PART_ENTRIES);
});

describe("what is older than a part states", () => {
  const parted = promoteAll(PART_LIMITS.versions + 5, 12);
  const ledger = readFile(parted);

  test("is nothing to roll back to, and the refusal says why", () => {
    const request = { kind: "roll-back", environment: "staging", version: "v1.0.0", reason: "It was worse" } as const;
    expect(() => chooseVersion(request, ledger)).toThrow("none of the newest, which the ledger keeps at hand");
    expect(getEnvironment(ledger, "staging").olderVersions).toBe(true);
  });

  test("needs no tag, but every newer one does", () => {
    const tags = Array.from({ length: PART_LIMITS.versions + 5 }, (_, index) => ({
      ...{ name: `visits#staging#${index + 1}`, object: "c".repeat(40), annotated: true },
    }));
    const { tagsFrom } = getEnvironment(ledger, "staging");
    expect(tagsFrom).toBeGreaterThan(1);
    expect(() => assertTagsMatchLedger(ledger, "visits", tags)).not.toThrow();
    expect(() => assertTagsMatchLedger(ledger, "visits", tags.slice(tagsFrom - 1))).not.toThrow();
    expect(() => assertTagsMatchLedger(ledger, "visits", tags.slice(tagsFrom))).toThrow("[assignment-tag-missing]");
  });

  test("is not carried out again", () => {
    const [first] = parted.lines;
    const { plan, planDigest } = JSON.parse(first ?? "");
    const old = { plan: { record: plan, version: 2, written: plan }, planDigest, approvals: [] } as const;
    const many = readFile(promoteAll(80, 6, parted));
    expect(many.begun.has(planDigest)).toBe(false);
    expect(GOALS.map((goal) => outcomeOf(many, old, goal))).toEqual([
      ["promotion-superseded"],
      ["promotion-superseded"],
      "nothing",
    ]);
  });
});

describe("a ledger of one file", () => {
  const frozen = readFrozen("ledger.jsonl");
  const lines = frozen.split("\n").slice(0, -1);
  const single: PartedLedger = {
    ...{ ledger: verifyLedger(frozen, NAME, "visits", digestOf), older: new Map(), lines },
    file: { head: headOf(frozen), text: frozen },
  };

  test("of a release that knew no parts goes on in parts, and what was in it counts", async () => {
    const [, production] = ["staging", "production"];
    const plan = createPlan(single.ledger, "v2.0.0", production ?? "");
    const parted = endIn(beginIn(single, approve(plan), 4), "production", "commit");
    expect(parted.file.text.split("\n")[parted.file.text.startsWith(frozen) ? lines.length : 0]).toContain(
      '"type":"part"',
    );
    const more = promoteAll(6, 4, parted, "production");
    expect(more.file.text.startsWith(frozen)).toBe(false);
    const [short, whole] = [readFile(more), readAll(more)];
    expect(describeState(short)).toEqual(describeState(whole));
    // Of version 1, with plan and approvals as version 1 repeats them.
    expect(getEnvironment(short, "staging").openIntent).toEqual(getEnvironment(single.ledger, "staging").openIntent);
    expect((await readWhole(more.file.text, NAME, readerOf(more))).text.startsWith(frozen)).toBe(true);
  });

  test("stays one where the policy is of version 1", () => {
    const plan = approve(createPlan(single.ledger, "v2.0.0", "production"), 1);
    const { file, older } = beginIn(single, plan, 4);
    expect([file.text.startsWith(frozen), file.text.includes('"type":"part"'), older.size]).toEqual([true, false, 0]);
  });

  test("that is long is left at once", () => {
    const long = promoteAll(40, 1_000);
    const plan = approve(createPlan(long.ledger, "v2.0.0", "staging"));
    expect(beginIn(long, plan, PART_ENTRIES).file.text.split("\n")).toHaveLength(3);
  });
});

test("what is open while a part begins elsewhere stays open, and an abort is still to be reported", () => {
  const some = promoteAll(3, 100);
  const target = getCurrentVersion(some.ledger, "staging")?.version.version ?? "";
  const open = approve(createPlan(some.ledger, target, "production", { needs: ["staging"] }));
  const aborted = approve(createPlan(some.ledger, "v9.0.0", "vault"));
  const begun = endIn(beginIn(beginIn(some, open, 100), aborted, 100), "vault", "abort");
  const ledger = readFile(promoteAll(9, 4, begun));
  expect(ledger.plans.has(JSON.parse(some.lines[0] ?? "").planDigest)).toBe(false);
  expect(describeState(ledger).ended.map(({ planDigest }) => planDigest)).not.toContain(open.planDigest);
  expect(getEnvironment(ledger, "production").openIntent?.planDigest).toBe(open.planDigest);
  const next = approve(createPlan(ledger, "v9.1.0", "vault"));
  expect(outcomeOf(ledger, next, "begun")).toEqual(["report", "failure", aborted.planDigest]);
});

test("that versions were left out stays known when there are few again", () => {
  let parted = promoteAll(PART_LIMITS.versions + 5, 12);
  for (let times = 0; times < 14; times++) {
    const earlier = getEnvironment(parted.ledger, "staging").deployedVersions.at(-2)?.version.version ?? "";
    const plan = createPlan(parted.ledger, earlier, "staging", { kind: "roll-back", reason: `${times}` });
    parted = endIn(beginIn(parted, approve(plan), 6), "staging", "commit");
  }
  const { deployedVersions, olderVersions } = getEnvironment(readFile(parted), "staging");
  expect([deployedVersions.length < PART_LIMITS.versions, olderVersions]).toEqual([true, true]);
});

test("a part waits where the plan's version would no longer be among those that it states", () => {
  const parted = promoteAll(PART_LIMITS.versions + 5, 1_000);
  const plan = createPlan(parted.ledger, "v1.0.0", "production", { needs: ["staging"] });
  expect(beginIn(parted, approve(plan), 10).file.text).not.toContain('"type":"part"');
});
