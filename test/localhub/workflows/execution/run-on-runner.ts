/** Starts a job on the runner and waits for its end. */
import { jobToken } from "../../operations/people/tokens.ts";
import type { JobResult, RunningJob } from "../../runner/job.ts";
import type { Environment } from "../../world/deployments.ts";
import type { World } from "../../world/world.ts";
import type { JobInstance } from "../state/execution.ts";
import { createAssignment } from "./job-assignment.ts";
import type { JobContext } from "./job-context.ts";
import { observeJob } from "./observe-job.ts";

/** GitHub docs, "Canceling a workflow run": after this time the server kills what is still running. */
const CANCEL_MINUTES = 5;

/** @param environment The environment whose gate the job has passed. */
export async function runOnRunner(context: JobContext, environment: Environment | undefined): Promise<JobResult> {
  const { engine, instance, job } = context;
  const { world, ports } = engine;
  const token = jobToken(world, job.run.repository, job.id, job.permissions);
  try {
    const assignment = createAssignment(context, environment, ports.services(job, token));
    const running = ports.startJob(assignment, observeJob(world, job));
    using _cancelling = cancelOnStop(world, instance, running);
    return await running.result;
  } finally {
    token.revoked = true;
  }
}

function cancelOnStop(world: World, instance: JobInstance, running: RunningJob): Disposable {
  const stack = new DisposableStack();
  const onAbort = (signal: AbortSignal, act: () => void): void => {
    if (signal.aborted) act();
    signal.addEventListener("abort", act);
    stack.defer(() => signal.removeEventListener("abort", act));
  };
  onAbort(instance.kill.signal, () => running.kill());
  onAbort(instance.stop.signal, () => {
    if (instance.kill.signal.aborted || instance.stop.signal.reason.forced) return;
    running.cancel();
    stack.use(world.clock.after(CANCEL_MINUTES * 60_000, () => running.kill()));
  });
  return stack;
}
