/** Runs one step: its name, its condition, its time limit, its result. */

import { errorMessage } from "../workflow-language/error-message.ts";
import {
  evaluate,
  evaluateBareCondition,
  evaluateCondition,
  evaluateTexts,
  type Scope,
} from "../workflow-language/evaluate.ts";
import type { Json } from "../workflow-language/values.ts";
import { runActionStep } from "./action/run-action-step.ts";
import type { StepConclusion } from "./job.ts";
import type { JobState } from "./job-state.ts";
import type { StepLog } from "./log/step-log.ts";
import { OperationCancelledError } from "./process/run-process.ts";
import { type ExecutionStatus, expressionScope, type StepList } from "./step/expression-scope.ts";
import { hasPost, type PlannedStep } from "./step/planned-step.ts";
import { runScript } from "./step/run-script.ts";
import { type StepCall, type StepStage, scopeOf, statusFor, withCommands } from "./step/step-call.ts";
import { stepDisplayName } from "./step/step-name.ts";

export interface RunStepOptions {
  readonly job: JobState;
  readonly list: StepList;
  /** The time limit of the composite step around this one. */
  readonly timeoutSignal: AbortSignal | undefined;
  /** Called once, with the step's name, before anything of it is shown. */
  openLog(name: string): StepLog;
}

/** Runs the step or the pre or post of its action. Never throws: errors are in the log and the result. */
export async function runStep(options: RunStepOptions, step: PlannedStep, stage: StepStage): Promise<StepConclusion> {
  const { job, list } = options;
  const github = githubContext(job, list, step);
  const variables = stepVariables(options, step, github);
  const { env, overrides } = variables;
  const scopeWith = (status: ExecutionStatus): Scope => expressionScope({ job, list, github, env, status });
  const log = options.openLog(stepDisplayName(step, stage, scopeWith(statusFor(job, list, stage))));
  if (variables.error !== undefined) {
    log.annotate("error", errorMessage(variables.error));
    return finish(options, step, stage, "failure", "failure");
  }

  const cancellation = new AbortController();
  const condition = conditionOf(step, stage);
  // A cancelled job stops the step that is running, unless its condition is also true in a cancelled job.
  const onCancelled = (): void => {
    job.status = "cancelled";
    if (!conditionHolds(condition, scopeWith("cancelled"), log)) cancellation.abort();
  };
  if (job.cancelled.aborted) job.status = "cancelled";
  else job.cancelled.addEventListener("abort", onCancelled, { once: true });
  try {
    if (!condition(scopeWith(statusFor(job, list, stage)))) return finish(options, step, stage, "skipped", "skipped");
    const limit = timeLimit(options, step, scopeWith(statusFor(job, list, stage)), log);
    const timeoutSignal = limit?.signal ?? options.timeoutSignal;
    const stopSignal =
      timeoutSignal === undefined ? cancellation.signal : AbortSignal.any([cancellation.signal, timeoutSignal]);
    const call: StepCall = {
      ...{ job, list, step, stage, log, github, env, overrides, stopSignal, timeoutSignal },
      runNested: (inner, nested) => runStep({ job, list: inner, timeoutSignal, openLog: () => log }, nested, stage),
    };
    try {
      const outcome = await executeStep(call, limit?.minutes);
      return finish(options, step, stage, outcome, continuesOnError(call, outcome) ? "success" : outcome);
    } finally {
      limit?.[Symbol.dispose]();
    }
  } catch (error) {
    log.annotate("error", errorMessage(error));
    return finish(options, step, stage, "failure", "failure");
  } finally {
    job.cancelled.removeEventListener("abort", onCancelled);
  }
}

async function executeStep(call: StepCall, minutes: number | undefined): Promise<ExecutionStatus> {
  const { job, step, stage, log, timeoutSignal, stopSignal } = call;
  const { definition } = step;
  if (stage !== "post") step.started = true;
  try {
    return await withCommands(call, (commands) =>
      definition.kind === "run" ? runScript(call, definition, commands) : runActionStep(call, definition, commands),
    );
  } catch (error) {
    if (!stopSignal.aborted && !job.killed.aborted) {
      log.annotate("error", errorMessage(error));
      return "failure";
    }
    if (timeoutSignal?.aborted && !job.cancelled.aborted) {
      const name = stepDisplayName(step, stage, scopeOf(call));
      const duration =
        minutes === undefined ? undefined : `The action '${name}' has timed out after ${minutes} minutes.`;
      log.annotate("error", duration ?? "The action has timed out.");
      return "failure";
    }
    log.annotate(
      "error",
      errorMessage(error instanceof OperationCancelledError ? error : new OperationCancelledError()),
    );
    return "cancelled";
  }
}

