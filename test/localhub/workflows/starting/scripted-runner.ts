/** A runner for tests of the service: it plays no steps, jobs end as the test says. */
import type { JobAssignment, JobResult, RunningJob, StartJob } from "../../runner/job.ts";

export interface ScriptedRunner {
  readonly startJob: StartJob;
  /** What was handed over so far, in order. */
  readonly started: readonly JobAssignment[];
  /** Jobs of that name end like this; any other succeeds without outputs. */
  script(job: string, result: Partial<JobResult>): void;
  /** Jobs of that name, however many, run until they are told to end, or each until it is cancelled. */
  hold(job: string): HeldJob;
  assignment(job: string): JobAssignment;
}

export interface HeldJob {
  /** Resolves when such a job has begun. */
  readonly started: Promise<JobAssignment>;
  /** `cancel` and `kill`, as they came. */
  readonly signals: readonly string[];
  end(result?: Partial<JobResult>): void;
  /** From now on `cancel` is ignored, as by a process that will not end. */
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
      const begun = Promise.withResolvers<JobAssignment>();
      const ended = Promise.withResolvers<JobResult>();
      const signals: string[] = [];
      let obeys = true;
      scripts.set(job, (assignment) => {
        begun.resolve(assignment);
        const cut = Promise.withResolvers<JobResult>();
        const cancelled = (): void => cut.resolve({ ...SUCCESS, conclusion: "cancelled" });
        return {
          result: Promise.race([ended.promise, cut.promise]),
          cancel() {
            signals.push("cancel");
            if (obeys) cancelled();
          },
          kill() {
            signals.push("kill");
            cancelled();
          },
        };
      });
      return {
        started: begun.promise,
        signals,
        end: (result = {}) => ended.resolve({ ...SUCCESS, ...result }),
        ignoreCancel() {
          obeys = false;
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
