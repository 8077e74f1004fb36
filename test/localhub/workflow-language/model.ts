/**
 * Workflow and action files as plain data, after GitHub's own parser has accepted them. Strings may still contain
 * expressions (`Template`); conditions are stored as expression source without the `${{ }}`.
 */
import type { Template } from "./values.ts";

export interface WorkflowFile {
  /** The path in the repository; it is the workflow's name where `name` is absent. */
  readonly path: string;
  readonly name: string | undefined;
  readonly runName: Template | undefined;
  readonly on: Triggers;
  readonly permissions: PermissionsBlock | undefined;
  readonly env: Template;
  readonly defaults: RunDefaults;
  readonly concurrency: ConcurrencyBlock | undefined;
  /** In file order. */
  readonly jobs: readonly JobDefinition[];
}

/** By event name. `workflow_dispatch`, `workflow_call` and `schedule` have more than filters. */
export interface Triggers {
  readonly events: Readonly<Record<string, EventFilter>>;
  readonly schedule: readonly { readonly cron: string; readonly timezone: string | undefined }[];
  readonly dispatchInputs: Readonly<Record<string, InputDefinition>>;
  readonly call:
    | {
        readonly inputs: Readonly<Record<string, InputDefinition>>;
        readonly secrets: Readonly<Record<string, { readonly required: boolean }>>;
        readonly outputs: Readonly<Record<string, { readonly value: Template }>>;
      }
    | undefined;
}

/** Every field absent means: no restriction by it. Patterns are GitHub's glob language, `!` negates. */
export interface EventFilter {
  readonly types?: readonly string[];
  readonly branches?: readonly string[];
  readonly branchesIgnore?: readonly string[];
  readonly tags?: readonly string[];
  readonly tagsIgnore?: readonly string[];
  readonly paths?: readonly string[];
  readonly pathsIgnore?: readonly string[];
  /** For `workflow_run`: names of the workflows it listens to. */
  readonly workflows?: readonly string[];
}

export interface InputDefinition {
  readonly type: "string" | "boolean" | "number" | "choice" | "environment";
  readonly description: string | undefined;
  readonly required: boolean;
  readonly default: Template | undefined;
  readonly options: readonly string[];
}

/** `read-all` and `write-all` are stored as `"*"`. Keys as in the file (`pull-requests`). */
export type PermissionsBlock = Readonly<Record<string, "read" | "write" | "none">>;

export interface RunDefaults {
  readonly shell: Template | undefined;
  readonly workingDirectory: Template | undefined;
}

export interface ConcurrencyBlock {
  readonly group: Template;
  readonly cancelInProgress: Template;
  /** `max`: keep every waiting member (up to 100) instead of only the newest. */
  readonly queue: "single" | "max";
}

export type JobDefinition = StepsJob | CallJob;

interface JobBase {
  /** The key under `jobs:`. */
  readonly id: string;
  readonly name: Template | undefined;
  readonly needs: readonly string[];
  /** Expression source; absent means `success()`. */
  readonly if: string | undefined;
  readonly permissions: PermissionsBlock | undefined;
  readonly concurrency: ConcurrencyBlock | undefined;
  readonly strategy: Strategy | undefined;
}

export interface StepsJob extends JobBase {
  readonly kind: "steps";
  /** A label, a list of labels, or `{ group, labels }`. */
  readonly runsOn: Template;
  /** A name, or `{ name, url, deployment }`. */
  readonly environment: Template | undefined;
  readonly env: Template;
  readonly defaults: RunDefaults;
  readonly timeoutMinutes: Template | undefined;
  readonly continueOnError: Template | undefined;
  readonly outputs: Readonly<Record<string, Template>>;
  readonly steps: readonly StepDefinition[];
  /**
   * Keys of the file that are not supported (`container`, `services` …). A job that has any must fail with a message.
   */
  readonly unsupported: readonly string[];
}

/** A job that calls a reusable workflow. */
export interface CallJob extends JobBase {
  readonly kind: "call";
  /** `./.github/workflows/x.yml` or `owner/repo/.github/workflows/x.yml@ref`. */
  readonly uses: string;
  readonly with: Readonly<Record<string, Template>>;
  readonly secrets: Readonly<Record<string, Template>> | "inherit";
}

export interface Strategy {
  /** The `matrix:` block with `include` and `exclude` inside, or one expression for all of it. */
  readonly matrix: Template | undefined;
  readonly failFast: Template | undefined;
  readonly maxParallel: Template | undefined;
}

export type StepDefinition = RunStep | UsesStep;

interface StepBase {
  readonly id: string | undefined;
  readonly name: Template | undefined;
  readonly if: string | undefined;
  readonly env: Template;
  readonly continueOnError: Template | undefined;
  readonly timeoutMinutes: Template | undefined;
}

export interface RunStep extends StepBase {
  readonly kind: "run";
  readonly run: Template;
  readonly shell: Template | undefined;
  readonly workingDirectory: Template | undefined;
}

export interface UsesStep extends StepBase {
  readonly kind: "uses";
  readonly uses: string;
  readonly with: Readonly<Record<string, Template>>;
}

/** An `action.yml`. */
export interface ActionFile {
  readonly name: string;
  readonly inputs: Readonly<Record<string, ActionInput>>;
  /** `value` only for composite actions. */
  readonly outputs: Readonly<Record<string, { readonly value: Template | undefined }>>;
  readonly runs: JavaScriptRuns | CompositeRuns | DockerRuns;
}

export interface ActionInput {
  readonly required: boolean;
  readonly default: Template | undefined;
  readonly deprecationMessage: string | undefined;
}

export interface JavaScriptRuns {
  readonly kind: "javascript";
  /** `node20`, `node24`. */
  readonly using: string;
  readonly main: string;
  readonly pre: string | undefined;
  /** Expression source; `always()` where absent. */
  readonly preIf: string;
  readonly post: string | undefined;
  readonly postIf: string;
}

export interface CompositeRuns {
  readonly kind: "composite";
  readonly steps: readonly StepDefinition[];
}

/** Read so that the runner can reject it by name: this local GitHub runs no containers. */
export interface DockerRuns {
  readonly kind: "docker";
  readonly image: string;
}

/** An error in a workflow or action file, with its position. Lines and columns count from 1. */
export interface FileError {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Thrown by the readers of this module, with all errors of the file. */
export class InvalidFileError extends Error {
  readonly errors: readonly FileError[];

  constructor(errors: readonly FileError[]) {
    super(errors.map(({ path, line, column, message }) => `${path}:${line}:${column}: ${message}`).join("\n"));
    this.name = "InvalidFileError";
    this.errors = errors;
  }
}