function finish(
  { list }: RunStepOptions,
  { definition }: PlannedStep,
  stage: StepStage,
  outcome: StepConclusion,
  conclusion: StepConclusion,
): StepConclusion {
  if (stage === "main") list.steps.setResult(definition.id, outcome, conclusion);
  return conclusion;
}

function githubContext(job: JobState, list: StepList, step: PlannedStep): Record<string, Json> {
  const { contexts, services } = job.assignment;
  return {
    token: services.token,
    ...contexts.github,
    api_url: services.apiUrl,
    graphql_url: services.graphqlUrl,
    server_url: services.serverUrl,
    workspace: job.folders.workspace,
    event_path: job.folders.eventFile,
    ...list.github,
    ...(list.composite === undefined ? { action: step.contextName } : {}),
    action_repository: list.github["action_repository"] ?? "",
    action_ref: list.github["action_ref"] ?? "",
  };
}

interface StepVariables {
  readonly env: ReadonlyMap<string, string>;
  readonly overrides: ReadonlyMap<string, string>;
  readonly error: unknown;
}

function stepVariables({ job, list }: RunStepOptions, step: PlannedStep, github: Record<string, Json>): StepVariables {
  const outer = new Map([...job.environment, ...list.overrides]);
  const scope = expressionScope({ job, list, github, env: outer, status: statusFor(job, list, "main") });
  try {
    const own = Object.entries(evaluateTexts(step.definition.env, scope, "env"));
    return { env: new Map([...outer, ...own]), overrides: new Map([...list.overrides, ...own]), error: undefined };
  } catch (error) {
    return { env: outer, overrides: list.overrides, error };
  }
}

function conditionOf({ definition, action }: PlannedStep, stage: StepStage): (scope: Scope) => boolean {
  if (stage === "main") return (scope) => evaluateCondition(definition.if, scope);
  const runs = action?.file.runs;
  const source = runs?.kind !== "javascript" ? "always()" : stage === "pre" ? runs.preIf : runs.postIf;
  return (scope) => evaluateBareCondition(source, scope);
}

function conditionHolds(condition: (scope: Scope) => boolean, scope: Scope, log: StepLog): boolean {
  try {
    return condition(scope);
  } catch (error) {
    log.annotate("error", errorMessage(error));
    return false;
  }
}

interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
  readonly minutes: number;
}

/** Only the job's own steps have `timeout-minutes`; those of a composite action share that of its step. */
function timeLimit(options: RunStepOptions, step: PlannedStep, scope: Scope, log: StepLog): TimeLimit | undefined {
  const { timeoutMinutes } = step.definition;
  if (timeoutMinutes === undefined || options.list.composite !== undefined) return undefined;
  let minutes: number;
  try {
    minutes = Number(evaluate(timeoutMinutes, scope, "timeout-minutes"));
  } catch (error) {
    log.annotate("error", "An error occurred when attempting to determine the step timeout.");
    log.annotate("error", errorMessage(error));
    return undefined;
  }
  if (!(minutes > 0)) return undefined;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), minutes * options.job.timing.minute);
  return { signal: controller.signal, minutes, [Symbol.dispose]: () => clearTimeout(timer) };
}

/** `continue-on-error`: the failure stays the outcome, but the conclusion is success. */
function continuesOnError(call: StepCall, outcome: ExecutionStatus): boolean {
  const { continueOnError } = call.step.definition;
  if (outcome !== "failure" || continueOnError === undefined) return false;
  return evaluate(continueOnError, scopeOf(call), "continue-on-error") === true;
}

/** Whether the step's action has a post step to run when the job ends. */
export function isPostDue(step: PlannedStep): boolean {
  return step.started && step.definition.kind === "uses" && hasPost(step);
}
