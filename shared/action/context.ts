/** Where and why this action runs, read once from the runner's environment variables and its event file. */
import { readFileSync } from "node:fs";
import { userError } from "../problem/problem.ts";
import type { EnvironmentVariables } from "./read-inputs.ts";

export interface ActionContext {
  /** `owner/name`. */
  readonly repository: string;
  /** A number, which stays when the repository is renamed; empty on a runner that does not say it. */
  readonly repositoryId: string;
  readonly event: { readonly name: string; readonly payload: Readonly<Record<string, unknown>> };
  /** The commit checked out by default: for a pull request, the test merge. */
  readonly sha: string;
  readonly ref: string;
  readonly run: { readonly id: number; readonly attempt: number; readonly number: number };
  /** The path of the workflow file with its ref, for example `o/r/.github/workflows/ci.yml@refs/heads/main`. */
  readonly workflow: string;
  /** The commit that the workflow file was read from; empty on a runner that does not say it. */
  readonly workflowSha: string;
  readonly job: string;
  readonly actor: string;
  readonly triggeringActor: string;
  readonly urls: {
    readonly api: string;
    /** The page of the repository. */
    readonly repository: string;
  };
  /** `github-hosted` or `self-hosted`; empty on a runner that does not say it. */
  readonly runnerEnvironment: string;
  readonly workspace: string;
  /** A folder that exists as long as the job. */
  readonly temp: string;
}

/** @throws ActionError that names the variable when this is not a runner, or the event file is broken. */
export function readContext(env: EnvironmentVariables): ActionContext {
  const readRequired = (name: string): string => {
    const value = env[name];
    if (value) return value;
    throw userError({
      code: "not-on-a-runner",
      message: `${name} is not set`,
      fix: "Run this action in a workflow, or set the variables that a GitHub runner sets",
    });
  };
  const readCount = (name: string, byDefault: string | undefined): number => {
    const value = byDefault === undefined ? readRequired(name) : env[name] || byDefault;
    if (/^[1-9]\d{0,14}$/.test(value)) return Number(value);
    throw userError({
      code: "not-on-a-runner",
      message: `${name} is not a number`,
      fix: "Check that nothing in the job changes it",
    });
  };
  const repository = readRequired("GITHUB_REPOSITORY");
  return {
    repository,
    repositoryId: env["GITHUB_REPOSITORY_ID"] ?? "",
    event: { name: readRequired("GITHUB_EVENT_NAME"), payload: readEvent(readRequired("GITHUB_EVENT_PATH")) },
    sha: readRequired("GITHUB_SHA"),
    ref: env["GITHUB_REF"] ?? "",
    run: {
      id: readCount("GITHUB_RUN_ID", undefined),
      attempt: readCount("GITHUB_RUN_ATTEMPT", "1"),
      number: readCount("GITHUB_RUN_NUMBER", "1"),
    },
    workflow: env["GITHUB_WORKFLOW_REF"] ?? "",
    workflowSha: env["GITHUB_WORKFLOW_SHA"] ?? "",
    job: env["GITHUB_JOB"] ?? "",
    actor: env["GITHUB_ACTOR"] ?? "",
    triggeringActor: env["GITHUB_TRIGGERING_ACTOR"] ?? env["GITHUB_ACTOR"] ?? "",
    urls: {
      api: env["GITHUB_API_URL"] ?? "https://api.github.com",
      repository: `${env["GITHUB_SERVER_URL"] ?? "https://github.com"}/${repository}`,
    },
    runnerEnvironment: env["RUNNER_ENVIRONMENT"] ?? "",
    workspace: readRequired("GITHUB_WORKSPACE"),
    temp: readRequired("RUNNER_TEMP"),
  };
}

/** The page of a run of this repository: this run, unless another one is given. */
export const runUrlOf = ({ urls, run }: Pick<ActionContext, "urls" | "run">, id: number = run.id): string =>
  `${urls.repository}/actions/runs/${id}`;

function readEvent(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
    throw new Error("it is not a JSON object");
  } catch (error) {
    throw userError(
      {
        code: "event-unreadable",
        message: `the event file could not be read: ${error instanceof Error ? error.message : String(error)}`,
        place: { file: path },
        fix: "Check that nothing in the job changes GITHUB_EVENT_PATH",
      },
      error,
    );
  }
}
