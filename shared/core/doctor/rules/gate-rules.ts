/** Workflow shapes that make a gate unreal: it looks required and decides nothing. */
import { alwaysRuns, alwaysRunsAfterSuccess, survivesFailure } from "../condition.ts";
import {
  changeEvents,
  judgesByStatus,
  judgesChanges,
  listDecidingSteps,
  listJudgingSteps,
  listSuiteSteps,
  type RepositoryFacts,
  type SuiteStep,
} from "../facts.ts";
import { type DoctorRule, type Finding, finding } from "../finding.ts";
import type { Job, Workflow } from "../workflow.ts";

const jobOf = ({ job }: Pick<SuiteStep, "job">): string => `the job "${job.id}"`;

/** Whose end is the check that a merge waits for. Each job once, however many judging steps it has. */
const judgingJobs = (facts: RepositoryFacts): readonly SuiteStep[] => [
  ...new Map(
    listDecidingSteps(facts)
      .filter((step) => !judgesByStatus(step))
      .map((step) => [step.job, step]),
  ).values(),
];

const missing: DoctorRule = (facts) =>
  listJudgingSteps(facts).length > 0
    ? []
    : [
        finding("error", {
          code: "doctor-gate-missing",
          message: "no workflow judges pull requests: none uses gate-metrics, model-diff or check-data on pull_request",
          fix: "Add the twelve lines of the README, or copy pull-request.yml from workflows-templates",
        }),
      ];

const conditional: DoctorRule = (facts) =>
  judgingJobs(facts).flatMap((each) =>
    each.job.condition === undefined || runsOnChanges(each)
      ? []
      : [
          finding("error", {
            code: "doctor-gate-conditional",
            message: `${jobOf(each)} has a condition, and a job that is skipped counts as passed`,
            place: each.job.place,
            fix: 'Write "if: always()" there, and let the action decide',
          }),
        ],
  );

/** Without `always()` and the like, that is what `skippedWithOthers` tells. */
function runsOnChanges({ job: { condition = "", needs }, workflow }: SuiteStep): boolean {
  const events = changeEvents(workflow);
  return needs.length > 0 && survivesFailure(condition)
    ? alwaysRuns(condition, events)
    : alwaysRunsAfterSuccess(condition, events);
}

const skippedWithOthers: DoctorRule = (facts) =>
  judgingJobs(facts).flatMap((each) =>
    each.job.needs.length === 0 || survivesFailure(each.job.condition ?? "")
      ? []
      : [
          finding("error", {
            code: "doctor-gate-needs",
            message: `${jobOf(each)} is skipped when ${each.job.needs.map((name) => `"${name}"`).join(" or ")} fails, and a job that is skipped counts as passed`,
            place: each.job.place,
            fix: 'Write "if: always()" there: without a result of the others, the gate fails',
          }),
        ],
  );

const stepConditional: DoctorRule = (facts) =>
  listJudgingSteps(facts).flatMap((each) =>
    judgesByStatus(each) ||
    each.step.condition === undefined ||
    alwaysRunsAfterSuccess(each.step.condition, changeEvents(each.workflow))
      ? []
      : [
          finding("error", {
            code: "doctor-gate-step-conditional",
            message: `the step ${each.action} has a condition, and its job passes when the step is skipped`,
            place: each.step.place,
            fix: 'Remove its "if"',
          }),
        ],
  );

const ignored: DoctorRule = (facts) =>
  listJudgingSteps(facts)
    .filter(({ job, step }) => job.continuesOnError || step.continuesOnError)
    .map(({ action, step }) =>
      finding("error", {
        code: "doctor-gate-ignored",
        message: `${action} may fail without failing its job: continue-on-error is set`,
        place: step.place,
        fix: "Remove continue-on-error from the step and its job",
      }),
    );

const FILTERS = ["paths", "paths-ignore", "branches-ignore"] as const;

const filtered: DoctorRule = (facts) =>
  judgingWorkflows(facts).flatMap((workflow) =>
    [...workflow.on].flatMap(([event, filter]) => {
      const used = FILTERS.find((name) => filter[name] !== undefined);
      if (used === undefined || !/^(?:pull_request|pull_request_target|merge_group)$/.test(event)) return [];
      return [
        finding("error", {
          code: "doctor-gate-filtered",
          message: `${used} keeps the gate from running for some changes: where its check is required they wait for ever, and where it is not they pass unseen`,
          place: workflow.placeOf(["on", event, used]),
          fix: `Remove ${used}: what a change does not touch is judged quickly, or skip the training by the policy's train.skip`,
        }),
      ];
    }),
  );

const judgingWorkflows = (facts: RepositoryFacts): readonly Workflow[] => [
  ...new Set(listJudgingSteps(facts).map(({ workflow }) => workflow)),
];

