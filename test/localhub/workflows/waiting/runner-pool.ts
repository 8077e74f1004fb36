/** Assigns runners to jobs, first come first served. A job without a matching runner waits until one is offered. */
import type { Runner, RunnerGroup } from "../../world/actions.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { canTakeJob, isHosted, type RunnerRequirements, unsatisfiableReason } from "./runner-match.ts";
import { StoppedError, waitUnlessStopped } from "./stopped-error.ts";

/** GitHub docs, usage limits: a job that has been queued for a self-hosted runner this long is cancelled. */
const MAX_WAIT_HOURS = 24;

export interface RunnerPool {
  /**
   * The runner that takes the job; it is busy from then on.
   * @throws StoppedError when the signal stops the wait, none can ever match, or none came in time.
   */
  take(repository: Repository, request: RunnerRequirements, signal: AbortSignal): Promise<Runner>;
  /** The job has ended. An ephemeral runner is removed, any other takes the next matching job. */
  release(repository: Repository, runner: Runner): void;
  /** A new runner: the oldest matching job gets it. */
  offer(repository: Repository, runner: Runner): void;
}

interface Waiter {
  readonly request: RunnerRequirements;
  readonly taken: PromiseWithResolvers<Runner>;
}

export function createRunnerPool(world: World): RunnerPool {
  const waiting = new Map<Repository, Set<Waiter>>();
  const hostedGroup: RunnerGroup = { id: 0, name: "GitHub Actions", default: false, workflows: undefined };
  let hostedCount = 0;

  function createHostedRunner(request: RunnerRequirements): Runner {
    hostedCount += 1;
    return {
      id: world.nextId(),
      name: `GitHub Actions ${hostedCount}`,
      os: "linux",
      labels: request.labels.map((name) => ({ name, type: "read-only" })),
      group: hostedGroup,
      ephemeral: true,
      hosted: true,
      status: "online",
      busy: true,
    };
  }

  function offer(repository: Repository, runner: Runner): void {
    for (const waiter of waiting.get(repository) ?? []) {
      if (!canTakeJob(runner, waiter.request)) continue;
      runner.busy = true;
      waiting.get(repository)?.delete(waiter);
      waiter.taken.resolve(runner);
      return;
    }
  }

  function giveBack(repository: Repository, runner: Runner): void {
    runner.busy = false;
    offer(repository, runner);
  }

  return {
    async take(repository, request, signal) {
      if (isHosted(request)) return createHostedRunner(request);
      const registered = [...repository.actions.runners.values()];
      const reason = unsatisfiableReason(request, registered);
      if (reason !== undefined) throw new StoppedError("failure", reason);
      const free = registered.find((runner) => canTakeJob(runner, request));
      if (free) {
        free.busy = true;
        return free;
      }
      const waiter: Waiter = { request, taken: Promise.withResolvers() };
      const queue = waiting.get(repository) ?? new Set();
      waiting.set(repository, queue.add(waiter));
      using _timeout = world.clock.after(MAX_WAIT_HOURS * 3_600_000, () => {
        waiter.taken.reject(
          new StoppedError(
            "cancelled",
            `The job was not picked up within ${MAX_WAIT_HOURS} hours: ` +
              `no online runner has the labels ${request.labels.join(", ")}`,
          ),
        );
      });
      try {
        return await waitUnlessStopped(signal, waiter.taken.promise);
      } catch (error) {
        // A runner may have been offered at the same time: it goes to the next job.
        queue.delete(waiter);
        waiter.taken.promise.then(
          (runner) => giveBack(repository, runner),
          () => undefined,
        );
        throw error;
      }
    },
    release(repository, runner) {
      if (runner.hosted) return;
      if (!runner.ephemeral) return giveBack(repository, runner);
      runner.busy = false;
      runner.status = "offline";
      repository.actions.runners.delete(runner.id);
    },
    offer,
  };
}
