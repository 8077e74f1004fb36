/** Contexts and functions for the expressions of a step. */
import type { Scope } from "../../workflow-language/evaluate.ts";
import type { Json } from "../../workflow-language/values.ts";
import type { JobResult } from "../job.ts";
import type { JobState } from "../job-state.ts";
import { hashFiles } from "./hash-files.ts";
import type { StepsContext } from "./steps-context.ts";

export type ExecutionStatus = JobResult["conclusion"];

/** The list of steps that a step belongs to: the job's own, or that of a composite action. */
export interface StepList {
  readonly steps: StepsContext;
  /** `env:` of the steps around this list; overrides what steps wrote to `GITHUB_ENV`. */
  readonly overrides: ReadonlyMap<string, string>;
  /** Fields of the `github` context in addition to the job's: `action_path` and others. */
  readonly github: Readonly<Record<string, Json>>;
  readonly composite: CompositeCall | undefined;
}

/** The call of the composite action that a list of steps belongs to. */
export interface CompositeCall {
  readonly inputs: Readonly<Record<string, string>>;
  /** The status of the action's own steps so far: used by `success()` and `failure()` in it. */
  status: ExecutionStatus;
}

export interface ScopeRequest {
  readonly job: JobState;
  readonly list: StepList;
  readonly github: Readonly<Record<string, Json>>;
  readonly env: ReadonlyMap<string, string>;
  /** The status that `success()` and `failure()` check. */
  readonly status: ExecutionStatus;
}

/** In a composite action `secrets`, `vars` and `needs` do not exist (GitHub's action schema). */
export function expressionScope({ job, list, github, env, status }: ScopeRequest): Scope {
  const { contexts } = job.assignment;
  const isJobStep = list.composite === undefined;
  return {
    contexts: {
      github,
      ...(isJobStep ? { vars: contexts.vars, secrets: contexts.secrets, needs: contexts.needs } : {}),
      strategy: contexts.strategy,
      matrix: contexts.matrix,
      inputs: list.composite?.inputs ?? contexts.inputs ?? {},
      steps: list.steps.toJson(),
      env: Object.fromEntries(env),
      job: { ...contexts.job, status: job.status },
      runner: runnerContext(job),
    },
    functions: {
      always: () => true,
      success: () => status === "success",
      failure: () => status === "failure",
      cancelled: () => job.status === "cancelled",
      hashFiles: (...args) => hashFiles(job.folders.workspace, args.map(String)),
    },
  };
}

export function runnerContext({ assignment, folders, debug }: JobState): Readonly<Record<string, string>> {
  const { runner } = assignment;
  return {
    ...(debug ? { debug: "1" } : {}),
    os: runner.os,
    arch: runner.arch,
    name: runner.name,
    environment: runner.environment,
    tool_cache: folders.toolCache,
    temp: folders.temp,
    workspace: folders.pipeline,
  };
}
