/** Writes what the runner reports about a job to the job's records. */
import { updateJobCheckRun } from "../../operations/checks/checks.ts";
import type { JobObserver, ObservedAnnotation } from "../../runner/job.ts";
import type { StepRecord } from "../../world/actions.ts";
import type { Annotation } from "../../world/checks.ts";
import type { Job } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { actionsCaller } from "../state/engine.ts";

/** GitHub's path for annotations without a file. */
const NO_FILE = ".github";

export function observeJob(world: World, job: Job): JobObserver {
  const stepOf = (number: number): StepRecord => {
    const step = job.steps.find((each) => each.number === number);
    if (step === undefined) throw new Error(`job ${job.name}: step ${number} was reported before it started`);
    return step;
  };
  return {
    stepStarted(number, name) {
      job.steps.push({
        number,
        name,
        status: "in_progress",
        conclusion: null,
        startedAt: world.clock.now(),
        completedAt: null,
        summary: "",
        annotations: [],
      });
      job.steps.sort((one, other) => one.number - other.number);
    },
    line: (step, text) => void job.log.push({ step, at: world.clock.now(), text }),
    annotation(number, observed) {
      const annotation = recordOf(observed);
      stepOf(number).annotations.push(annotation);
      annotate(world, job, annotation);
    },
    summary(number, markdown) {
      stepOf(number).summary = markdown;
    },
    stepCompleted(number, conclusion) {
      Object.assign(stepOf(number), { status: "completed", conclusion, completedAt: world.clock.now() });
    },
  };
}

/** A line about the job as a whole: in its log and, as an error, on its check run. */
export function logJobError(world: World, job: Job, message: string): void {
  job.log.push({ step: job.steps.at(-1)?.number ?? 1, at: world.clock.now(), text: `##[error]${message}` });
  annotate(world, job, { ...recordOf({ level: "failure", message }) });
}

function annotate(world: World, job: Job, annotation: Annotation): void {
  updateJobCheckRun(world, job.run.repository, job.checkRun, { annotations: [annotation] }, actionsCaller(world));
}

function recordOf(observed: Partial<ObservedAnnotation> & Pick<ObservedAnnotation, "level" | "message">): Annotation {
  const startLine = observed.startLine ?? 1;
  return {
    path: observed.path ?? NO_FILE,
    startLine,
    endLine: observed.endLine ?? startLine,
    startColumn: observed.startColumn ?? null,
    endColumn: observed.endColumn ?? null,
    level: observed.level,
    title: observed.title ?? null,
    message: observed.message,
    rawDetails: null,
  };
}
