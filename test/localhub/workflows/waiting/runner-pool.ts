/** Gives runners to jobs, first come first served. A job nobody can take waits until a fitting runner is offered. */
import type { Runner, RunnerGroup } from "../../world/actions.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { canTakeJob, isHosted, type RunnerRequirements, unsatisfiableReason } from "./runner-match.ts";
import { StoppedError, waitUnlessStopped } from "./stopped-error.ts";

/** GitHub docs, usage limits: a job that has been queued for a self-hosted runner this long is given up. */
const MAX_WAIT_HOURS = 24;

export interface RunnerPool {
  /**
   * The runner that takes the job; it is busy from then on.
   * @throws Stopped when the signal stops the wait, none can ever come, or none came in time.
   */
  take(repository: Repository, wish: RunnerRequirements, signal: AbortSignal): Promise<Runner>;
  /** The job has ended. An ephemeral runner leaves, any other takes the next job that fits. */
  release(repository: Repository, runner: Runner): void;
  /** A runner that has just come: the oldest waiting job that fits gets it. */
  offer(repository: Repository, runner: Runner): void;
}

interface Waiter {
  readonly wish: RunnerRequirements;
  readonly taken: PromiseWithResolvers<Runner>;
}

export function createRunnerPool(world: World): RunnerPool {
  const waiting = new Map<Repository, Set<Waiter>>();
  const hostedGroup: RunnerGroup = { id: 0, name: "GitHub Actions", default: false, workflows: undefined };
  let machines = 0;

  function machine(wish: RunnerRequirements): Runner {
    machines += 1;
    return {
      id: world.nextId(),
      name: `GitHub Actions ${machines}`,
      os: "linux",
      labels: wish.labels.map((name) => ({ name, type: "read-only" })),
      group: hostedGroup,
      ephemeral: true,
      hosted: true,
      status: "online",
      busy: true,
    };
  }

  function offer(repository: Repository, runner: Runner): void {
    for (const waiter of waiting.get(repository) ?? []) {
      if (!canTakeJob(runner, waiter.wish)) continue;
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
    async take(repository, wish, signal) {
      if (isHosted(wish)) return machine(wish);
      const registered = [...repository.actions.runners.values()];
      const never = unsatisfiableReason(wish, registered);
      if (never !== undefined) throw new StoppedError("failure", never);
      const free = registered.find((runner) => canTakeJob(runner, wish));
      if (free) {
        free.busy = true;
        return free;
      }
      const waiter: Waiter = { wish, taken: Promise.withResolvers() };
      const queue = waiting.get(repository) ?? new Set();
      waiting.set(repository, queue.add(waiter));
      using _giveUp = world.clock.after(MAX_WAIT_HOURS * 3_600_000, () => {
        waiter.taken.reject(
          new StoppedError(
            "cancelled",
            `The job was not picked up within ${MAX_WAIT_HOURS} hours: ` +
              `no online runner carries the labels ${wish.labels.join(", ")}`,
          ),
        );
      });
      try {
        return await waitUnlessStopped(signal, waiter.taken.promise);
      } catch (error) {
        // The stop may have crossed with an offer: the runner goes to the next one.
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
