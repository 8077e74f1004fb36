import { describe, expect, test } from "vitest";
import { inVersion } from "../../records/in-version.ts";
import { MODEL_VERSION, type ModelVersionRecord, modelVersionRecord } from "../../records/model-version.ts";
import { promotionPlan } from "../../records/promotion-plan.ts";
import { asWritten, digestOf } from "../../records/testing.ts";
import { parseVersionTag } from "../registry/registered-version.ts";
import { formatTagMessage } from "../registry/tag-message.ts";
import { findEnvironment } from "./choose-target.ts";
import { makePlan, type PlanFacts } from "./make-plan.ts";
import { assertCanCarryOut } from "./next-promotion-step.ts";
import { assertPlanMayStart, assertPlanOfThisRun, assertPlanUnchanged } from "./plan-validity.ts";
import { CREATED_AT, createLedger, createOrigin, createPlan, problemCodes } from "./testing.ts";
import { EMPTY_LEDGER } from "./verify-ledger.ts";

const ENVIRONMENTS = [
  { name: "staging", needs: [], approvals: 0 },
  { name: "production", needs: ["staging"], approvals: 1 },
  { name: "Vault", needs: ["Staging", "production"], approvals: 2 },
];

/** A registered version whose commit and digest are those of the test ledgers. */
function registered(version: string, mae = 2, model = version) {
  const record: ModelVersionRecord = {
    schema: MODEL_VERSION,
    model: "visits",
    version,
    commit: "a".repeat(40),
    modelDigest: digestOf(model),
    dataDigest: null,
    trainingRecordDigest: digestOf("training"),
    verdictDigest: null,
    metrics: [{ name: "mae", slice: null, value: mae }],
    governance: {},
    createdAt: CREATED_AT,
    origin: createOrigin(),
  };
  const tag = { name: `visits@${version}`, object: "", annotated: true, commit: record.commit };
  return parseVersionTag(
    { ...tag, message: formatTagMessage("Register", modelVersionRecord, asWritten(record)) },
    "a-test",
    digestOf,
  );
}

const { ledger } = createLedger(
  ["v1.0.0", "staging"],
  ["v1.0.0", "production", { needs: ["staging"] }],
  ["v1.1.0", "staging"],
  ["v1.2.0", "staging"],
  ["v1.1.0", "staging", { kind: "roll-back" }],
);

function planFor(to: string, target: ReturnType<typeof registered>, change: Partial<PlanFacts> = {}) {
  const environment = findEnvironment(to, ENVIRONMENTS);
  const policy = { ref: "b".repeat(40), digest: digestOf("policy") };
  const facts = {
    kind: "promote",
    environment,
    isLastEnvironment: false,
    target,
    current: undefined,
    isWithdrawn: false,
    releaseLines: "major",
    ledger,
    policy,
    ...change,
  } as const;
  return makePlan(facts, createPlan(ledger, target.record.version, to));
}

