/** The one way an action runs: inputs, secrets, deadline, cancellation, outputs and exit codes, the same for all. */
import { type ActionContext, readContext } from "./context.ts";
import { createLog, type Log } from "./log.ts";
import { ActionFailure, mistake } from "./problem.ts";
import { assertNoProblems, type Environment, readInputs } from "./read-inputs.ts";
import type { ActionSpec, InputsOf, OutputsOf } from "./spec.ts";
import { toolkit as realToolkit, type Toolkit } from "./toolkit.ts";

/** What an action's exit code means. `0` is the only green. */
export const EXIT = { ok: 0, failed: 1, refused: 2, bug: 70, cancelled: 130 } as const;

/** After a cancellation the runner kills the process in 10 s; by then a write must be finished or given up. */
const GRACE_AFTER_CANCEL = 5_000;

export interface Scene<Spec extends ActionSpec, Ports> {
  readonly inputs: InputsOf<Spec>;
  readonly context: ActionContext;
  readonly ports: Ports;
  readonly log: Log;
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
}

export interface Ending<Spec extends ActionSpec> {
  readonly outputs: OutputsOf<Spec>;
  /** Markdown for the job summary, within GitHub's limit. */
  readonly summary?: string;
  /** Why the step fails although the action did its work, in one line: the gate is closed, the data is dirty. */
  readonly failed?: string | undefined;
}

export type ActionBody<Spec extends ActionSpec, Ports> = (scene: Scene<Spec, Ports>) => Promise<Ending<Spec>>;

/** Makes the ports from what the action was given. */
export type Connect<Spec extends ActionSpec, Ports> = (
  given: Pick<Scene<Spec, Ports>, "inputs" | "context" | "log" | "signal">,
) => Ports;

export interface Host {
  readonly env: Environment;
  readonly toolkit: Toolkit;
  readonly onCancel: (cancelled: () => void) => void;
  readonly exit: (code: number) => void;
}

const realHost: Host = {
  env: process.env,
  toolkit: realToolkit,
  onCancel: (cancelled) => {
    process.once("SIGINT", cancelled);
    process.once("SIGTERM", cancelled);
  },
  // Open sockets (keep-alive, a dead proxy) must not hold a finished action.
  exit: (code) => process.exit(code),
};

export async function runAction<Spec extends ActionSpec, Ports>(
  spec: Spec,
  body: ActionBody<Spec, Ports>,
  connect: Connect<Spec, Ports>,
  host: Host = realHost,
): Promise<void> {
  const { toolkit } = host;
  const cancellation = new AbortController();
  host.onCancel(() => {
    cancellation.abort(new Error("the job was cancelled"));
    setTimeout(() => host.exit(EXIT.cancelled), GRACE_AFTER_CANCEL).unref();
  });

  try {
    const ending = await play(spec, body, connect, host, cancellation.signal);
    for (const [name, value] of Object.entries(ending.outputs)) toolkit.setOutput(name, value);
    if (ending.summary) await toolkit.summarise(ending.summary);
    if (ending.failed) toolkit.annotate("error", ending.failed);
    host.exit(ending.failed ? EXIT.failed : EXIT.ok);
  } catch (error) {
    for (const [name, output] of Object.entries(spec.outputs)) toolkit.setOutput(name, output.onFailure);
    host.exit(report(spec, error, cancellation.signal, toolkit));
  }
}

async function play<Spec extends ActionSpec, Ports>(
  spec: Spec,
  body: ActionBody<Spec, Ports>,
  connect: Connect<Spec, Ports>,
  { env, toolkit }: Host,
  signal: AbortSignal,
): Promise<Ending<Spec>> {
  const read = readInputs(spec, env);
  for (const secret of read.secrets) toolkit.mask(secret);
  if (env["ACTIONS_ALLOW_UNSECURE_COMMANDS"] === "true") {
    throw mistake({
      code: "unsecure-commands",
      message: "ACTIONS_ALLOW_UNSECURE_COMMANDS lets any printed line change this job's environment",
      fix: "Remove ACTIONS_ALLOW_UNSECURE_COMMANDS from the workflow",
    });
  }
  assertNoProblems(read);
  const inputs = read.values as InputsOf<Spec>;
  const given = { inputs, context: readContext(env), log: createLog(toolkit), signal };
  return body({ ...given, ports: connect(given) });
}

/** Says what happened, once, and answers with the exit code. */
function report(spec: ActionSpec, error: unknown, signal: AbortSignal, toolkit: Toolkit): number {
  if (signal.aborted) {
    toolkit.annotate("error", "The job was cancelled; nothing was left half-done.");
    return EXIT.cancelled;
  }
  if (error instanceof ActionFailure) {
    for (const problem of error.problems) toolkit.annotate("error", problem);
    return error.kind === "refusal" ? EXIT.refused : EXIT.failed;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  toolkit.annotate("error", `${spec.name} hit a bug of its own, not of yours. Please open an issue with the log.`);
  toolkit.print(stack);
  return EXIT.bug;
}
