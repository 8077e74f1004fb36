/** Executes an attempt of a run: its wait in its concurrency group, its jobs, its end. */

import { errorMessage } from "../../workflow-language/error-message.ts";
import { createFrame } from "../state/call-frame.ts";
import type { Engine } from "../state/engine.ts";
import type { Execution } from "../state/execution.ts";
import { frameContexts, repositorySecretsOf } from "../state/expression-contexts.ts";
import type { Lease } from "../waiting/concurrency.ts";
import { StoppedError } from "../waiting/stopped-error.ts";
import { cancelExecution } from "./cancel.ts";
import { joinConcurrencyGroup, type LeaseRequest, waitForLease } from "./concurrency-lease.ts";
import { executeJobs } from "./execute-jobs.ts";
import { completeRun, failRun, setAttemptStatus } from "./run-record.ts";

/** GitHub docs, "Usage limits": a run that has not ended by then, waiting included, is cancelled. */
export const MAX_RUN_DAYS = 35;

/** Resolves when the attempt has completed. */
export async function executeRun(engine: Engine, execution: Execution): Promise<void> {
  const { world } = engine;
  using _limit = world.clock.after(MAX_RUN_DAYS * 86_400_000, () => {
    const reason = `The run has exceeded the maximum execution time of ${MAX_RUN_DAYS} days`;
    cancelExecution(world, execution, new StoppedError("cancelled", reason, { forced: true }));
  });
  let lease: Lease | undefined;
  try {
    lease = await enterGroup(engine, execution);
    const root = createFrame({
      workflow: execution.workflow,
      inputs: execution.inputs,
      secrets: repositorySecretsOf(execution),
      permissions: undefined,
      leases: lease ? [lease] : [],
      caller: undefined,
    });
    await executeJobs(engine, execution, root);
    completeRun(world, execution);
  } catch (error) {
    if (error instanceof StoppedError) {
      execution.cancelled = true;
      completeRun(world, execution);
    } else failRun(world, execution.run, execution.attempt, [errorMessage(error)]);
  } finally {
    lease?.release();
    execution.done.resolve();
  }
}

/** @throws StoppedError when the run was cancelled before it held its group. */
async function enterGroup(engine: Engine, execution: Execution): Promise<Lease | undefined> {
  const { run, attempt, workflow } = execution;
  const scope = { contexts: frameContexts(engine.world, execution, execution.inputs) };
  const request: LeaseRequest = {
    member: { run, job: undefined },
    name: "top level workflow",
    heldLeases: [],
    stop: (reason) => cancelExecution(engine.world, execution, reason),
  };
  const lease = joinConcurrencyGroup(engine, workflow.file.concurrency, scope, request);
  try {
    if (lease) {
      const onWait = (): void => setAttemptStatus(engine.world, run, attempt, { status: "pending", conclusion: null });
      await waitForLease(engine, request, lease, execution.queueAbort.signal, onWait);
    }
    execution.queueAbort.signal.throwIfAborted();
    return lease;
  } catch (error) {
    lease?.release();
    throw error;
  }
}
