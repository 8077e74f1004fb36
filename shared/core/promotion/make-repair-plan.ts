/** The plan of a repair: what is broken, and from which state one environment goes on. It is approved like a promotion to it. */
import { type Problem, refused } from "../../problem/problem.ts";
import type { DigestFunction } from "../../records/digest.ts";
import { PROMOTION_PLAN, type RepairPlan } from "../../records/promotion-plan.ts";
import type { EnvironmentPolicy } from "../policy/policy.ts";
import type { TagRef } from "../registry/registry.ts";
import { type ApprovalRules, describeApprovalKind } from "./approval-kind.ts";
import { findTagProblems } from "./assert-tags-match-ledger.ts";
import { describeRefused, refusedFor } from "./checkpoint.ts";
import { notRepaired } from "./find-plan-error.ts";
import { getEnvironment, isUnsettled } from "./ledger.ts";
import { type PlanMetadata, pickPlanMetadata } from "./make-plan.ts";
import type { RestatedEnvironment } from "./restate-environment.ts";
import type { LedgerReading } from "./verify-ledger.ts";

export interface RepairFacts {
  readonly model: string;
  readonly environment: Pick<EnvironmentPolicy, "name"> & ApprovalRules;
  readonly reading: LedgerReading;
  /** What the branch should not be or contain. */
  readonly damage: Problem | undefined;
  /** The tags of the model, without the odd ones. */
  readonly tags: readonly TagRef[];
  readonly state: RestatedEnvironment;
  readonly policy: RepairPlan["policy"];
}

/** @throws ActionError (a refusal) `nothing-to-repair`, `reason-missing` */
export function makeRepairPlan(facts: RepairFacts, metadata: PlanMetadata, digestOf: DigestFunction): RepairPlan {
  const { model, environment, reading, state, policy } = facts;
  const { name } = environment;
  const lines = reading.broken?.lines ?? [];
  const warnings = findRepairWarnings(facts);
  return {
    schema: PROMOTION_PLAN,
    kind: "repair",
    model,
    to: name,
    approvals: environment.approvals,
    ...describeApprovalKind(environment),
    policy,
    repair: {
      problem: findBroken(facts),
      ...refusedFor(reading.state, name, describeRefused(reading.state, lines, digestOf)),
      state,
    },
    ...(warnings.length > 0 && { warnings: [...warnings] }),
    ...pickPlanMetadata(metadata),
  };
}

function findBroken({ reading: { state, broken }, damage, tags, model, environment: { name } }: RepairFacts): string {
  const found = damage ?? broken?.error.problems[0] ?? findTagProblems(state, model, tags, name)[0]?.problem;
  if (found !== undefined)
    return found.place === undefined ? found.message : `${placeOf(found.place)}: ${found.message}`;
  if (isUnsettled(state, name)) return notRepaired(name);
  throw refused({
    code: "nothing-to-repair",
    message: `the ledger and the tags of ${name} are complete and agree`,
    fix: "Promote or roll back as usual",
  });
}

const placeOf = ({ file, line }: NonNullable<Problem["place"]>): string =>
  line === undefined ? file : `${file}:${line}`;

/** What the approvers should look at: nobody else can say whether it is right. */
function findRepairWarnings({ reading, tags, state, environment: { name } }: RepairFacts) {
  const before = getEnvironment(reading.state, name);
  const existing = new Set(tags.map((tag) => tag.name));
  const known = new Set(before.tags.map((tag) => tag.name));
  const missing = before.tags.filter((tag) => !existing.has(tag.name)).map((tag) => tag.name);
  const onlyByTag = state.tags.filter((tag) => !known.has(tag.name)).map((tag) => tag.name);
  const warning = (code: string, message: string, fix: string) => ({
    ...{ code, message, fix },
    severity: "warning" as const,
  });
  return [
    ...(missing.length === 0
      ? []
      : [
          warning(
            "assignment-tag-missing",
            `tags of committed promotions are missing: ${missing.join(", ")}`,
            "Find out who deleted them",
          ),
        ]),
    ...(onlyByTag.length === 0
      ? []
      : [
          warning(
            "known-by-tag-only",
            `only their tags say that these were deployed, no valid line of the ledger does: ${onlyByTag.join(", ")}`,
            `Compare them with what ${name} really runs`,
          ),
        ]),
  ];
}
