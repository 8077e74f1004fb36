/** Hands a job to the runner and waits for its end. */
import { jobToken } from "../../operations/people/tokens.ts";
import type { JobResult, RunningJob } from "../../runner/job.ts";
import type { Environment } from "../../world/deployments.ts";
import type { World } from "../../world/world.ts";
import type { JobInstance } from "../state/execution.ts";
import { createAssignment } from "./job-assignment.ts";
import type { JobContext } from "./job-context.ts";
import { observeJob } from "./observe-job.ts";

/** GitHub docs, "Canceling a workflow run": what has not ended by then is ended by the server. */
const CANCEL_MINUTES = 5;

/** @param environment The environment whose gate the job has passed. */
export async function runOnRunner(journey: JobContext, environment: Environment | undefined): Promise<JobResult> {
  const { engine, instance: leg, job } = journey;
  const { world, ports } = engine;
  const token = jobToken(world, job.run.repository, job.id, job.permissions);
  try {
    const assignment = createAssignment(journey, environment, ports.services(job, token));
    const running = ports.startJob(assignment, observeJob(world, job));
    using _cancelling = cancelOnStop(world, leg, running);
    return await running.result;
  } finally {
    token.revoked = true;
  }
}

function cancelOnStop(world: World, leg: JobInstance, running: RunningJob): Disposable {
  const stack = new DisposableStack();
  const listen = (signal: AbortSignal, act: () => void): void => {
    if (signal.aborted) act();
    signal.addEventListener("abort", act);
    stack.defer(() => signal.removeEventListener("abort", act));
  };
  listen(leg.kill.signal, () => running.kill());
  listen(leg.stop.signal, () => {
    if (leg.kill.signal.aborted || leg.stop.signal.reason.forced) return;
    running.cancel();
    stack.use(world.clock.after(CANCEL_MINUTES * 60_000, () => running.kill()));
  });
  return stack;
}
