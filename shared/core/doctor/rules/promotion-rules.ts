/** Workflows that promote: who may start them, and what keeps them from ending half-way. */
import { listSuiteSteps, type RepositoryFacts, type SuiteStep } from "../facts.ts";
import { type DoctorRule, finding } from "../finding.ts";

const modeOf = ({ step }: SuiteStep): string => String(step.with["mode"] ?? "");

/** Steps that write the ledger. */
const applying = (facts: RepositoryFacts): readonly SuiteStep[] =>
  listSuiteSteps(facts).filter(
    (each) => each.action === "promote-model" && /^(?:begin|commit|apply)$/.test(modeOf(each)),
  );

const onceAJob = (steps: readonly SuiteStep[]): readonly SuiteStep[] => [
  ...new Map(steps.map((step) => [step.job, step])).values(),
];

/** What a merged pull request asks for: promote-model refuses it without one. */
const isAsked = ({ step }: SuiteStep): boolean =>
  [step.with["environment"], step.with["plan-digest"]].every((value) => String(value ?? "") === "");

/** Where reviews of a pull request approve, no environment asks anybody. */
const isByReview = (job: SuiteStep["job"], facts: RepositoryFacts): boolean =>
  listSuiteSteps(facts).some(
    (each) => each.job === job && (modeOf(each) === "request" || (modeOf(each) !== "commit" && isAsked(each))),
  );

const withoutEnvironment: DoctorRule = (facts) =>
  onceAJob(applying(facts))
    .filter(({ job }) => job.environment === undefined && !isByReview(job, facts))
    .map(({ job }) =>
      finding("error", {
        code: "doctor-promotion-without-environment",
        message: `the job "${job.id}" promotes without an environment, so that no reviewer is asked`,
        place: job.place,
        fix: "Add the environment to the job, as promote.yml of the templates has it",
      }),
    );

const cancelled: DoctorRule = (facts) =>
  onceAJob(applying(facts))
    .filter(({ job, workflow }) => job.concurrency?.cancels === true || workflow.concurrency?.cancels === true)
    .map(({ job }) =>
      finding("error", {
        code: "doctor-promotion-cancelled",
        message: `a newer run cancels the job "${job.id}" in the middle of a promotion`,
        place: job.place,
        fix: "Remove cancel-in-progress: the ledger refuses the plan that another promotion has made stale",
      }),
    );

const queued: DoctorRule = (facts) =>
  onceAJob(applying(facts))
    .filter(({ job, workflow }) => (job.concurrency ?? workflow.concurrency)?.cancels === false)
    .map(({ job }) =>
      finding("warning", {
        code: "doctor-promotion-queued",
        message: `the job "${job.id}" is in a concurrency group: an urgent roll back queues behind a promotion that waits for approval`,
        place: job.place,
        fix: "Remove the concurrency group: the ledger orders promotions",
      }),
    );

/** Whoever may open a pull request would start it. */
const startedByAnybody: DoctorRule = (facts) =>
  onceAJob(applying(facts)).flatMap(({ job, workflow }) => {
    const event = ["pull_request", "pull_request_target", "issue_comment", "issues"].find((name) =>
      workflow.on.has(name),
    );
    if (event === undefined) return [];
    return [
      finding("error", {
        code: "doctor-promotion-event",
        message: `${event} starts the job "${job.id}", which promotes: anybody can cause that event`,
        place: workflow.placeOf(["on", event]),
        fix: "Promote on workflow_dispatch, or on a push to the default branch",
      }),
    ];
  });

const withoutPlanDigest: DoctorRule = (facts) =>
  applying(facts)
    .filter(
      (each) => String(each.step.with["plan-digest"] ?? "") === "" && (modeOf(each) === "commit" || !isAsked(each)),
    )
    .map(({ step, ...each }) =>
      finding("error", {
        code: "doctor-promotion-without-plan",
        message: `promote-model in mode ${modeOf({ step, ...each })} is not bound to the plan that was approved`,
        place: step.place,
        fix: "Hand over the plan job's output: plan-digest: ${{ needs.plan.outputs.plan-digest }}",
      }),
    );

export const PROMOTION_RULES: readonly DoctorRule[] = [
  ...[withoutEnvironment, cancelled, queued, startedByAnybody, withoutPlanDigest],
];
