/** One step, or the pre or post of its action, about to be executed. */
import type { Scope } from "../../workflow-language/evaluate.ts";
import type { Json } from "../../workflow-language/values.ts";
import { applyFileCommands, createFileCommands } from "../command/file-commands.ts";
import { type CommandTarget, createStepCommands, type StepCommands } from "../command/step-commands.ts";
import type { StepConclusion } from "../job.ts";
import { addSearchPath, type JobState } from "../job-state.ts";
import type { StepLog } from "../log/step-log.ts";
import { type ExecutionStatus, expressionScope, type StepList } from "./expression-scope.ts";
import type { PlannedStep } from "./planned-step.ts";

export type StepStage = "pre" | "main" | "post";

export interface StepCall {
  readonly job: JobState;
  readonly list: StepList;
  readonly step: PlannedStep;
  readonly stage: StepStage;
  readonly log: StepLog;
  /** The step's `github` context; fields are added while the call is prepared. */
  readonly github: Record<string, Json>;
  /** The step's `env` context. */
  readonly env: ReadonlyMap<string, string>;
  /** The part of `env` from `env:` of this step and of the composite steps around it. */
  readonly overrides: ReadonlyMap<string, string>;
  /** Aborts when the step has to stop: cancelled or timed out. */
  readonly stopSignal: AbortSignal;
  /** The part of `stopSignal` that is a timeout. */
  readonly timeoutSignal: AbortSignal | undefined;
  /** Runs a step of a composite action in the same stage, under the same time limit and in the same log. */
  runNested(list: StepList, step: PlannedStep): Promise<StepConclusion>;
}

/** The status that `success()` and `failure()` check: for main steps of a composite action, that of the action only. */
export function statusFor(job: JobState, list: StepList, stage: StepStage): ExecutionStatus {
  return list.composite !== undefined && stage === "main" ? list.composite.status : job.status;
}

export function scopeOf({ job, list, github, env, stage }: StepCall): Scope {
  return expressionScope({ job, list, github, env, status: statusFor(job, list, stage) });
}

/**
 * Creates the step's command files, runs it with `work`, and applies what it wrote to the files, also when it failed.
 * @returns what `work` returns, but "failure" when a command failed.
 */
export async function withCommands(
  call: StepCall,
  work: (commands: StepCommands) => Promise<ExecutionStatus>,
): Promise<ExecutionStatus> {
  let failed = false;
  const target = commandTarget(call, () => {
    failed = true;
  });
  const files = await createFileCommands(call.job.folders.fileCommands);
  Object.assign(call.github, files);
  let status: ExecutionStatus;
  try {
    status = await work(createStepCommands(target));
  } finally {
    await applyFileCommands(files, target);
  }
  return failed && status === "success" ? "failure" : status;
}

function commandTarget({ job, list, step, log, env }: StepCall, fail: () => void): CommandTarget {
  return {
    log,
    masker: job.masker,
    matchers: job.matchers,
    workspace: job.folders.workspace,
    debug: job.debug,
    variable: (name) => env.get(name),
    setOutput: (name, value) => list.steps.setOutput(step.definition.id, name, value),
    saveState(name, value) {
      const known = [...step.state.keys()].find((key) => key.toLowerCase() === name.toLowerCase());
      step.state.set(known ?? name, value);
    },
    setVariable: (name, value) => void job.environment.set(name, value),
    addPath: (path) => addSearchPath(job, path),
    fail,
  };
}

/** Logs inputs or variables at the head of a step's log. */
export function logVariables(log: StepLog, title: string, values: Readonly<Record<string, string>>): void {
  const shown = Object.entries(values);
  if (shown.length === 0) return;
  log.output(title);
  for (const [name, value] of shown) log.output(`  ${name}: ${value}`);
}

/** `env:` and the state of the action, as shown in the log and set for the processes. */
export function visibleEnvironment({ env, step }: StepCall): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(env), ...stateVariables(step) };
}

export function stateVariables(step: PlannedStep): Readonly<Record<string, string>> {
  return Object.fromEntries([...step.state].map(([name, value]) => [`STATE_${name}`, value]));
}