const mergeQueue: DoctorRule = (facts) => {
  const hasQueue = facts.settings?.rules?.some(({ type }) => type === "merge_queue") ?? false;
  return judgingWorkflows(facts)
    .filter(({ on }) => !on.has("merge_group"))
    .map((workflow) =>
      finding(hasQueue ? "error" : "note", {
        code: "doctor-merge-group",
        message: hasQueue
          ? "the default branch has a merge queue, and the gate does not run in it: every entry waits for its check"
          : "the gate does not run in a merge queue",
        place: workflow.placeOf(["on"]),
        fix: 'Add "merge_group:" under "on:"',
      }),
    );
};

const TRAINS: ReadonlySet<string> = new Set(["train-model"]);

/** What a step before it ran can have changed whatever the gate reads. */
const sharedJob: DoctorRule = (facts) =>
  listJudgingSteps(facts)
    .filter(({ action }) => action !== "check-data")
    .flatMap((each) => {
      const before = each.job.steps.slice(0, each.job.steps.indexOf(each.step));
      const trains = before.some(
        ({ run, uses = "" }) => run !== undefined || [...TRAINS].some((name) => uses.includes(`/${name}@`)),
      );
      if (!trains) return [];
      return [
        finding(each.action === "model-diff" ? "note" : "warning", {
          code: "doctor-gate-shared-job",
          message: `${each.action} judges in ${jobOf(each)}, where code of the change runs before it: the gate is advisory`,
          place: each.step.place,
          fix: "Judge in a job of its own that has no checkout, as pull-request.yml of the templates does",
        }),
      ];
    });

const matrix: DoctorRule = (facts) =>
  judgingJobs(facts)
    .filter(({ job, action }) => job.hasMatrix && action !== "model-diff")
    .map((each) =>
      finding("warning", {
        code: "doctor-gate-matrix",
        message: `${jobOf(each)} has a check for each leg of its matrix, and a leg that is left out is missed by nobody`,
        place: each.job.place,
        fix: "Judge once, in a job after the matrix, and require that one",
      }),
    );

/** GitHub takes the newest of checks with the same name. */
const sameName: DoctorRule = (facts) => {
  const judging = new Set(judgingJobs(facts).map(({ job }) => job));
  const all = facts.workflows.filter(judgesChanges).flatMap(({ jobs, file }) => jobs.map((job) => ({ job, file })));
  return judgingJobs(facts).flatMap(({ job }) => {
    const other = all.find((one) => one.job !== job && one.job.name === job.name && isFirst(job, one.job, judging));
    if (other === undefined) return [];
    return [
      finding("error", {
        code: "doctor-gate-name-twice",
        message: `a job of ${other.file} has a check of the same name, "${job.name}": whichever ends last counts`,
        place: job.place,
        fix: "Give one of them another name, and require the gate's",
      }),
    ];
  });
};

/** Of two judging jobs with one name, only the first is told. */
const isFirst = (job: Job, other: Job, judging: ReadonlySet<Job>): boolean =>
  !judging.has(other) || [...judging].indexOf(job) < [...judging].indexOf(other);

const targetCheckout: DoctorRule = (facts) =>
  facts.workflows
    .filter(({ on }) => on.has("pull_request_target") || on.has("workflow_run") || on.has("issue_comment"))
    .flatMap((workflow) =>
      workflow.jobs.flatMap((job) =>
        job.steps
          .filter(
            ({ uses = "", with: inputs }) =>
              /^actions\/checkout@/.test(uses) && isHeadOfChange(String(inputs["ref"] ?? "")),
          )
          .map(
            (step): Finding =>
              finding("error", {
                code: "doctor-untrusted-checkout",
                message:
                  "code of a pull request is checked out in a workflow that has the repository's secrets and a token of its own",
                place: step.place,
                fix: "Run the change's code on pull_request; here, read only its artifacts, as comment.yml of the templates does",
              }),
          ),
      ),
    );

const isHeadOfChange = (ref: string): boolean =>
  /github\.event\.(?:pull_request|workflow_run)\.head|github\.head_ref|refs\/pull\//.test(ref);

const silentReport: DoctorRule = (facts) =>
  listSuiteSteps(facts)
    .filter(
      ({ action, job, workflow }) => action === "report-metrics" && judgesChanges(workflow) && job.needs.length > 0,
    )
    .filter(
      ({ job, step }) =>
        !survivesFailure(job.condition ?? "") || (step.condition !== undefined && !survivesFailure(step.condition)),
    )
    .map((each) =>
      finding("warning", {
        code: "doctor-report-conditional",
        message: `${jobOf(each)} is skipped when a job before it fails: the pull request is not told why the gate is closed`,
        place: each.job.place,
        fix: "Write \"if: always() && github.event_name == 'pull_request'\" there",
      }),
    );

export const GATE_RULES: readonly DoctorRule[] = [
  ...[missing, conditional, skippedWithOthers, stepConditional, ignored, filtered, mergeQueue],
  ...[sharedJob, matrix, sameName, targetCheckout, silentReport],
];
