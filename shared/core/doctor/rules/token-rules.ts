/** What the jobs' tokens may do: less than an action needs fails late, more than it needs is a gift. */
import { listSuiteSteps, type NeededPermission, type SuiteStep } from "../facts.ts";
import { type DoctorRule, finding } from "../finding.ts";
import type { Job, Permissions, Workflow } from "../workflow.ts";

/** The job's own permissions replace all of the workflow's; without either, the repository's default counts, which may be anything. */
const effective = ({ job, workflow }: { readonly job: Job; readonly workflow: Workflow }): Permissions | undefined =>
  job.permissions ?? workflow.permissions;

function allows(permissions: Permissions, name: string, access: "read" | "write"): boolean {
  if (permissions === "write-all") return true;
  if (permissions === "read-all") return access === "read";
  const given = permissions[name];
  return given === "write" || (access === "read" && given === "read");
}

/** Modes of promote-model that write nothing to GitHub. */
const READING: ReadonlySet<unknown> = new Set(["plan", "reconcile", "request"]);

const isNeeded = (
  { action, step }: SuiteStep,
  { optional, access }: NeededPermission,
): NeededPermission["access"] | undefined => {
  if (optional) return undefined;
  return action === "promote-model" && READING.has(step.with["mode"]) ? "read" : access;
};

const lacking: DoctorRule = (facts) =>
  listSuiteSteps(facts).flatMap((each) => {
    const permissions = effective(each);
    if (permissions === undefined) return [];
    const wanted = Object.entries(facts.permissions[each.action] ?? {}).flatMap(([name, needed]) => {
      const access = isNeeded(each, needed);
      // Only reconciliation compares with what GitHub shows as deployed.
      const isIdle = name === "deployments" && access === "read" && each.step.with["mode"] !== "reconcile";
      return access === undefined || isIdle || allows(permissions, name, access) ? [] : [`${name}: ${access}`];
    });
    if (wanted.length === 0) return [];
    return [
      finding("error", {
        code: "doctor-permission-missing",
        message: `the token of the job "${each.job.id}" lacks what ${each.action} needs`,
        place: each.step.place,
        fix: `Add to the job's permissions: ${wanted.join(", ")}`,
      }),
    ];
  });

const unsaid: DoctorRule = (facts) =>
  workflowsOfSuite(listSuiteSteps(facts)).flatMap((workflow) =>
    workflow.jobs
      .filter((job) => effective({ job, workflow }) === undefined || effective({ job, workflow }) === "write-all")
      .slice(0, 1)
      .map((job) =>
        finding("warning", {
          code: "doctor-permission-default",
          message: `the token of the job "${job.id}" may do whatever the repository's default allows, which can be everything`,
          place: job.place,
          fix: 'Write "permissions: {}" at the top of the workflow, and in each job what its actions\' READMEs list',
        }),
      ),
  );

const workflowsOfSuite = (steps: readonly SuiteStep[]): readonly Workflow[] => [
  ...new Set(steps.map(({ workflow }) => workflow)),
];

/** Code of a change, or whatever it depends on, runs beside this token. */
const trainingMayWrite: DoctorRule = (facts) =>
  listSuiteSteps(facts)
    .filter(({ action, workflow }) => action === "train-model" && workflow.on.has("pull_request"))
    .flatMap((each) => {
      const permissions = effective(each);
      if (permissions === undefined || typeof permissions === "string") return [];
      const writes = Object.entries(permissions).filter(([, access]) => access === "write");
      if (writes.length === 0) return [];
      return [
        finding("warning", {
          code: "doctor-training-may-write",
          message: `the job "${each.job.id}" trains code of a pull request with a token that may write ${writes.map(([name]) => name).join(", ")}`,
          place: each.job.place,
          fix: "Give the job read access only, and write in a job that runs no code of the change",
        }),
      ];
    });

export const TOKEN_RULES: readonly DoctorRule[] = [lacking, unsaid, trainingMayWrite];
