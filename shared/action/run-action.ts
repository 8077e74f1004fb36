/** How every action runs: inputs, secrets, deadline, cancellation, outputs and exit codes, the same for all. */

import type { Problem } from "../problem/problem.ts";
import { assertSafeEnvironment } from "./assert-safe-environment.ts";
import { type ActionContext, readContext } from "./context.ts";
import { type Host, realHost } from "./host.ts";
import { createLog, type Log } from "./log.ts";
import { assertNoProblems, readInputs } from "./read-inputs.ts";
import { EXIT_CODE, reportFailure } from "./report-failure.ts";
import { createSafeToolkit } from "./safe-toolkit.ts";
import type { ActionSpec, InputsOf, OutputSpecs, OutputsOf } from "./spec.ts";
import type { Toolkit } from "./toolkit.ts";
import { CancelledError, watchForTermination } from "./watch-for-termination.ts";

export interface ActionScope<Spec extends ActionSpec, Ports> {
  readonly inputs: InputsOf<Spec>;
  readonly context: ActionContext;
  readonly ports: Ports;
  readonly log: Log;
  /** Keeps a secret that the action itself obtained out of all that is printed and written. */
  readonly mask: (secret: string) => void;
  /** Aborted when the job is cancelled, or the action's deadline has passed. */
  readonly signal: AbortSignal;
  /** Passed from an action to its post step. */
  readonly state: SavedState;
}

export interface SavedState {
  save(name: string, value: string): void;
  /** The empty string when nothing was saved. */
  read(name: string): string;
}

export interface ActionResult<Spec extends ActionSpec> {
  readonly outputs: OutputsOf<Spec>;
  /** Markdown for the job summary, within GitHub's limit. */
  readonly summary?: string;
  /** Why the step fails although the action did its work: the gate is closed, the data is dirty. */
  readonly failed?: Problem | undefined;
}

export type ActionBody<Spec extends ActionSpec, Ports> = (
  scope: ActionScope<Spec, Ports>,
) => Promise<ActionResult<Spec>>;
export type PostBody<Spec extends ActionSpec, Ports> = (scope: ActionScope<Spec, Ports>) => Promise<void>;

/** Creates the ports from the inputs and the context. */
export type Connect<Spec extends ActionSpec, Ports> = (
  scope: Pick<ActionScope<Spec, Ports>, "inputs" | "context" | "log" | "mask" | "signal">,
) => Ports | Promise<Ports>;

/** Runs the action and ends the process. */
export async function runAction<Spec extends ActionSpec, Ports>(
  spec: Spec,
  body: ActionBody<Spec, Ports>,
  connect: Connect<Spec, Ports>,
  host: Host = realHost,
): Promise<void> {
  await executeAction(spec, host, async (scope, toolkit) => {
    const ports = await connect(scope);
    // A body that listens to the signal would not hear of an earlier cancellation.
    scope.signal.throwIfAborted();
    const result = await body({ ...scope, ports });
    for (const [name, value] of Object.entries(result.outputs)) toolkit.setOutput(name, value);
    if (result.summary) await toolkit.writeSummary(result.summary);
    if (!result.failed) return EXIT_CODE.ok;
    toolkit.annotate("error", result.failed);
    // An action that failed after a cancellation counts as cancelled, although it could still write its outputs.
    return scope.signal.reason instanceof CancelledError ? EXIT_CODE.cancelled : EXIT_CODE.failed;
  });
}

/** Runs the post step of an action: it cleans up, and sets no outputs. */
export async function runPost<Spec extends ActionSpec, Ports>(
  spec: Spec,
  body: PostBody<Spec, Ports>,
  connect: Connect<Spec, Ports>,
  host: Host = realHost,
): Promise<void> {
  const execute = async (scope: ScopeWithoutPorts<Spec>): Promise<number> => {
    await body({ ...scope, ports: await connect(scope) });
    return EXIT_CODE.ok;
  };
  await executeAction(spec, host, execute, {});
}

type ScopeWithoutPorts<Spec extends ActionSpec> = Omit<ActionScope<Spec, never>, "ports">;

async function executeAction<Spec extends ActionSpec>(
  spec: Spec,
  host: Host,
  execute: (scope: ScopeWithoutPorts<Spec>, toolkit: Toolkit) => Promise<number>,
  outputs: OutputSpecs = spec.outputs,
): Promise<void> {
  const parsed = readInputs(spec, host.env);
  for (const secret of parsed.secrets) host.toolkit.mask(secret);
  const toolkit = createSafeToolkit(host.toolkit, parsed.secrets);

  let ended = false;
  const end = (code: () => number): void => {
    if (ended) return;
    ended = true;
    termination[Symbol.dispose]();
    host.exit(code());
  };
  const fail = (error: unknown): void =>
    end(() => reportFailure({ name: spec.name, outputs }, error, termination.signal, toolkit));
  const termination = watchForTermination(host, spec.deadline, fail);

  try {
    assertNoProblems(parsed);
    assertSafeEnvironment(host.env, parsed.values);
    const scope: ScopeWithoutPorts<Spec> = {
      inputs: parsed.values as InputsOf<Spec>,
      context: readContext(host.env),
      log: createLog(toolkit),
      mask: toolkit.mask,
      signal: termination.signal,
      state: { save: toolkit.saveState, read: toolkit.readState },
    };
    const code = await execute(scope, toolkit);
    end(() => code);
  } catch (error) {
    fail(error);
  }
}
