/** The one way an action runs: inputs, secrets, deadline, cancellation, outputs and exit codes, the same for all. */

import { type Problem, userError } from "../problem/problem.ts";
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
  /** Aborted when the job is cancelled, or the action's time is up. */
  readonly signal: AbortSignal;
  /** Handed from an action to its post step. */
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
  scene: ActionScope<Spec, Ports>,
) => Promise<ActionResult<Spec>>;
export type PostBody<Spec extends ActionSpec, Ports> = (scene: ActionScope<Spec, Ports>) => Promise<void>;

/** Makes the ports from what the action was given. */
export type Connect<Spec extends ActionSpec, Ports> = (
  given: Pick<ActionScope<Spec, Ports>, "inputs" | "context" | "log" | "signal">,
) => Ports;

/** Plays the action and ends the process. */
export async function runAction<Spec extends ActionSpec, Ports>(
  spec: Spec,
  body: ActionBody<Spec, Ports>,
  connect: Connect<Spec, Ports>,
  host: Host = realHost,
): Promise<void> {
  await executeAction(spec, host, async (scene, toolkit) => {
    const ending = await body({ ...scene, ports: connect(scene) });
    for (const [name, value] of Object.entries(ending.outputs)) toolkit.setOutput(name, value);
    if (ending.summary) await toolkit.writeSummary(ending.summary);
    if (ending.failed) toolkit.annotate("error", ending.failed);
    if (!ending.failed) return EXIT_CODE.ok;
    // An action that could still write its outputs after a cancellation is cancelled all the same.
    return scene.signal.reason instanceof CancelledError ? EXIT_CODE.cancelled : EXIT_CODE.failed;
  });
}

/** Plays the post step of an action: it cleans up, and sets no outputs. */
export async function runPost<Spec extends ActionSpec, Ports>(
  spec: Spec,
  body: PostBody<Spec, Ports>,
  connect: Connect<Spec, Ports>,
  host: Host = realHost,
): Promise<void> {
  const act = async (scene: ScopeWithoutPorts<Spec>): Promise<number> => {
    await body({ ...scene, ports: connect(scene) });
    return EXIT_CODE.ok;
  };
  await executeAction(spec, host, act, {});
}

type ScopeWithoutPorts<Spec extends ActionSpec> = Omit<ActionScope<Spec, never>, "ports">;

async function executeAction<Spec extends ActionSpec>(
  spec: Spec,
  host: Host,
  act: (scene: ScopeWithoutPorts<Spec>, toolkit: Toolkit) => Promise<number>,
  outputs: OutputSpecs = spec.outputs,
): Promise<void> {
  const read = readInputs(spec, host.env);
  for (const secret of read.secrets) host.toolkit.mask(secret);
  const toolkit = createSafeToolkit(host.toolkit, read.secrets);

  let ended = false;
  const end = (code: () => number): void => {
    if (ended) return;
    ended = true;
    supervision[Symbol.dispose]();
    host.exit(code());
  };
  const fail = (error: unknown): void =>
    end(() => reportFailure({ name: spec.name, outputs }, error, supervision.signal, toolkit));
  const supervision = watchForTermination(host, spec.deadline, fail);

  try {
    assertNoUnsecureCommands(host.env);
    assertNoProblems(read);
    const scene: ScopeWithoutPorts<Spec> = {
      inputs: read.values as InputsOf<Spec>,
      context: readContext(host.env),
      log: createLog(toolkit),
      signal: supervision.signal,
      state: { save: toolkit.saveState, read: toolkit.readState },
    };
    const code = await act(scene, toolkit);
    end(() => code);
  } catch (error) {
    fail(error);
  }
}

function assertNoUnsecureCommands(env: Host["env"]): void {
  if (env["ACTIONS_ALLOW_UNSECURE_COMMANDS"] !== "true") return;
  throw userError({
    code: "unsecure-commands",
    message: "ACTIONS_ALLOW_UNSECURE_COMMANDS lets any printed line change this job's environment",
    fix: "Remove ACTIONS_ALLOW_UNSECURE_COMMANDS from the workflow",
  });
}
