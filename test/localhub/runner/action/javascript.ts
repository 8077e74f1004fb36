/** Runs a JavaScript action. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { JavaScriptRuns } from "../../workflow-language/model.ts";
import type { StepCommands } from "../command/step-commands.ts";
import { runProcess } from "../process/run-process.ts";
import { processEnvironment } from "../step/environment.ts";
import type { ExecutionStatus } from "../step/expression-scope.ts";
import type { FileAction } from "../step/planned-step.ts";
import { stateVariables } from "../step/step-call.ts";
import type { ActionCall } from "./action-call.ts";
import { inputVariables } from "./inputs.ts";
import { isRetired } from "./node-runtime.ts";

/** Only the exit code decides: an action that fails has to report the reason itself. */
export async function runJavaScript(
  call: ActionCall,
  action: FileAction,
  runs: JavaScriptRuns,
  commands: StepCommands,
): Promise<ExecutionStatus> {
  const { job, github, env, step } = call;
  if (isRetired(runs.using)) job.upgradedActions.add(nameOf(call));
  const script = join(action.directory, runs[call.stage] ?? "");
  if (!existsSync(script)) {
    throw new Error(`File not found: '${script}', which is the ${call.stage} of the action '${nameOf(call)}'`);
  }
  const extra = { ...stateVariables(step), ...inputVariables(call.inputs) };
  const code = await runProcess({
    file: job.node24,
    args: [script],
    cwd: job.folders.workspace,
    env: processEnvironment({ job, github, env, extra, isAction: true }),
    onLine: commands.handleLine,
    cancelled: call.stopSignal,
    killed: job.killed,
    timing: job.timing,
  });
  return code === 0 ? "success" : "failure";
}

function nameOf({ step }: ActionCall): string {
  return step.definition.kind === "uses" ? step.definition.uses : step.contextName;
}
