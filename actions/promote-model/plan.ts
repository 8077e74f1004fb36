/** `mode: plan`: shows what would be done, and writes nothing but the plan. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import { assertEnvironmentProtected } from "../../shared/core/promotion/assert-environment-protected.ts";
import { chooseVersion, findEnvironment } from "../../shared/core/promotion/choose-target.ts";
import { assertAttemptKnown, challengeOf } from "../../shared/core/promotion/count-approvals.ts";
import { getCurrentVersion } from "../../shared/core/promotion/ledger.ts";
import { makePlan } from "../../shared/core/promotion/make-plan.ts";
import { recoverOpenIntent } from "../../shared/core/promotion/recover-open-intent.ts";
import { assignmentTagName } from "../../shared/core/registry/tag-name.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import { promotionPlan } from "../../shared/records/promotion-plan.ts";
import { renderPlan } from "../../shared/report/plan.ts";
import type { Ports } from "./ports.ts";
import {
  readCurrentVersion,
  readLedgerSnapshot,
  readPromotionRules,
  readPromotionRun,
  readRegisteredVersion,
} from "./readers.ts";
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
  const snapshot = await readLedgerSnapshot(rules.model, environment.name, ports);
  const { tags, ownerHasEnded } = snapshot;
  const entryContext = { ledger: snapshot.ledger, at: now, origin };
  const ledger = recoverOpenIntent(environment.name, tags, ownerHasEnded, entryContext, digestOf);
  const version = chooseVersion(inputs, ledger);
  const target = await readRegisteredVersion(rules.model, version, tags, ports);
  const currentVersion = getCurrentVersion(ledger, environment.name)?.version;
  const current = await readCurrentVersion(currentVersion, rules.model, tags, ports);

  // Decide.
  const planned = makePlan(
    { kind: inputs.kind, environment, target, current, ledger, policy: rules.policy },
    {
      reason: inputs.reason,
      requestedBy: { login: requester.login, id: requester.id },
      createdAt: now,
      expiresAt: new Date(Date.parse(now) + inputs["valid-for"]).toISOString(),
      challenge: inputs.challenge,
      origin,
    },
  );

  // Show: approvers see what they approve. A name that no tag can have is refused before.
  const { model, to, assignment } = planned;
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
