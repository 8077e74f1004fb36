/** `mode: reconcile`: says where ledger, tags, deployments and environments disagree, and how to make it right. It only reads. */
import type { ActionScope } from "../../shared/action/run-action.ts";
import type { Drift, ModelFacts } from "../../shared/core/promotion/drift.ts";
import { findDrift } from "../../shared/core/promotion/find-drift.ts";
import { ledgerBranchName } from "../../shared/core/registry/ref-name.ts";
import { renderReconciliation } from "../../shared/report/reconciliation.ts";
import type { Ports } from "./ports.ts";
import { readModelFacts } from "./reconcile-facts.ts";
import type { spec } from "./spec.ts";

const NOTHING = {
  ...{ model: "", version: "" },
  "model-digest": "",
  "plan-digest": "",
  challenge: "",
  environment: "",
  run: "",
  tag: "",
  record: "",
};

export async function reconcile({
  inputs,
  ports,
  log,
}: Pick<ActionScope<typeof spec, Ports>, "inputs" | "ports" | "log">) {
  // Gather, one model after the other: GitHub asks not to be asked all at once.
  const { policies, path } = await ports.readPolicies(inputs.model);
  // Before any ledger: a promotion is announced first, so that what is listed here is in a ledger that is read later.
  const listed = await ports.deploymentHistory.list();
  const models: ModelFacts[] = [];
  for (const policy of policies) models.push(await readModelFacts(policy, path, listed, ports));
  const ledgers = inputs.model === "" ? await ports.listLedgers() : [];

  // Decide.
  const drift = [...models.flatMap(findDrift), ...findStrayLedgers(ledgers, models)];

  // Show.
  const errors = drift.filter(({ severity }) => severity === "error").map(({ problem }) => problem);
  for (const { severity, problem } of drift) if (severity === "warning") log.warn(problem);
  for (const problem of errors.slice(0, -1)) log.error(problem);
  if (drift.length === 0) log.notice("Ledger, tags, deployments and environments agree");
  return {
    outputs: { ...NOTHING, result: drift.length === 0 ? ("consistent" as const) : ("drifted" as const) },
    summary: renderReconciliation(models, drift),
    failed: errors.at(-1),
  };
}

/** Of models that the policy does not have: renamed or removed, and nobody promotes them any more. */
const findStrayLedgers = (ledgers: readonly string[], models: readonly ModelFacts[]): readonly Drift[] =>
  ledgers
    .filter((name) => !models.some(({ model }) => model === name))
    .map((model) => ({
      severity: "warning",
      model,
      problem: {
        code: "ledger-without-model",
        message: `there is a ledger ${ledgerBranchName(model)}, and the policy has no model of that name`,
        fix: "Give the model its old name in the policy if it was renamed; its versions and its history have that name",
      },
    }));