describe("a plan", () => {
  test("contains what it replaces, the metrics of both versions, and its assignment number", () => {
    const plan = planFor("production", registered("v1.1.0", 1.5), { current: registered("v1.0.0", 2) });
    expect(plan).toMatchObject({
      target: { version: "v1.1.0" },
      needs: ["staging"],
      replaces: { version: "v1.0.0" },
      assignment: 2,
      approvals: 1,
      metrics: [{ name: "mae", candidate: 1.5, baseline: 2 }],
    });
    expect(plan.evidence.map(({ kind }) => kind)).toEqual(["model-version", "training-record"]);
  });

  test.for([
    ["the deployed version", "staging", registered("v1.1.0"), "version-already-there"],
    ["an older one", "staging", registered("v1.0.0"), "version-not-newer"],
    ["one that was never in staging", "production", registered("v3.0.0"), "environment-skipped"],
    ["one that was rolled back in staging", "production", registered("v1.2.0"), "environment-skipped"],
    ["one of that version with other files", "production", registered("v1.1.0", 2, "other"), "environment-skipped"],
  ] as const)("cannot promote %s", ([_, to, target, code]) => {
    expect(problemCodes(() => planFor(to, target))).toEqual([code]);
  });

  describe("of a release line", () => {
    const { ledger } = createLedger(["v1.8.0", "staging"], ["v1.9.0", "staging"], ["v2.0.0", "staging"]);
    const plan = (version: string, releaseLines: PlanFacts["releaseLines"]) =>
      planFor("staging", registered(version), { ledger, releaseLines, current: registered("v2.0.0") });

    test("may be behind the newest version, and says so", () => {
      expect(plan("v1.9.1", "major")).toMatchObject({
        line: { name: "v1", behind: "v2.0.0" },
        warnings: [{ code: "version-behind", message: "v1.9.1 is behind v2.0.0, which it replaces in staging" }],
      });
      expect(plan("v2.0.1", "major").line).toEqual({ name: "v2" });
      expect(plan("v1.8.1", "minor").line).toEqual({ name: "v1.8", behind: "v2.0.0" });
      expect(plan("v2.0.1", "none")).not.toHaveProperty("line");
    });

    test.for([
      ["v1.8.1", "major"],
      ["v1.9.0", "major"],
      ["v1.9.0", "minor"],
      ["v1.9.1", "none"],
    ] as const)("comes after the others of its line: %s with lines %s does not", ([version, lines]) => {
      expect(problemCodes(() => plan(version, lines))).toEqual(["version-not-newer"]);
    });
  });

  test("is not made for a withdrawn version, but leads back to one", () => {
    const isWithdrawn = true;
    expect(problemCodes(() => planFor("production", registered("v1.1.0"), { isWithdrawn }))).toEqual([
      "version-withdrawn",
    ]);
    const { ledger } = createLedger(["v1.0.0", "staging"], ["v1.1.0", "staging"]);
    const back = planFor("staging", registered("v1.0.0"), { kind: "roll-back", ledger, isWithdrawn });
    expect(back.warnings?.map(({ code }) => code)).toContain("version-withdrawn");
  });

  test("says why metrics are not known, and that nobody needs to approve", () => {
    const plan = planFor("staging", registered("v1.3.0"), { isLastEnvironment: true });
    expect(plan.metrics).toEqual([
      expect.objectContaining({ baseline: null, missing: expect.stringContaining("the tag of v1.1.0 is missing") }),
    ]);
    expect(plan.warnings?.map(({ code }) => code)).toEqual(["current-record-missing", "no-approval-needed"]);
    const current = registered("v1.1.0");
    expect(planFor("staging", registered("v1.3.0"), { current })).not.toHaveProperty("warnings");
  });

  test("needs all environments before, whatever the case of their names, and tells which are missing", () => {
    expect(planFor("vault", registered("v1.0.0"))).toMatchObject({ to: "Vault", needs: ["Staging", "production"] });
    expect(problemCodes(() => planFor("VAULT", registered("v1.1.0")))).toEqual(["environment-skipped"]);
    expect(problemCodes(() => planFor("Vault", registered("v3.0.0")))).toEqual([
      "environment-skipped",
      "environment-skipped",
    ]);
  });

  test("cannot roll back to another model than the one that was deployed with that version", () => {
    const rollBack = (model: string) =>
      problemCodes(() => planFor("staging", registered("v1.0.0", 2, model), { kind: "roll-back" }));
    expect(rollBack("v1.0.0")).toEqual([]);
    expect(rollBack("other")).toEqual(["version-swapped"]);
  });
});

