/** `mode: plan`: says what would be done, and writes nothing but the plan. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import { assertEnvironmentProtected } from "../../shared/core/promotion/assert-environment-protected.ts";
import { chooseVersion, findEnvironment } from "../../shared/core/promotion/choose-target.ts";
import { assertAttemptKnown, challengeOf } from "../../shared/core/promotion/count-approvals.ts";
import { getCurrentVersion } from "../../shared/core/promotion/ledger.ts";
import { makePlan } from "../../shared/core/promotion/make-plan.ts";
import { recoverOpenIntent } from "../../shared/core/promotion/recover-open-intent.ts";
import { assignmentTagName } from "../../shared/core/registry/tag-name.ts";
import { digestRecord } from "../../shared/records/digest.ts";
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
  const { approvals: gatekeeper, digestOf, origin: here } = ports;
  const now = ports.now();

  // Gather: the rules, who asks, and whether somebody else will really be asked.
  const rules = await readPromotionRules(ports);
  const environment = findEnvironment(inputs.environment, rules.environments);
  const run = await readPromotionRun(ports);
  const requester = run.triggeringActor;
  assertAttemptKnown(environment.approvals, run, inputs.challenge);
  if (environment.approvals > 0) {
    assertEnvironmentProtected(await gatekeeper.environment(environment.name), environment, requester);
  }

  // What stands where, which version is meant, and what it is.
  const books = await readLedgerSnapshot(rules.model, environment.name, ports);
  const writing = { ledger: books.ledger, at: now, origin: here };
  const ledger = recoverOpenIntent(environment.name, books.tags, books.ownerHasEnded, writing, digestOf);
  const version = chooseVersion(inputs, ledger);
  const target = await readRegisteredVersion(rules.model, version, books.tags, ports);
  const standing = await readCurrentVersion(
    getCurrentVersion(ledger, environment.name)?.version,
    rules.model,
    books.tags,
    ports,
  );

  // Decide.
  const planned = makePlan(
    { kind: inputs.kind, environment, target, current: standing, ledger, policy: rules.policy },
    {
      reason: inputs.reason,
      requestedBy: { login: requester.login, id: requester.id },
      createdAt: now,
      expiresAt: new Date(Date.parse(now) + inputs["valid-for"]).toISOString(),
      challenge: inputs.challenge,
      origin: here,
    },
  );

  // Show: who approves sees what is approved.
  await ports.writePlan(planned);
  const digest = digestRecord(planned, digestOf);
  const { model, to, assignment } = planned;
  log.notice(`Planned: ${planned.kind} ${model} ${version} to ${to}; plan ${digest}`);
  return {
    outputs: {
      result: "planned",
      version,
      "model-digest": planned.target.modelDigest,
      "plan-digest": digest,
      challenge: inputs.challenge ? challengeOf(digest) : "",
      tag: assignmentTagName(model, to, assignment),
      record: "",
    },
    summary: renderPlan(planned, digest),
  };
};
