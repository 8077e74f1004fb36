/** Of any history: what agrees is no drift, and what is changed in one environment is named there and nowhere else. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ModelVersionRecord } from "../../records/model-version.ts";
import { digestOf } from "../../records/testing.ts";
import type { RegisteredVersion } from "../registry/registered-version.ts";
import { versionTagName } from "../registry/tag-name.ts";
import { type Drift, findCurrentPlan, type KnownDeployment, type ModelFacts, runKey } from "./drift.ts";
import { findDrift } from "./find-drift.ts";
import { getCurrentVersion, getEnvironment, type LedgerState } from "./ledger.ts";
import { tagNameOf } from "./next-promotion-step.ts";
import { CREATED_AT, createLedger, type PromotedVersion } from "./testing.ts";
import { readLedger } from "./verify-ledger.ts";

const ENVIRONMENTS = ["staging", "production"] as const;
const TAG = "c".repeat(40);
const NOW = "2026-09-01T00:00:00Z";

/** A promotion, or a roll back to the version before where there is one. */
const step = fc.record({
  environment: fc.constantFrom(...ENVIRONMENTS),
  version: fc.integer({ min: 1, max: 5 }).map((number) => `v${number}.0.0`),
  isRollBack: fc.boolean(),
});

function createHistory(steps: readonly { environment: string; version: string; isRollBack: boolean }[]) {
  const promoted: PromotedVersion[] = [];
  for (const { environment, version, isRollBack } of steps) {
    const { ledger } = createLedger(...promoted);
    const earlier = getEnvironment(ledger, environment).deployedVersions.at(-2)?.version;
    const current = getCurrentVersion(ledger, environment)?.version.version;
    if (isRollBack && earlier !== undefined)
      promoted.push([earlier.version, environment, { kind: "roll-back", reason: "worse" }]);
    else if (version !== current) promoted.push([version, environment]);
  }
  return createLedger(...promoted);
}

/** Everything as a run leaves it. */
function agreeWith({ text, ledger }: { readonly text: string; readonly ledger: LedgerState }): ModelFacts {
  const plans = [...ledger.plans.values()];
  const current = ENVIRONMENTS.map((name) => findCurrentPlan(ledger, getEnvironment(ledger, name).tags.at(-1)?.name));
  const deployments = plans.map(
    ({ plan, planDigest }, index): KnownDeployment => ({
      ...{ id: index + 1, plan: planDigest, model: plan.model, version: plan.target.version, environment: plan.to },
      ...{ commit: plan.target.commit, createdAt: CREATED_AT },
      state: current.some((one) => one?.planDigest === planDigest) ? "success" : "inactive",
    }),
  );
  const versions = new Map(
    plans.map(({ plan: { model, target } }) => {
      const record = { ...target, model } as ModelVersionRecord;
      return [target.version, { record } as RegisteredVersion] as const;
    }),
  );
  const names = [...plans.map(tagNameOf), ...[...versions.keys()].map((version) => versionTagName("visits", version))];
  return {
    model: "visits",
    environments: [],
    reading: readLedger(text, "ledger", "visits", digestOf),
    tags: names.map((name) => ({ name, object: TAG, annotated: true })),
    ...{ oddTags: [], versions, deployments, protections: new Map(), now: NOW },
    ended: new Map(plans.map(({ record }) => [runKey(record.origin), true])),
  };
}

const history = fc.array(step, { minLength: 1, maxLength: 12 }).map(createHistory);
const RUNS = { seed: 11, numRuns: 150 };

test("what agrees is no drift, whatever was promoted and rolled back", () => {
  fc.assert(
    fc.property(history, (made) => {
      expect(findDrift(agreeWith(made))).toEqual([]);
    }),
    RUNS,
  );
});

type Change = (
  facts: ModelFacts,
  environment: string,
) => { readonly facts: ModelFacts; readonly codes: readonly string[] };
const isOf = (environment: string) => (one: KnownDeployment) => one.environment === environment;

const CHANGES: Readonly<Record<string, Change>> = {
  "a tag was deleted": (facts, environment) => ({
    facts: { ...facts, tags: facts.tags.filter(({ name }) => name !== newestTag(facts, environment)) },
    codes: ["assignment-tag-missing"],
  }),
  "a tag was moved": (facts, environment) => ({
    facts: {
      ...facts,
      tags: facts.tags.map((tag) =>
        tag.name === newestTag(facts, environment) ? { ...tag, object: "d".repeat(40) } : tag,
      ),
    },
    codes: ["assignment-tag-moved"],
  }),
  "a deployment was deleted": (facts, environment) => ({
    facts: {
      ...facts,
      deployments: facts.deployments.filter((one) => !isOf(environment)(one) || one.state !== "success"),
    },
    codes: ["deployment-missing"],
  }),
  "a deployment failed": (facts, environment) => ({
    facts: {
      ...facts,
      deployments: facts.deployments.map((one) =>
        isOf(environment)(one) && one.state === "success" ? { ...one, state: "failure" } : one,
      ),
    },
    codes: ["deployment-state-differs"],
  }),
  "an unknown deployment is active": (facts, environment) => ({
    facts: {
      ...facts,
      deployments: [
        ...facts.deployments,
        ...[
          { id: 99, plan: digestOf("?"), model: "visits", version: "v9.0.0", environment, commit: "e".repeat(40) },
        ].map((one) => ({ ...one, createdAt: CREATED_AT, state: "success" })),
      ],
    },
    codes: ["deployment-not-in-ledger"],
  }),
  "that of another model is nobody's business here": (facts, environment) => ({
    facts: {
      ...facts,
      deployments: facts.deployments.flatMap((one) =>
        isOf(environment)(one)
          ? [one, { ...one, id: one.id + 100, model: "fraud", plan: digestOf(`${one.id}`) }]
          : [one],
      ),
    },
    codes: [],
  }),
};

const newestTag = ({ reading }: ModelFacts, environment: string): string =>
  getEnvironment(reading.state, environment).tags.at(-1)?.name ?? "";

test.each(Object.entries(CHANGES))("%s: it is named in its environment, and in no other", (_, change) => {
  fc.assert(
    fc.property(history, fc.constantFrom(...ENVIRONMENTS), (made, environment) => {
      const before = agreeWith(made);
      fc.pre(getEnvironment(before.reading.state, environment).tags.length > 0);
      const { facts, codes } = change(before, environment);
      const found: readonly Drift[] = findDrift(facts);
      expect(found.map(({ environment: at, problem }) => [at, problem.code])).toEqual(
        codes.map((code) => [environment, code]),
      );
    }),
    RUNS,
  );
});
