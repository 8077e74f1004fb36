/** The environment of a step's processes. */
import { delimiter } from "node:path";
import type { Json } from "../../workflow-language/values.ts";
import type { ServiceAccess } from "../job.ts";
import type { JobState } from "../job-state.ts";
import { TRACKING_VARIABLE } from "../process/kill-tree.ts";
import { runnerContext } from "./expression-scope.ts";

/** The entries of the `github` context that become `GITHUB_…` variables (actions/runner, `GitHubContext`). */
const GITHUB_VARIABLES = [
  ...["action", "action_path", "action_ref", "action_repository", "actor", "actor_id", "api_url", "artifacts"],
  ...["base_ref", "env", "event_name", "event_path", "graphql_url", "head_ref", "job", "output", "path", "ref_name"],
  ...["ref_protected", "ref_type", "ref", "repository", "repository_id", "repository_owner", "repository_owner_id"],
  ...["retention_days", "run_attempt", "run_id", "run_number", "server_url", "sha", "state", "step_summary"],
  ...["triggering_actor", "workflow", "workflow_ref", "workflow_sha", "workspace"],
];

export interface EnvironmentRequest {
  readonly job: JobState;
  readonly github: Readonly<Record<string, Json>>;
  /** The `env` context of the step. */
  readonly env: ReadonlyMap<string, string>;
  /** `INPUT_…`, `STATE_…` and the like. */
  readonly extra: Readonly<Record<string, string>>;
  /** JavaScript actions may call the runtime services; scripts may only request identity tokens. */
  readonly isAction: boolean;
}

/** Later layers win: the machine's variables, the step's `env`, then GitHub's own, which cannot be overwritten. */
export function processEnvironment(request: EnvironmentRequest): Readonly<Record<string, string>> {
  const { job, env, github, isAction } = request;
  const { runner, services } = job.assignment;
  const variables: Record<string, string> = { ...runner.env, ...Object.fromEntries(env), ...request.extra };
  variables["PATH"] = searchPath(job, variables["PATH"]);
  for (const name of GITHUB_VARIABLES) {
    const value = github[name];
    if (typeof value === "string") variables[`GITHUB_${name.toUpperCase()}`] = value;
    else if (typeof value === "boolean") variables[`GITHUB_${name.toUpperCase()}`] = value ? "true" : "false";
  }
  for (const [name, value] of Object.entries(runnerContext(job))) variables[`RUNNER_${name.toUpperCase()}`] = value;
  Object.assign(variables, identityVariables(services), isAction ? runtimeVariables(services) : {});
  variables["GITHUB_ACTIONS"] = "true";
  variables["CI"] ??= "true";
  // A step may set another value: its processes then continue to run after the job.
  variables[TRACKING_VARIABLE] = env.get(TRACKING_VARIABLE) ?? job.trackingId;
  return variables;
}

/** `PATH` with the folders that earlier steps added before it, newest first. */
export function searchPath(job: JobState, path: string | undefined): string {
  const base = path ?? job.assignment.runner.env["PATH"];
  return [...job.searchPath.toReversed(), ...(base ? [base] : [])].join(delimiter);
}

function identityVariables({ idTokenUrl, idTokenToken }: ServiceAccess): Readonly<Record<string, string>> {
  if (idTokenUrl === undefined || idTokenToken === undefined) return {};
  return { ACTIONS_ID_TOKEN_REQUEST_URL: idTokenUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: idTokenToken };
}

function runtimeVariables({ resultsUrl, runtimeToken, cacheMode }: ServiceAccess): Readonly<Record<string, string>> {
  if (resultsUrl === undefined || runtimeToken === undefined) return {};
  return {
    ACTIONS_RUNTIME_URL: resultsUrl,
    ACTIONS_RUNTIME_TOKEN: runtimeToken,
    ACTIONS_RESULTS_URL: resultsUrl,
    // As .NET formats it; the toolkit only checks whether it is set.
    ACTIONS_CACHE_SERVICE_V2: "True",
    ACTIONS_CACHE_MODE: cacheMode,
  };
}
