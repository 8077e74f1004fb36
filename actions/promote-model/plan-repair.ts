/** `mode: plan` of `kind: repair`: shows what is broken, and from which state the environment would go on. It writes nothing. */
import type { ActionScope } from "../../shared/action/run-action.ts";
import { assertReason } from "../../shared/core/promotion/choose-target.ts";
import { challengeOf } from "../../shared/core/promotion/count-approvals.ts";
import { makeRepairPlan } from "../../shared/core/promotion/make-repair-plan.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import { repairPlan } from "../../shared/records/promotion-plan.ts";
import { renderRepairPlan } from "../../shared/report/repair.ts";
import { writeRequest } from "./plan.ts";
import { readPlanRequest } from "./plan-request.ts";
import type { Ports } from "./ports.ts";
import { outputsOfRepair } from "./repair.ts";
import { readRepairFacts } from "./repair-facts.ts";
import type { spec } from "./spec.ts";

export async function planRepair({
  inputs,
  ports,
  log,
}: Pick<ActionScope<typeof spec, Ports>, "inputs" | "ports" | "log">) {
  // Gather.
  assertReason(inputs.reason, "a repair", "what has happened to the ledger, as far as it is known");
  const { rules, environment, metadata } = await readPlanRequest(inputs, ports);
  const { facts } = await readRepairFacts(rules, environment, ports);

  // Decide.
  const planned = makeRepairPlan(facts, metadata, ports.digestOf);

  // Show.
  for (const { code, message, fix = "" } of planned.warnings ?? []) log.warn({ code, message, fix });
  const written = inVersion(repairPlan, planned, rules.version);
  await ports.writePlan(written);
  const digest = digestRecord(written, ports.digestOf);
  const asked = await writeRequest(planned, digest, ports);
  log.notice(`Planned: repair of the ledger of ${planned.model} for ${planned.to}; plan ${digest}`);
  return {
    outputs: {
      ...outputsOfRepair(planned, digest),
      result: "planned" as const,
      challenge: planned.challenge ? challengeOf(digest) : "",
    },
    summary: renderRepairPlan(planned, digest, asked),
  };
}
