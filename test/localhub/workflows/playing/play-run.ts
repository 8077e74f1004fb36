/** The story of an attempt of a run: its turn in its concurrency group, its jobs, its end. */

import type { Engine } from "../state/engine.ts";
import type { Execution } from "../state/execution.ts";
import { openFrame } from "../state/frame.ts";
import { frameContexts, repositorySecretsOf } from "../state/scope.ts";
import type { Lease } from "../waiting/concurrency.ts";
import { Stopped } from "../waiting/stopped.ts";
import { cancelExecution } from "./cancel.ts";
import { holdLease, joinGroup, type Member } from "./lease.ts";
import { playFrame } from "./play-jobs.ts";
import { completeRun, failRun, moveAttempt } from "./run-record.ts";

/** GitHub docs, "Usage limits": a run that has not ended by then, waiting included, is cancelled. */
export const LONGEST_RUN_DAYS = 35;

/** Resolves when the attempt has completed. */
export async function playRun(engine: Engine, execution: Execution): Promise<void> {
  const { world } = engine;
  using _limit = world.clock.after(LONGEST_RUN_DAYS * 86_400_000, () => {
    const reason = `The run has exceeded the maximum execution time of ${LONGEST_RUN_DAYS} days`;
    cancelExecution(world, execution, new Stopped("cancelled", reason, { forced: true }));
  });
  let lease: Lease | undefined;
  try {
    lease = await enterGroup(engine, execution);
    const root = openFrame({
      workflow: execution.workflow,
      inputs: execution.inputs,
      secrets: repositorySecretsOf(execution),
      permissions: undefined,
      leases: lease ? [lease] : [],
      caller: undefined,
    });
    await playFrame(engine, execution, root);
    completeRun(world, execution);
  } catch (error) {
    if (error instanceof Stopped) {
      execution.cancelled = true;
      completeRun(world, execution);
    } else failRun(world, execution.run, execution.attempt, [error instanceof Error ? error.message : String(error)]);
  } finally {
    lease?.release();
    execution.done.resolve();
  }
}

/** @throws Stopped when the run was cancelled before its turn came. */
async function enterGroup(engine: Engine, execution: Execution): Promise<Lease | undefined> {
  const { run, attempt, workflow } = execution;
  const scope = { contexts: frameContexts(engine.world, execution, execution.inputs) };
  const request: Member = {
    member: { run, job: undefined },
    name: "top level workflow",
    under: [],
    stop: (reason) => cancelExecution(engine.world, execution, reason),
  };
  const lease = joinGroup(engine, workflow.file.concurrency, scope, request);
  try {
    if (lease) {
      const wait = (): void => moveAttempt(engine.world, run, attempt, { status: "pending", conclusion: null });
      await holdLease(engine, request, lease, execution.start.signal, wait);
    }
    execution.start.signal.throwIfAborted();
    return lease;
  } catch (error) {
    lease?.release();
    throw error;
  }
}
