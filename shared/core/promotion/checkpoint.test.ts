/** What a checkpoint makes of a damaged ledger, and which checkpoints are refused. */
import { describe, expect, test } from "vitest";
import { digestRecord } from "../../records/digest.ts";
import { inVersion } from "../../records/in-version.ts";
import { type RepairPlan, repairPlan } from "../../records/promotion-plan.ts";
import { promotionRecord } from "../../records/promotion-record.ts";
import { digestOf } from "../../records/testing.ts";
import type { Tag } from "../registry/registry.ts";
import { formatTagMessage } from "../registry/tag-message.ts";
import { assertTagsMatchLedger } from "./assert-tags-match-ledger.ts";
import { getCurrentVersion, getEnvironment, isUnsettled } from "./ledger.ts";
import { createCheckpointEntry } from "./ledger-entries.ts";
import { pickPlanMetadata } from "./make-plan.ts";
import { makeRepairPlan } from "./make-repair-plan.ts";
import { findTagsToRead, restateEnvironment } from "./restate-environment.ts";
import {
  approve,
  CREATED_AT,
  createLedger,
  createOrigin,
  createPlan,
  type PromotedVersion,
  problemCodes,
} from "./testing.ts";
import { EMPTY_LEDGER, readLedger, serializeEntry, verifyLedger } from "./verify-ledger.ts";

const NAME = "mlops-ledger/visits:ledger.jsonl";
const PROMOTED: readonly PromotedVersion[] = [
  ["v1.0.0", "staging"],
  ["v1.0.0", "production", { needs: ["staging"] }],
  ["v1.1.0", "staging"],
  ["v1.1.0", "production", { needs: ["staging"] }],
  ["v1.0.0", "production", { kind: "roll-back", reason: "Complaints" }],
];
const { text: whole, ledger: complete } = createLedger(...PROMOTED);
const LINES = whole.split("\n").slice(0, -1);

/** With the intents that they hold, as promote-model writes them. */
const TAGS: readonly Tag[] = PROMOTED.map(([version, to, change], at) => {
  const { ledger } = createLedger(...PROMOTED.slice(0, at));
  const { plan, planDigest } = approve(createPlan(ledger, version, to, change));
  const { seq, digest: previous } = ledger;
  const intent = {
    ...({ schema: "mlops-actions/promotion-record@2", seq: seq + 1, previous, type: "intent", planDigest } as const),
    ...{ plan: plan.record, approvals: [], tag: null, at: CREATED_AT, origin: createOrigin() },
  };
  const name = `visits#${to}#${plan.record.assignment}`;
  const message = formatTagMessage("title", promotionRecord, inVersion(promotionRecord, intent, 2));
  return { name, object: "c".repeat(40), annotated: true, commit: "a".repeat(40), message };
});

interface RepairOptions {
  readonly tags?: readonly Tag[];
  readonly change?: (plan: RepairPlan) => RepairPlan;
  readonly approvals?: readonly { login: string; id: number; comment: string }[];
}

function planRepair(text: string, environment: string, { tags = TAGS }: RepairOptions = {}): RepairPlan {
  const reading = readLedger(text, NAME, "visits", digestOf);
  const sources = { ledger: reading.state, refused: reading.broken?.lines ?? [], tags };
  const toRead = findTagsToRead("visits", environment, sources).toRead.map(({ name }) => name);
  const read = tags.filter(({ name }) => toRead.includes(name));
  return makeRepairPlan(
    {
      ...{ model: "visits", environment: { name: environment, approvals: 0 }, reading, damage: undefined, tags },
      state: restateEnvironment("visits", environment, sources, read, digestOf),
      policy: { ref: "b".repeat(40), digest: digestOf("policy") },
    },
    pickPlanMetadata(createPlan(EMPTY_LEDGER, "", environment, { reason: "damage" })),
    digestOf,
  );
}

