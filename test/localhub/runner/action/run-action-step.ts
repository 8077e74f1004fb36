/** A `uses:` step: its main, or the pre or post of its action. */
import type { UsesStep } from "../../workflow-language/model.ts";
import type { StepCommands } from "../command/step-commands.ts";
import { processEnvironment } from "../step/environment.ts";
import type { ExecutionStatus } from "../step/expression-scope.ts";
import {
  type ActionOrigin,
  type LoadedAction,
  type LoadedBuiltinAction,
  loadLocalAction,
} from "../step/planned-step.ts";
import { logVariables, type StepCall, scopeOf, stateVariables, visibleEnvironment } from "../step/step-call.ts";
import type { ActionCall } from "./action-call.ts";
import { runComposite } from "./composite.ts";
import { resolveInputs } from "./inputs.ts";
import { runJavaScript } from "./javascript.ts";

/** @throws Error when the action cannot be loaded or run; OperationCancelledError. */
export async function runActionStep(
  call: StepCall,
  definition: UsesStep,
  commands: StepCommands,
): Promise<ExecutionStatus> {
  const { job, step, stage, log } = call;
  const { uses } = definition;
  const action = step.action ?? (await loadLocalAction(step, uses, job.folders.workspace, job.assignment.actions));
  setOrigin(call, action);
  const inputs = resolveInputs(definition.with, action.file, scopeOf(call), log);
  const { runs } = action.file;
  if (action.kind === "files" && action.origin === undefined && runs.kind === "javascript" && runs.pre !== undefined) {
    log.annotate("warning", `\`pre\` execution is not supported for local action from '${uses}'`);
  }

  if (stage === "post") log.output("Post job cleanup.");
  else logCall(call, uses, inputs);
  const withInputs: ActionCall = { ...call, inputs };
  if (action.kind === "builtin") return runBuiltinAction(withInputs, action, commands);
  if (runs.kind === "javascript") return runJavaScript(withInputs, action, runs, commands);
  return runComposite(withInputs, action);
}

function setOrigin({ github }: StepCall, action: LoadedAction): void {
  const origin: ActionOrigin = action.origin ?? { repository: "", ref: "" };
  github["action_repository"] = origin.repository;
  github["action_ref"] = origin.ref;
}

function logCall(call: StepCall, uses: string, inputs: Readonly<Record<string, string>>): void {
  const { log } = call;
  log.output(`##[group]Run ${uses}`);
  logVariables(log, "with:", Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== "")));
  logVariables(log, "env:", visibleEnvironment(call));
  log.output("##[endgroup]");
}

async function runBuiltinAction(
  call: ActionCall,
  action: LoadedBuiltinAction,
  commands: StepCommands,
): Promise<ExecutionStatus> {
  const { job, github, env, inputs, step, stopSignal } = call;
  const { workspace, temp } = job.folders;
  const signal = AbortSignal.any([stopSignal, job.killed]);
  const variables = processEnvironment({ job, github, env, extra: stateVariables(step), isAction: true });
  const context = { log: commands.handleLine, signal, env: variables };
  if (call.stage === "post") {
    await action.post?.(context);
    return "success";
  }
  const outcome = await action.run({ ...context, inputs, github, workspace, temp });
  action.post = outcome.post;
  for (const [name, value] of Object.entries(outcome.outputs)) {
    call.list.steps.setOutput(step.definition.id, name, value);
  }
  return "success";
}
