/** A job that calls a reusable workflow: passes inputs and secrets, executes the called jobs, collects the outputs. */
import { evaluate, evaluateText, evaluateTexts } from "../../workflow-language/evaluate.ts";
import type { Scope } from "../../workflow-language/expression.ts";
import { resolveCallInputs } from "../../workflow-language/inputs.ts";
import type { CallJob, WorkflowFile } from "../../workflow-language/model.ts";
import type { Json } from "../../workflow-language/values.ts";
import { createFrame } from "../state/call-frame.ts";
import type { Engine } from "../state/engine.ts";
import {
  type CallFrame,
  type Execution,
  type InstanceOutcome,
  type JobInstance,
  stopInstance,
} from "../state/execution.ts";
import { frameContexts, instanceScope } from "../state/expression-contexts.ts";
import { combineResults } from "../state/job-outcomes.ts";
import { jobPermissions } from "../state/job-permissions.ts";
import type { Lease } from "../waiting/concurrency.ts";
import type { Semaphore } from "../waiting/semaphore.ts";
import { StoppedError } from "../waiting/stopped-error.ts";
import { cancelCall } from "./cancel.ts";
import { joinConcurrencyGroup, type LeaseRequest, waitForLease } from "./concurrency-lease.ts";
import { recordFailedJob, recordStoppedJob } from "./unstarted-job.ts";

/** @param executeFrame Executes the jobs of the called file; they may call further files. */
export function prepareCall(
  engine: Engine,
  execution: Execution,
  instance: JobInstance,
  definition: CallJob,
  mustRerun: boolean,
  executeFrame: (frame: CallFrame) => Promise<void>,
): (semaphore: Semaphore) => Promise<InstanceOutcome> {
  return async (semaphore) => {
    const { world, activity } = engine;
    const leases: Lease[] = [];
    try {
      using _slot = await activity.whileWaiting(execution.run.repository, semaphore.acquire(instance.stop.signal));
      const scope = instanceScope(world, execution, instance);
      await enterGroups(engine, execution, instance, definition, scope, leases);
      const frame = createCalledFrame(execution, instance, definition, scope, leases, mustRerun);
      instance.stop.signal.addEventListener("abort", () => cancelCall(execution, frame, instance.stop.signal.reason));
      await executeFrame(frame);
      return outcomeOf(engine, execution, frame);
    } catch (error) {
      const { frame, node, path } = instance;
      const ended =
        error instanceof StoppedError
          ? recordStoppedJob(world, execution, frame, node, path, error)
          : recordFailedJob(world, execution, frame, node, path, error);
      return { ...ended, executed: true };
    } finally {
      for (const lease of leases.toReversed()) lease.release();
    }
  };
}

/** The group of the calling job, then that of the called file. */
async function enterGroups(
  engine: Engine,
  execution: Execution,
  instance: JobInstance,
  definition: CallJob,
  scope: Scope,
  leases: Lease[],
): Promise<void> {
  const called = calledWorkflowOf(instance, definition);
  const calledScope: Scope = {
    contexts: frameContexts(engine.world, execution, inputsOf(called.file, definition, scope)),
  };
  execution.active.add(instance);
  try {
    for (const [block, blockScope] of [
      [definition.concurrency, scope],
      [called.file.concurrency, calledScope],
    ] as const) {
      const request: LeaseRequest = {
        member: { run: execution.run, job: undefined },
        name: instance.name,
        heldLeases: [...instance.frame.leases, ...leases],
        stop: (reason) => stopInstance(instance, reason),
      };
      const lease = joinConcurrencyGroup(engine, block, blockScope, request);
      if (lease === undefined) continue;
      leases.push(lease);
      await waitForLease(engine, request, lease, instance.stop.signal, () => undefined);
    }
    instance.stop.signal.throwIfAborted();
  } finally {
    execution.active.delete(instance);
  }
}

function createCalledFrame(
  execution: Execution,
  instance: JobInstance,
  definition: CallJob,
  scope: Scope,
  leases: readonly Lease[],
  mustRerun: boolean,
): CallFrame {
  const workflow = calledWorkflowOf(instance, definition);
  const { secrets } = instance.frame;
  return createFrame({
    workflow,
    inputs: inputsOf(workflow.file, definition, scope),
    secrets:
      definition.secrets === "inherit"
        ? secrets
        : evaluateTexts(definition.secrets, { contexts: { ...scope.contexts, secrets } }, "secrets"),
    permissions: jobPermissions(execution, instance.frame, definition.permissions),
    leases: [...instance.frame.leases, ...leases],
    caller: { frame: instance.frame, key: definition.id, name: instance.name, path: instance.path, mustRerun },
  });
}

/** @throws Error in GitHub's words for values that do not match the declarations of the called file. */
function inputsOf(called: WorkflowFile, definition: CallJob, scope: Scope): Readonly<Record<string, Json>> {
  const given = Object.fromEntries(
    Object.entries(definition.with).map(([name, value]) => [name, evaluate(value, scope, `with.${name}`)]),
  );
  const { github = {}, vars = {} } = scope.contexts;
  const resolved = resolveCallInputs(called.on.call?.inputs ?? {}, given, (template) =>
    evaluate(template, { contexts: { github, vars } }),
  );
  if (resolved.kind === "refused") throw new Error(resolved.message);
  return resolved.inputs;
}

/** @throws Error when the called file was not loaded, which cannot happen after `loadWorkflow`. */
function calledWorkflowOf(instance: JobInstance, definition: CallJob) {
  const called = instance.frame.workflow.calls.get(definition.id);
  if (called === undefined) throw new Error(`the workflow ${definition.uses} of job ${instance.path} was not loaded`);
  return called;
}

/** Outputs are evaluated whatever the result of the jobs, as on GitHub. */
function outcomeOf(engine: Engine, execution: Execution, frame: CallFrame): InstanceOutcome {
  const nodes = [...frame.nodes.values()];
  const jobs: Readonly<Record<string, Json>> = Object.fromEntries(
    nodes.map((node) => [node.definition.id, { result: node.result, outputs: node.outputs }]),
  );
  const scope: Scope = { contexts: { ...frameContexts(engine.world, execution, frame.inputs), jobs } };
  const declared = Object.entries(frame.workflow.file.on.call?.outputs ?? {});
  return {
    result: combineResults(nodes.map((node) => node.result)),
    outputs: Object.fromEntries(declared.map(([name, { value }]) => [name, evaluateText(value, scope, name)])),
    executed: nodes.some((node) => node.executed),
  };
}
