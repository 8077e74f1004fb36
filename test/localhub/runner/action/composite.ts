/** A composite action: steps inside a step. They write to its log and have contexts of their own. */
import { evaluateText } from "../../workflow-language/evaluate.ts";
import type { CompositeCall, ExecutionStatus, StepList } from "../step/expression-scope.ts";
import { type FileAction, hasPost, hasPre, type PlannedStep } from "../step/planned-step.ts";
import { scopeOf } from "../step/step-call.ts";
import { createStepsContext, type StepsContext } from "../step/steps-context.ts";
import type { ActionCall } from "./action-call.ts";

/** The `steps` context of an action's main steps, for its post steps. */
const contexts = new WeakMap<FileAction, StepsContext>();

export async function runComposite(call: ActionCall, action: FileAction): Promise<ExecutionStatus> {
  const { job, stage } = call;
  const steps = (stage === "post" ? contexts.get(action) : undefined) ?? createStepsContext();
  contexts.set(action, steps);
  const composite: CompositeCall = { inputs: call.inputs, status: "success" };
  const list: StepList = {
    steps,
    overrides: call.overrides,
    github: { ...call.github, action_path: action.directory },
    composite,
  };
  for (const step of stepsOf(action, stage)) {
    const result = await call.runNested(list, step);
    if (result !== "success" && result !== "skipped" && composite.status !== "cancelled") composite.status = result;
    if (job.killed.aborted) break;
  }
  if (stage === "main") setOutputs(call, action, list);
  return composite.status;
}

function stepsOf({ steps }: FileAction, stage: ActionCall["stage"]): readonly PlannedStep[] {
  if (stage === "pre") return steps.filter(hasPre);
  if (stage === "post") return steps.filter((step) => step.started && hasPost(step)).toReversed();
  return steps;
}

function setOutputs(call: ActionCall, { file }: FileAction, list: StepList): void {
  const scope = scopeOf({ ...call, list });
  for (const [name, { value }] of Object.entries(file.outputs)) {
    call.list.steps.setOutput(call.step.definition.id, name, evaluateText(value, scope, `outputs.${name}.value`));
  }
}
