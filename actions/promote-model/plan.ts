/** `mode: plan`: shows what would be done, and writes nothing but the plan. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import { assertEnvironmentProtected } from "../../shared/core/promotion/assert-environment-protected.ts";
import { chooseVersion, findEnvironment } from "../../shared/core/promotion/choose-target.ts";
import { assertAttemptKnown, challengeOf } from "../../shared/core/promotion/count-approvals.ts";
import type { LedgerState } from "../../shared/core/promotion/ledger.ts";
import { makePlan } from "../../shared/core/promotion/make-plan.ts";
import { assignmentTagName } from "../../shared/core/registry/tag-name.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import { promotionPlan } from "../../shared/records/promotion-plan.ts";
import { renderPlan } from "../../shared/report/plan.ts";
import { readPlanFacts } from "./plan-facts.ts";
import type { Ports } from "./ports.ts";
import { readLedgerSnapshot, readPromotionRules, readPromotionRun } from "./readers.ts";
import type { spec } from "./spec.ts";

export const plan: ActionBody<typeof spec, Ports> = async ({ inputs, ports, log }) => {
  const { approvals, digestOf, origin } = ports;

  // Gather: the rules, who requests it, and whether somebody else must really approve it.
  const rules = await readPromotionRules(ports);
  const environment = findEnvironment(inputs.environment, rules.environments);
  const run = await readPromotionRun(ports);
  const requester = run.triggeringActor;
  const now = ports.now();
  assertAttemptKnown(environment.approvals, run, inputs.challenge);
  if (environment.approvals > 0) {
    assertEnvironmentProtected(await approvals.environment(environment.name), environment, requester);
  }

  // The requested version and the current version, with their records.
  const snapshot = await readLedgerSnapshot(rules.model.name, environment.name, ports);
  for (const problem of snapshot.oddTags) log.warn(problem);
  const choose = (ledger: LedgerState): string => chooseVersion(inputs, ledger);
  const facts = await readPlanFacts(inputs.kind, environment, choose, rules, snapshot, ports);

  // Decide.
  const planned = makePlan(facts, {
    reason: inputs.reason,
    requestedBy: { login: requester.login, id: requester.id },
    createdAt: now,
    expiresAt: new Date(Date.parse(now) + inputs["valid-for"]).toISOString(),
    challenge: inputs.challenge,
    origin,
  });

  // Show: approvers see what they approve. A name that no tag can have is refused before.
  for (const { code, message, fix = "" } of planned.warnings ?? []) log.warn({ code, message, fix });
  const { model, to, assignment } = planned;
  const { version } = planned.target;
  const tag = assignmentTagName(model, to, assignment);
  const written = inVersion(promotionPlan, planned, rules.version);
  await ports.writePlan(written);
  const digest = digestRecord(written, digestOf);
  log.notice(`Planned: ${planned.kind} ${model} ${version} to ${to}; plan ${digest}`);
  return {
    outputs: {
      result: "planned",
      version,
      "model-digest": planned.target.modelDigest,
      "plan-digest": digest,
      challenge: inputs.challenge ? challengeOf(digest) : "",
      tag,
      record: "",
    },
    summary: renderPlan(planned, digest),
  };
};
