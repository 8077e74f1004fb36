/** A job's runner, environment, timeout and `continue-on-error`, evaluated before it starts. */
import { evaluate, evaluateBoolean, evaluateNumber, evaluateText } from "../../workflow-language/evaluate.ts";
import type { Scope } from "../../workflow-language/expression.ts";
import type { StepsJob } from "../../workflow-language/model.ts";
import { isList, isMapping, type Json, type Template } from "../../workflow-language/values.ts";

/** GitHub docs, `jobs.<job_id>.timeout-minutes`. */
const DEFAULT_TIMEOUT_MINUTES = 360;

export interface JobPlan {
  readonly labels: readonly string[];
  readonly group: string | undefined;
  readonly environment: PlannedEnvironment | undefined;
  /** Its failure does not fail the run. */
  readonly continueOnError: boolean;
  readonly timeoutMinutes: number;
}

export interface PlannedEnvironment {
  readonly name: string;
  /** Evaluated by the runner when the steps have run. */
  readonly url: Template | undefined;
  /** Off with `deployment: false`: the rules and secrets without a deployment. */
  readonly createsDeployment: boolean;
}

/** @throws ExpressionError @throws Error with the key that has no usable value. */
export function planJob(definition: StepsJob, scope: Scope): JobPlan {
  return {
    ...runsOn(evaluate(definition.runsOn, scope, "runs-on")),
    environment: environmentOf(definition.environment, scope),
    continueOnError:
      definition.continueOnError !== undefined &&
      evaluateBoolean(definition.continueOnError, scope, "continue-on-error"),
    timeoutMinutes:
      definition.timeoutMinutes === undefined
        ? DEFAULT_TIMEOUT_MINUTES
        : evaluateNumber(definition.timeoutMinutes, scope, "timeout-minutes"),
  };
}

function runsOn(value: Json): Pick<JobPlan, "labels" | "group"> {
  if (isMapping(value)) {
    const group = value["group"];
    return { labels: labelsOf(value["labels"] ?? []), group: typeof group === "string" ? group : undefined };
  }
  return { labels: labelsOf(value), group: undefined };
}

function labelsOf(value: Json): readonly string[] {
  const labels = isList(value) ? value : [value];
  return labels.map((label) => {
    if (typeof label === "string" && label !== "") return label;
    throw new Error(`runs-on: ${JSON.stringify(label)} is not a runner label`);
  });
}

/** `undefined` when the name evaluates to the empty text. */
function environmentOf(template: Template | undefined, scope: Scope): PlannedEnvironment | undefined {
  const mapping = isMapping(template) ? template : undefined;
  const name = evaluateText(mapping ? mapping["name"] : template, scope, "environment");
  if (name === "") return undefined;
  const deployment = mapping?.["deployment"];
  return {
    name,
    url: mapping?.["url"],
    createsDeployment: deployment === undefined || evaluateBoolean(deployment, scope, "environment.deployment"),
  };
}
