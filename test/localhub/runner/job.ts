/**
 * The port between the Actions service, which decides what runs, and the runner, which runs it. The service passes
 * a `JobAssignment`; the runner reports to a `JobObserver` and returns a `JobResult`.
 */
import type { ActionFile, RunDefaults, StepDefinition } from "../workflow-language/model.ts";
import type { Json, Template } from "../workflow-language/values.ts";

export interface JobAssignment {
  /** The display name. */
  readonly name: string;
  readonly steps: readonly StepDefinition[];
  /** `env:` of the workflow, then of the job; later wins. Evaluated by the runner. */
  readonly env: readonly Template[];
  readonly defaults: RunDefaults;
  readonly outputs: Readonly<Record<string, Template>>;
  /** `environment.url`, evaluated once the steps have run. */
  readonly environmentUrl: Template | undefined;
  readonly timeoutMinutes: number;
  readonly contexts: ExpressionContexts;
  /** The content of `GITHUB_EVENT_PATH`. */
  readonly event: Readonly<Record<string, unknown>>;
  /** Values to mask in every log line, summary and annotation from the start. */
  readonly masks: readonly string[];
  readonly services: ServiceAccess;
  readonly runner: RunnerMachine;
  readonly actions: ActionSource;
}

/** The contexts that are known before the job starts. `steps`, `job`, `runner`, `env` are the runner's own. */
export interface ExpressionContexts {
  readonly github: Readonly<Record<string, Json>>;
  readonly vars: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly needs: Readonly<
    Record<string, { readonly result: string; readonly outputs: Readonly<Record<string, string>> }>
  >;
  readonly strategy: Readonly<Record<string, Json>>;
  readonly matrix: Readonly<Record<string, Json>> | null;
  readonly inputs: Readonly<Record<string, Json>> | null;
  /** The `job` context without `status`, for example `check_run_id`. */
  readonly job: Readonly<Record<string, Json>>;
}

/** The services that the job's tools call; becomes `GITHUB_*` and `ACTIONS_*` variables. */
export interface ServiceAccess {
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** Not reachable: `http://github.localhost`, the host name that the toolkit packages accept. */
  readonly serverUrl: string;
  readonly token: string;
  readonly resultsUrl: string | undefined;
  readonly runtimeToken: string | undefined;
  /** Only for jobs with `id-token: write`. */
  readonly idTokenUrl: string | undefined;
  readonly idTokenToken: string | undefined;
  readonly cacheMode: "read" | "write";
}

export interface RunnerMachine {
  readonly name: string;
  readonly os: "Linux" | "macOS" | "Windows";
  readonly arch: "X64" | "ARM64";
  readonly environment: "github-hosted" | "self-hosted";
  /** The runner's own folder; work, temp and tool folders are created inside. */
  readonly directory: string;
  /** Variables of the machine itself that steps get, including `PATH` and `HOME`. */
  readonly env: Readonly<Record<string, string>>;
}

/** The source of the code for `uses:`. */
export interface ActionSource {
  /**
   * The files of `uses: owner/repo/path@ref` or `uses: $/path` in a folder, or a built-in action.
   * Never called for `./path`, which is in the workspace.
   * @throws Error with the reference when there is no such repository, ref or path.
   */
  fetch(uses: string): Promise<FetchedAction>;
}

export type FetchedAction =
  | { readonly kind: "directory"; readonly directory: string; readonly repository: string; readonly ref: string }
  | { readonly kind: "builtin"; readonly file: ActionFile; readonly run: BuiltinActionHandler };

/** An action that the local GitHub implements itself (`actions/checkout`), in the place of the action's process. */
export type BuiltinActionHandler = (call: BuiltinCall) => Promise<BuiltinOutcome>;

export interface BuiltinCall extends BuiltinContext {
  readonly inputs: Readonly<Record<string, string>>;
  readonly github: Readonly<Record<string, Json>>;
  readonly workspace: string;
  /** The job's temp folder. */
  readonly temp: string;
}

export interface BuiltinContext {
  /** Handles a line as if the action had printed it: workflow commands in it are executed. */
  readonly log: (line: string) => void;
  /** Aborts when the step is cancelled or timed out. */
  readonly signal: AbortSignal;
  /** The environment that a process of the action gets. */
  readonly env: Readonly<Record<string, string>>;
}

export interface BuiltinOutcome {
  readonly outputs: Readonly<Record<string, string>>;
  /** Run when the job ends, as a post step, if the action's `file` has a `post`. */
  readonly post?: ((context: BuiltinContext) => Promise<void>) | undefined;
}

export type StepConclusion = "success" | "failure" | "cancelled" | "skipped";

export interface ObservedAnnotation {
  readonly level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title: string | undefined;
  readonly path: string | undefined;
  readonly startLine: number | undefined;
  readonly endLine: number | undefined;
  readonly startColumn: number | undefined;
  readonly endColumn: number | undefined;
}

/** Step numbers count from 1 in the order steps are shown; "Set up job" is 1. Text is masked already. */
export interface JobObserver {
  stepStarted(number: number, name: string): void;
  line(step: number, text: string): void;
  annotation(step: number, annotation: ObservedAnnotation): void;
  /** The step's whole summary so far: the steps of a composite action append to it. */
  summary(step: number, markdown: string): void;
  stepCompleted(number: number, conclusion: StepConclusion): void;
}

export interface JobResult {
  readonly conclusion: "success" | "failure" | "cancelled";
  /** Outputs whose value contains a secret are removed, as on GitHub. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly environmentUrl: string | undefined;
}

export interface RunningJob {
  readonly result: Promise<JobResult>;
  /** Starts the runner's cancellation: SIGINT, 7.5 s, SIGTERM, 2.5 s, kill; `always()` and post steps still run. */
  cancel(): void;
  /** Ends the job at once; no further step runs. */
  kill(): void;
}

export type StartJob = (assignment: JobAssignment, observer: JobObserver) => RunningJob;
