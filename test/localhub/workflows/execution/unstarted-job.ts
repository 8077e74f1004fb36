/** Jobs that end before they start: skipped by their `if`, or with an expression that cannot be evaluated. */
import { errorMessage } from "../../workflow-language/error-message.ts";
import { evaluateText } from "../../workflow-language/evaluate.ts";
import type { Job } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import type { CallFrame, Execution, FinishedInstance, JobNode } from "../state/execution.ts";
import { nodeScope } from "../state/expression-contexts.ts";
import type { JobConclusion } from "../state/job-outcomes.ts";
import type { StoppedError } from "../waiting/stopped-error.ts";
import { completeJobRecord, createJobRecord } from "./job-record.ts";
import { logJobError } from "./observe-job.ts";

/** A skipped job has a record and a check run like any other: it satisfies a required check of its name. */
export function recordSkippedJob(
  world: World,
  execution: Execution,
  frame: CallFrame,
  node: JobNode,
  path: string,
): FinishedInstance {
  const job = createUnplannedJob(world, execution, frame, node);
  return finish(world, execution, job, path, "skipped");
}

/** A call that was stopped before any of its jobs started. */
export function recordStoppedJob(
  world: World,
  execution: Execution,
  frame: CallFrame,
  node: JobNode,
  path: string,
  reason: StoppedError,
): FinishedInstance {
  const job = createUnplannedJob(world, execution, frame, node);
  logJobError(world, job, reason.message);
  return finish(world, execution, job, path, reason.conclusion);
}

/** A job whose expressions cannot be evaluated. */
export function recordFailedJob(
  world: World,
  execution: Execution,
  frame: CallFrame,
  node: JobNode,
  path: string,
  error: unknown,
): FinishedInstance {
  const job = createUnplannedJob(world, execution, frame, node);
  logJobError(world, job, errorMessage(error));
  return finish(world, execution, job, path, "failure");
}

function createUnplannedJob(world: World, execution: Execution, frame: CallFrame, node: JobNode): Job {
  return createJobRecord(world, execution, {
    frame,
    key: node.definition.id,
    name: plainName(world, execution, frame, node),
    labels: [],
    runnerGroup: undefined,
    environment: undefined,
    permissions: {},
  });
}

/** The name as far as it is known without a matrix. */
function plainName(world: World, execution: Execution, frame: CallFrame, node: JobNode): string {
  const { name, id } = node.definition;
  if (name === undefined) return id;
  try {
    return evaluateText(name, nodeScope(world, execution, frame, node));
  } catch {
    // It uses the matrix, which a job that does not run does not have: GitHub shows the name as written.
    return typeof name === "string" ? name : id;
  }
}

function finish(
  world: World,
  execution: Execution,
  job: Job,
  path: string,
  conclusion: JobConclusion,
): FinishedInstance {
  completeJobRecord(world, execution, job, conclusion);
  const finished: FinishedInstance = { result: conclusion, conclusion, outputs: {}, job };
  execution.finished.set(path, finished);
  return finished;
}
