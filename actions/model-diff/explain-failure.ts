/** Why nothing can be judged: the job had failed before this action began. Whatever files it left, none of them is believed. */
import type { FailedStep } from "../../shared/adapters/github/failed-step.ts";
import { verifyEvidence } from "../../shared/core/gate/verify-evidence.ts";
import { ActionError, type Problem } from "../../shared/problem/problem.ts";
import type { Origin } from "../../shared/records/fields.ts";
import type { DecisionPorts } from "./decide.ts";

export interface FailurePorts extends Pick<DecisionPorts, "readEvidence"> {
  /** `undefined`: it is not known. */
  readonly findFailedStep: () => Promise<FailedStep | undefined>;
}

interface Failure {
  readonly problems: readonly Problem[];
  /** Where the log of the failed step is. */
  readonly logUrl?: string | undefined;
}

/** As `job.status` says it. Any other text, such as on a runner that has no such context, is a job that goes on. */
export const hasFailed = (jobStatus: string): boolean => jobStatus === "failure" || jobStatus === "cancelled";

/** The cause that the training itself recorded, or else the step that failed. @param judged the commit */
export async function explainFailure(ports: FailurePorts, judged: string, origin: Origin): Promise<Failure> {
  const recorded = await readRecordedCause(ports, judged, origin);
  const step = await ports.findFailedStep();
  const found = recorded ?? (step === undefined ? UNKNOWN_STEP : stepFailed(step.name));
  return { problems: [found], logUrl: step?.url };
}

/** Of a training record. */
async function readRecordedCause(ports: FailurePorts, judged: string, origin: Origin): Promise<Problem | undefined> {
  try {
    verifyEvidence({ judged, ...origin, isForDisplay: true }, await ports.readEvidence(undefined));
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return error.problems.find(({ code }) => code === "evidence-training-failed");
  }
  return undefined;
}

const FIX = "Read the end of its log and fix the error, then push";

/** A step without a name has that of its command's first line. */
const MAX_NAME_LENGTH = 80;
const shorten = (name: string): string => {
  const letters = [...name];
  return letters.length <= MAX_NAME_LENGTH ? name : `${letters.slice(0, MAX_NAME_LENGTH).join("")}…`;
};

const stepFailed = (name: string): Problem => ({
  code: "step-failed",
  message: `the step "${shorten(name)}" failed, and nothing was compared`,
  fix: FIX,
});

const UNKNOWN_STEP: Problem = {
  code: "step-failed",
  message: "an earlier step of the job failed, and nothing was compared",
  fix: FIX,
};
