/** `mode: plan`: says what would be done, and writes nothing but the plan. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import { assertAttemptKnown, challengeOf } from "../../shared/core/promotion/approvals.ts";
import { chooseVersion, findEnvironment } from "../../shared/core/promotion/choose-target.ts";
import { standingIn } from "../../shared/core/promotion/ledger.ts";
import { makePlan } from "../../shared/core/promotion/make-plan.ts";
import { assertRealGate } from "../../shared/core/promotion/real-gate.ts";
import { settle } from "../../shared/core/promotion/settle.ts";
import { assignmentTag } from "../../shared/core/registry/tag-name.ts";
import { digestOfRecord } from "../../shared/records/digest.ts";
import { renderPlan } from "../../shared/report/plan.ts";
import { readBooks, readRules, readRun, readStanding, readVersion } from "./gather.ts";
import type { Ports } from "./ports.ts";
import type { spec } from "./spec.ts";

export const plan: ActionBody<typeof spec, Ports> = async ({ inputs, ports, log }) => {
  const { gatekeeper, digestOf, here } = ports;
  const now = ports.now();

  // Gather: the rules, who asks, and whether somebody else will really be asked.
  const rules = await readRules(ports);
  const environment = findEnvironment(inputs.environment, rules.environments);
  const run = await readRun(ports);
  const requester = run.triggeringActor;
  assertAttemptKnown(environment.approvals, run, inputs.challenge);
  if (environment.approvals > 0) {
    assertRealGate(await gatekeeper.environment(environment.name), environment, requester);
  }

  // What stands where, which version is meant, and what it is.
  const books = await readBooks(rules.model, environment.name, ports);
  const writing = { ledger: books.ledger, at: now, origin: here };
  const ledger = settle(environment.name, books.tags, books.ownerIsOver, writing, digestOf);
  const version = chooseVersion(inputs, ledger);
  const target = await readVersion(rules.model, version, books.tags, ports);
  const standing = await readStanding(standingIn(ledger, environment.name)?.version, rules.model, books.tags, ports);

  // Decide.
  const planned = makePlan(
    { kind: inputs.kind, environment, target, standing, ledger, policy: rules.policy },
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
  const digest = digestOfRecord(planned, digestOf);
  const { model, to, assignment } = planned;
  log.notice(`Planned: ${planned.kind} ${model} ${version} to ${to}; plan ${digest}`);
  return {
    outputs: {
      result: "planned",
      version,
      "model-digest": planned.target.modelDigest,
      "plan-digest": digest,
      challenge: inputs.challenge ? challengeOf(digest) : "",
      tag: assignmentTag(model, to, assignment),
      record: "",
    },
    summary: renderPlan(planned, digest),
  };
};
