/**
 * The port between the Actions service, which decides what runs, and the runner, which runs it. The service hands over
 * a `JobAssignment`; the runner tells a `JobObserver` what happens and answers with a `JobResult`.
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
  /** What `GITHUB_EVENT_PATH` holds. */
  readonly event: Readonly<Record<string, unknown>>;
  /** Values to keep out of every log line, summary and annotation from the start. */
  readonly masks: readonly string[];
  readonly services: ServiceAccess;
  readonly runner: RunnerMachine;
  readonly actions: ActionSource;
}

/** The contexts that are settled before the job starts. `steps`, `job`, `runner`, `env` are the runner's own. */
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
  /** What the `job` context holds beyond `status`, for example `check_run_id`. */
  readonly job: Readonly<Record<string, Json>>;
}

/** Where the job's tools call home; becomes `GITHUB_*` and `ACTIONS_*` variables. */
export interface ServiceAccess {
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** A label, not an address: `http://github.localhost`, the host name the toolkit packages accept. */
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
  /** The runner's own folder; work, temp and tool folders are made inside. */
  readonly directory: string;
  /** Variables of the machine itself that steps see, `PATH` and `HOME` among them. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where the code behind `uses:` comes from. */
export interface ActionSource {
  /**
   * The files of `uses: owner/repo/path@ref`, `uses: $/path` or one of our stand-ins, laid out in a folder.
   * `./path` never comes here: it is in the workspace.
   * @throws Error naming the reference when there is no such repository, ref or path.
   */
  fetch(uses: string): Promise<FetchedAction>;
}

export type FetchedAction =
  | { readonly kind: "directory"; readonly directory: string; readonly repository: string; readonly ref: string }
  | { readonly kind: "builtin"; readonly file: ActionFile; readonly run: BuiltinActionHandler };

/** An action played by the hub itself (`actions/checkout`), in the job's own process tree position. */
export type BuiltinActionHandler = (call: BuiltinCall) => Promise<BuiltinOutcome>;

export interface BuiltinCall extends BuiltinContext {
  readonly inputs: Readonly<Record<string, string>>;
  readonly github: Readonly<Record<string, Json>>;
  readonly workspace: string;
  /** The job's temp folder. */
  readonly temp: string;
}

export interface BuiltinContext {
  /** Takes a line as if the action had printed it: workflow commands in it count. */
  readonly log: (line: string) => void;
  /** Aborts when the step is cancelled or out of time. */
  readonly signal: AbortSignal;
  /** The environment that a process of the action gets. */
  readonly env: Readonly<Record<string, string>>;
}

export interface BuiltinOutcome {
  readonly outputs: Readonly<Record<string, string>>;
  /** Run when the job ends, as a post step, if the action's `file` names a `post`. */
  readonly post?: ((surroundings: BuiltinContext) => Promise<void>) | undefined;
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

/** Step numbers count from 1 in the order steps are shown; "Set up job" is 1. Text arrives masked. */
export interface JobObserver {
  stepStarted(number: number, name: string): void;
  line(step: number, text: string): void;
  annotation(step: number, annotation: ObservedAnnotation): void;
  /** The step's whole summary so far: the steps of a composite action write one after the other. */
  summary(step: number, markdown: string): void;
  stepCompleted(number: number, conclusion: StepConclusion): void;
}

export interface JobResult {
  readonly conclusion: "success" | "failure" | "cancelled";
  /** Outputs whose value holds a secret are dropped, as GitHub does. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly environmentUrl: string | undefined;
}

export interface RunningJob {
  readonly result: Promise<JobResult>;
  /** Starts the runner's cancellation: SIGINT, 7.5 s, SIGTERM, 2.5 s, kill; `always()` and post steps still run. */
  cancel(): void;
  /** Ends the job at once; nothing more of it runs. */
  kill(): void;
}

export type StartJob = (assignment: JobAssignment, observer: JobObserver) => RunningJob;
