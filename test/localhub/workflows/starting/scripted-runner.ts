/** A runner for tests of the service: it runs no steps, jobs end as the test specifies. */
import type { JobAssignment, JobResult, RunningJob, StartJob } from "../../runner/job.ts";

export interface ScriptedRunner {
  readonly startJob: StartJob;
  /** The jobs started so far, in order. */
  readonly started: readonly JobAssignment[];
  /** Jobs of that name end with this result; any other succeeds without outputs. */
  script(job: string, result: Partial<JobResult>): void;
  /** All jobs of that name run until `end` is called, or each until it is cancelled. */
  hold(job: string): HeldJob;
  assignment(job: string): JobAssignment;
}

export interface HeldJob {
  /** Resolves when such a job has started. */
  readonly started: Promise<JobAssignment>;
  /** The calls of `cancel` and `kill`, in order. */
  readonly signals: readonly string[];
  end(result?: Partial<JobResult>): void;
  /** From now on `cancel` is ignored, as by a process that does not end. */
  ignoreCancel(): void;
}

const SUCCESS: JobResult = { conclusion: "success", outputs: {}, environmentUrl: undefined };

export function createScriptedRunner(): ScriptedRunner {
  const started: JobAssignment[] = [];
  const scripts = new Map<string, (assignment: JobAssignment) => RunningJob>();

  const endAtOnce = (result: Partial<JobResult>) => (): RunningJob => ({
    result: Promise.resolve({ ...SUCCESS, ...result }),
    cancel: () => undefined,
    kill: () => undefined,
  });

  return {
    started,
    startJob(assignment) {
      started.push(assignment);
      return (scripts.get(assignment.name) ?? endAtOnce({}))(assignment);
    },
    script: (job, result) => void scripts.set(job, endAtOnce(result)),
    hold(job) {
      const startedJob = Promise.withResolvers<JobAssignment>();
      const ended = Promise.withResolvers<JobResult>();
      const signals: string[] = [];
      let endsOnCancel = true;
      scripts.set(job, (assignment) => {
        startedJob.resolve(assignment);
        const stopped = Promise.withResolvers<JobResult>();
        const endAsCancelled = (): void => stopped.resolve({ ...SUCCESS, conclusion: "cancelled" });
        return {
          result: Promise.race([ended.promise, stopped.promise]),
          cancel() {
            signals.push("cancel");
            if (endsOnCancel) endAsCancelled();
          },
          kill() {
            signals.push("kill");
            endAsCancelled();
          },
        };
      });
      return {
        started: startedJob.promise,
        signals,
        end: (result = {}) => ended.resolve({ ...SUCCESS, ...result }),
        ignoreCancel() {
          endsOnCancel = false;
        },
      };
    },
    assignment(job) {
      const found = started.findLast((assignment) => assignment.name === job);
      if (found === undefined) {
        throw new Error(`job "${job}" did not start; started: ${started.map(({ name }) => name).join(", ") || "none"}`);
      }
      return found;
    },
  };
}
