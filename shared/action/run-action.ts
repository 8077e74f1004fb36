/** The one way an action runs: inputs, secrets, deadline, cancellation, outputs and exit codes, the same for all. */
import { type ActionContext, readContext } from "./context.ts";
import { guard } from "./guard.ts";
import { type Host, realHost } from "./host.ts";
import { createLog, type Log } from "./log.ts";
import { mistake, type Problem } from "./problem.ts";
import { assertNoProblems, readInputs } from "./read-inputs.ts";
import { EXIT, report } from "./report.ts";
import type { ActionSpec, InputsOf, OutputSpecs, OutputsOf } from "./spec.ts";
import { Cancelled, supervise } from "./supervise.ts";
import type { Toolkit } from "./toolkit.ts";

export interface Scene<Spec extends ActionSpec, Ports> {
  readonly inputs: InputsOf<Spec>;
  readonly context: ActionContext;
  readonly ports: Ports;
  readonly log: Log;
  /** Aborted when the job is cancelled, or the action's time is up. */
  readonly signal: AbortSignal;
  /** Handed from an action to its post step. */
  readonly state: State;
}

export interface State {
  save(name: string, value: string): void;
  /** The empty string when nothing was saved. */
  read(name: string): string;
}

export interface Ending<Spec extends ActionSpec> {
  readonly outputs: OutputsOf<Spec>;
  /** Markdown for the job summary, within GitHub's limit. */
  readonly summary?: string;
  /** Why the step fails although the action did its work: the gate is closed, the data is dirty. */
  readonly failed?: Problem | undefined;
}

export type ActionBody<Spec extends ActionSpec, Ports> = (scene: Scene<Spec, Ports>) => Promise<Ending<Spec>>;
export type PostBody<Spec extends ActionSpec, Ports> = (scene: Scene<Spec, Ports>) => Promise<void>;

/** Makes the ports from what the action was given. */
export type Connect<Spec extends ActionSpec, Ports> = (
  given: Pick<Scene<Spec, Ports>, "inputs" | "context" | "log" | "signal">,
) => Ports;

/** Plays the action and ends the process. */
export async function runAction<Spec extends ActionSpec, Ports>(
  spec: Spec,
  body: ActionBody<Spec, Ports>,
  connect: Connect<Spec, Ports>,
  host: Host = realHost,
): Promise<void> {
  await play(spec, host, async (scene, toolkit) => {
    const ending = await body({ ...scene, ports: connect(scene) });
    for (const [name, value] of Object.entries(ending.outputs)) toolkit.setOutput(name, value);
    if (ending.summary) await toolkit.summarise(ending.summary);
    if (ending.failed) toolkit.annotate("error", ending.failed);
    if (!ending.failed) return EXIT.ok;
    // An action that could still write its outputs after a cancellation is cancelled all the same.
    return scene.signal.reason instanceof Cancelled ? EXIT.cancelled : EXIT.failed;
  });
}

/** Plays the post step of an action: it cleans up, and sets no outputs. */
export async function runPost<Spec extends ActionSpec, Ports>(
  spec: Spec,
  body: PostBody<Spec, Ports>,
  connect: Connect<Spec, Ports>,
  host: Host = realHost,
): Promise<void> {
  const act = async (scene: BareScene<Spec>): Promise<number> => {
    await body({ ...scene, ports: connect(scene) });
    return EXIT.ok;
  };
  await play(spec, host, act, {});
}

type BareScene<Spec extends ActionSpec> = Omit<Scene<Spec, never>, "ports">;

async function play<Spec extends ActionSpec>(
  spec: Spec,
  host: Host,
  act: (scene: BareScene<Spec>, toolkit: Toolkit) => Promise<number>,
  outputs: OutputSpecs = spec.outputs,
): Promise<void> {
  const read = readInputs(spec, host.env);
  for (const secret of read.secrets) host.toolkit.mask(secret);
  const toolkit = guard(host.toolkit, read.secrets);

  let ended = false;
  const end = (code: () => number): void => {
    if (ended) return;
    ended = true;
    supervision[Symbol.dispose]();
    host.exit(code());
  };
  const fail = (error: unknown): void =>
    end(() => report({ name: spec.name, outputs }, error, supervision.signal, toolkit));
  const supervision = supervise(host, spec.deadline, fail);

  try {
    assertNoUnsecureCommands(host.env);
    assertNoProblems(read);
    const scene: BareScene<Spec> = {
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
  throw mistake({
    code: "unsecure-commands",
    message: "ACTIONS_ALLOW_UNSECURE_COMMANDS lets any printed line change this job's environment",
    fix: "Remove ACTIONS_ALLOW_UNSECURE_COMMANDS from the workflow",
  });
}
