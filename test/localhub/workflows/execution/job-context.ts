/** Everything that the execution of one job instance needs. */
import type { StepsJob } from "../../workflow-language/model.ts";
import type { Job } from "../../world/repository.ts";
import type { Engine } from "../state/engine.ts";
import type { Execution, JobInstance } from "../state/execution.ts";
import type { JobPlan } from "../state/job-plan.ts";

export interface JobContext {
  readonly engine: Engine;
  readonly execution: Execution;
  readonly instance: JobInstance;
  readonly definition: StepsJob;
  readonly plan: JobPlan;
  readonly job: Job;
}