describe("a plan that was approved", () => {
  const plan = createPlan(EMPTY_LEDGER, "v1.0.0", "staging", { approvals: 1, origin: createOrigin(5, 1) });
  const digest = digestOf("the plan");
  const claim = { digest, expected: digest, currentRun: createOrigin(5, 1), environment: "staging" };
  test.for([
    ["as it was made", {}, []],
    ["another digest", { expected: digestOf("another") }, ["plan-digest-differs"]],
    ["another run", { currentRun: createOrigin(6) }, ["plan-of-other-run"]],
    ["another repository", { currentRun: { ...createOrigin(5), repository: "eve/model" } }, ["plan-of-other-run"]],
    [
      "the repository in other capitals",
      { currentRun: { ...createOrigin(5), repository: createOrigin(5).repository.toUpperCase() } },
      [],
    ],
    ["another workflow", { currentRun: { ...createOrigin(5), workflow: "other.yml" } }, ["plan-of-other-run"]],
    ["a later attempt", { currentRun: createOrigin(5, 0) }, ["plan-of-other-attempt"]],
    ["another environment", { environment: "production" }, ["plan-for-other-environment"]],
  ] as const)("is for its own run: %s", ([_, change, codes]) => {
    expect(problemCodes(() => assertPlanOfThisRun(plan, { ...claim, ...change }))).toEqual(codes);
  });

  test.for([
    ["in time", plan, 1, "2026-06-18T11:59:59Z", []],
    ["at its expiry time", plan, 1, "2026-06-18T12:00:00Z", ["plan-expired"]],
    ["in a re-run", plan, 2, CREATED_AT, ["plan-of-other-attempt"]],
    ["in a re-run, when approvals contain its code", { ...plan, challenge: true }, 2, CREATED_AT, []],
    ["in a re-run, when no approval is required", { ...plan, approvals: 0 }, 2, CREATED_AT, []],
  ] as const)("may start or not: %s", ([_, planned, attempt, now, codes]) => {
    expect(problemCodes(() => assertPlanMayStart(planned, attempt, now))).toEqual(codes);
  });

  test.for([
    ["nothing", {}, []],
    ["the commit of the same policy", { policy: { ...plan.policy, ref: "c".repeat(40) } }, []],
    ["the policy", { policy: { ...plan.policy, digest } }, ["policy-changed"]],
    ["how many must approve", { approvals: 2 }, ["policy-changed"]],
    ["the version's record", { evidence: [{ kind: "model-version", digest }] }, ["version-swapped"]],
    ["the deployed version", { replaces: plan.target }, ["base-moved"]],
    ["the assignment's number", { assignment: 2 }, ["base-moved"]],
    ["the policy and the deployed version", { approvals: 2, assignment: 2 }, ["base-moved", "policy-changed"]],
    ["the model", { model: "other" }, ["plan-stale"]],
    [
      "the metrics of the deployed version",
      { metrics: [{ name: "mae", slice: null, candidate: 1, baseline: 2 }] },
      ["plan-stale"],
    ],
  ] as const)("is stale or not when this has changed: %s", ([_, change, codes]) => {
    const now = structuredClone({ ...plan, ...change }) as typeof plan;
    expect(problemCodes(() => assertPlanUnchanged(asWritten(plan), now))).toEqual(codes);
  });

  test.each([1, 2] as const)("is compared in its own version, %i, with the plan that would be made now", (version) => {
    const approved = inVersion(promotionPlan, plan, version);
    expect(problemCodes(() => assertPlanUnchanged(approved, plan))).toEqual([]);
    expect(problemCodes(() => assertPlanUnchanged(approved, { ...plan, assignment: 2 }))).toEqual(["base-moved"]);
    expect(problemCodes(() => assertPlanUnchanged(approved, { ...plan, needs: ["test"] }))).toEqual(["policy-changed"]);
    const more = { ...plan, needs: ["test", "eu"] };
    expect(problemCodes(() => assertPlanUnchanged(approved, more))).toEqual(["policy-changed"]);
  });

  test("is stale when another release put something into it that this one would not", () => {
    const approved = asWritten({ ...plan, soak: [] });
    expect(() => assertPlanUnchanged(approved, plan)).toThrow("a plan that is made now differs in soak");
  });

  test.each([{ rollout: {} }, { pointer: {} }])("with %j is not carried out by this release", (more) => {
    expect(problemCodes(() => assertCanCarryOut({ ...plan, ...more } as typeof plan))).toEqual(["record-newer"]);
    expect(problemCodes(() => assertCanCarryOut(plan))).toEqual([]);
  });
});