/** The text with a checkpoint after it. */
function repair(text: string, environment: string, options: RepairOptions = {}): string {
  const { change = (plan) => plan, approvals = [] } = options;
  const plan = inVersion(repairPlan, change(planRepair(text, environment, options)), 2);
  const { state: ledger } = readLedger(text, NAME, "visits", digestOf);
  const context = { ledger, at: CREATED_AT, origin: createOrigin() };
  const entry = createCheckpointEntry({ plan, planDigest: digestRecord(plan, digestOf), approvals }, context);
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${serializeEntry(entry)}\n`;
}

const verify = (text: string) => verifyLedger(text, NAME, "visits", digestOf);
const join = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
const damagedLine = (at: number): string => join(LINES.with(at, (LINES[at] ?? "").replace('"seq":', '"seq":9')));
const versions = (ledger: typeof complete, name: string) =>
  getEnvironment(ledger, name).deployedVersions.map(({ version }) => version.version);

const DAMAGES: readonly (readonly [string, string])[] = [
  ...LINES.map((_, at) => [`line ${at + 1} was changed`, damagedLine(at)] as const),
  // Without its last line, it has a promotion that was interrupted: the next one finishes it.
  ...LINES.slice(0, -1).map((_, at) => [`line ${at + 1} was removed`, join(LINES.toSpliced(at, 1))] as const),
  ["its end was removed", join(LINES.slice(0, 4))],
  ["its last line was cut off", whole.slice(0, -20)],
  ["its last line end was cut off", whole.slice(0, -1)],
  ["a line of anything was added", `${whole}anything\n`],
  ["a copy of a line was added", `${whole}${LINES[2]}\n`],
  ["two lines were swapped", join([...LINES.slice(0, 2), LINES[3] ?? "", LINES[2] ?? "", ...LINES.slice(4)])],
  ["it is empty", ""],
];

test.each(DAMAGES)("%s: repaired from the tags, environment by environment", (_, text) => {
  let repaired = text;
  for (const environment of ["production", "staging"]) {
    try {
      repaired = repair(repaired, environment);
    } catch (error) {
      expect(String(error)).toContain("nothing-to-repair");
    }
  }
  const ledger = verify(repaired);
  expect([versions(ledger, "staging"), versions(ledger, "production")]).toEqual([["v1.0.0", "v1.1.0"], ["v1.0.0"]]);
  expect(problemCodes(() => assertTagsMatchLedger(ledger, "visits", TAGS))).toEqual([]);
  expect(repaired.startsWith(text)).toBe(true);
  for (const environment of ["production", "staging"])
    expect(problemCodes(() => planRepair(repaired, environment))).toEqual(["nothing-to-repair"]);
});

describe("a line in the middle was changed, and production repaired", () => {
  const text = damagedLine(3);
  const repaired = repair(text, "production");

  test("staging is not believed before it is repaired, nor its tags looked at", () => {
    const ledger = verify(repaired);
    expect([isUnsettled(ledger, "production"), isUnsettled(ledger, "staging")]).toEqual([false, true]);
    expect(isUnsettled(ledger, "never-seen")).toBe(true);
    const withoutStaging = TAGS.filter(({ name }) => !name.includes("staging"));
    expect(problemCodes(() => assertTagsMatchLedger(ledger, "visits", withoutStaging))).toEqual([]);
  });

  test("a number is left out, so that what was planned before is stale", () => {
    expect(getEnvironment(verify(repaired), "production").lastAssignment).toBe(4);
  });

  test("the chain holds over it: what it leaves behind cannot be changed, nor the checkpoint", () => {
    for (const changed of [
      repaired.replace('"seq":94', '"seq":95'),
      repaired.replace("damage", "Damage"),
      repaired.replace(`${LINES[5]}\n`, ""),
      repaired.replace('"lastAssignment":4', '"lastAssignment":5'),
    ]) {
      expect(changed).not.toBe(repaired);
      expect(problemCodes(() => verify(changed))).toEqual(["ledger-broken"]);
    }
  });

  test("the error is that of the line that is broken, not of what follows", () => {
    expect(() => verify(text)).toThrow(`${NAME}:4: this entry of the ledger is not valid: its sequence number`);
    expect(() => verify(text)).toThrow('plan with "kind: repair"');
  });
});

test("a tag of a committed promotion that is gone is told, and left out", () => {
  const tags = TAGS.filter(({ name }) => name !== "visits#staging#1");
  const plan = planRepair(whole, "staging", { tags });
  expect(plan.warnings?.map(({ code }) => code)).toEqual(["assignment-tag-missing"]);
  expect(plan.repair).toMatchObject({ refusedLines: 0, problem: expect.stringContaining("visits#staging#1") });
  const ledger = verify(repair(whole, "staging", { tags }));
  expect(problemCodes(() => assertTagsMatchLedger(ledger, "visits", tags))).toEqual([]);
  // Nothing was refused: what the ledger says about the other environment still counts.
  expect([isUnsettled(ledger, "production"), versions(ledger, "staging")]).toEqual([false, ["v1.0.0", "v1.1.0"]]);
});

test("a tag that was moved is not believed", () => {
  const tags = TAGS.map((tag) => (tag.name === "visits#staging#1" ? { ...tag, object: "d".repeat(40) } : tag));
  expect(problemCodes(() => planRepair(whole, "staging", { tags }))).toEqual(["assignment-tag-moved"]);
});

test.each([
  ["of another tag", (tag: Tag) => ({ ...tag, message: TAGS[1]?.message ?? "" }), "assignment-tag-forged"],
  [
    "with a plan of another digest",
    (tag: Tag) => ({ ...tag, message: tag.message.replace('"reason": ""', '"reason": "x"') }),
    "assignment-tag-forged",
  ],
  ["without a record", (tag: Tag) => ({ ...tag, message: "mine" }), expect.stringMatching(/^(json|record)-/)],
])("a tag with the message %s is not believed", (_, forge, code) => {
  const tags = TAGS.map((tag) => (tag.name === "visits#staging#2" ? forge(tag) : tag));
  expect(problemCodes(() => planRepair(join(LINES.slice(0, 4)), "staging", { tags }))).toEqual([code]);
});

describe("a checkpoint is refused", () => {
  const text = damagedLine(3);
  const changed = (change: (repair: RepairPlan["repair"]) => RepairPlan["repair"]) => (plan: RepairPlan) => ({
    ...plan,
    repair: change(plan.repair),
  });
  const ofState = (change: Partial<RepairPlan["repair"]["state"]>) =>
    changed((repair) => ({ ...repair, state: { ...repair.state, ...change } }));
  const tag = { name: "visits#production#1", object: "c".repeat(40) };
  test.each<[string, (plan: RepairPlan) => RepairPlan]>([
    ["that leaves other lines behind", changed((repair) => ({ ...repair, refusedLines: repair.refusedLines - 1 }))],
    ["that leaves other text behind", changed((repair) => ({ ...repair, refusedDigest: digestOf("x") }))],
    ["after another entry", changed((repair) => ({ ...repair, lastValid: { seq: 2, digest: digestOf("x") } }))],
    ["for one environment that states another", ofState({ name: "staging" })],
    ["that uses a number again", ofState({ lastAssignment: 1, tags: [] })],
    ["with a tag of another environment", ofState({ tags: [{ ...tag, name: "visits#staging#1" }] })],
    ["with a tag of another model", ofState({ tags: [{ ...tag, name: "other#production#1" }] })],
    ["with tags out of order", ofState({ tags: [{ ...tag, name: "visits#production#2" }, tag] })],
    ["with a tag of a later number", ofState({ tags: [{ ...tag, name: "visits#production#9" }] })],
    ["of another model", (plan) => ({ ...plan, model: "other" })],
    ["without its approvals", (plan) => ({ ...plan, approvals: 1 })],
  ])("%s", (_, change) => {
    expect(problemCodes(() => verify(repair(text, "production", { change })))).toEqual(["ledger-broken"]);
  });

  test("that its requester has approved", () => {
    const change = (plan: RepairPlan): RepairPlan => ({ ...plan, approvals: 1 });
    const by = (id: number) => ({ change, approvals: [{ login: "x", id, comment: "" }] });
    expect(problemCodes(() => verify(repair(text, "production", by(1))))).toEqual(["ledger-broken"]);
    expect(getCurrentVersion(verify(repair(text, "production", by(2))), "production")?.version.version).toBe("v1.0.0");
  });

  test("that is written twice", () => {
    const repaired = repair(text, "production");
    const last = repaired.split("\n").at(-2);
    expect(problemCodes(() => verify(`${repaired}${last}\n`))).toEqual(["ledger-broken"]);
  });
});
