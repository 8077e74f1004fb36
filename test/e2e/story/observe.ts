/** Reads from the local GitHub what the story checks and shows. */
import type { LocalGitHub, PullRequest, WorkflowRun } from "@mlops-actions/localhub";
import { digestOf } from "../../../shared/adapters/files/digest.ts";
import { tagOf } from "../../../shared/core/promotion/entry-rules.ts";
import { verifyLedger } from "../../../shared/core/promotion/verify-ledger.ts";
import type { StoryEnding } from "./report/render-view.ts";
import { type CheckView, StoryError, type StoryView } from "./story-step.ts";

/** The newest run of a workflow file. @throws StoryError when there is none */
export function newestRun(github: LocalGitHub, workflow: string): WorkflowRun {
  const run = github.runs({ workflow }).at(-1);
  if (run === undefined) throw new StoryError(`${workflow} has not run`);
  return run;
}

/** Key of each job, or name of each leg of a matrix, to its conclusion (or status, while there is none) in the newest attempt. */
export function jobConclusions(run: WorkflowRun): Readonly<Record<string, string>> {
  const jobs = run.attempts.at(-1)?.jobs ?? [];
  const isLeg = (key: string): boolean => jobs.filter((job) => job.key === key).length > 1;
  return Object.fromEntries(jobs.map((job) => [isLeg(job.key) ? job.name : job.key, job.conclusion ?? job.status]));
}

/** @throws StoryError with the end of the log when a job did not end as it should */
export function expectJobs(github: LocalGitHub, run: WorkflowRun, expected: Readonly<Record<string, string>>): void {
  const jobs = jobConclusions(run);
  for (const [name, state] of Object.entries(expected)) {
    if (jobs[name] === state) continue;
    const log = github.log(run, name).split("\n").slice(-25).join("\n");
    throw new StoryError(`${run.workflow.path}: the job "${name}" is ${jobs[name] ?? "missing"}, not ${state}\n${log}`);
  }
}

/** Comments of a pull request, oldest first. */
export function listComments(github: LocalGitHub, pull: PullRequest): readonly { author: string; body: string }[] {
  return [...github.repository.comments.values()]
    .filter(({ issue }) => issue === pull.number)
    .map(({ author, body }) => ({ author: author.login, body }));
}

/** The pull request as its page shows it now: title, checks, comments. */
export function capturePull(github: LocalGitHub, pull: PullRequest): readonly StoryView[] {
  const issue = github.repository.issues.get(pull.number);
  return [
    {
      kind: "pull",
      number: pull.number,
      title: issue?.title ?? "",
      author: issue?.author.login ?? "",
      state: stateOf(github, pull),
    },
    { kind: "checks", checks: latestChecks(github, pull.headSha) },
    ...listComments(github, pull).map((comment) => ({ kind: "comment" as const, ...comment })),
  ];
}

const stateOf = ({ repository }: LocalGitHub, { merged, number }: PullRequest): string =>
  merged ? "merged" : (repository.issues.get(number)?.state ?? "open");

/** What became of the pull requests, at the end. */
export const endingOf = (github: LocalGitHub): StoryEnding => ({
  port: new URL(github.url).port,
  pulls: new Map([...github.repository.pulls.values()].map((pull) => [pull.number, stateOf(github, pull)])),
});

/** The newest check of each name. */
function latestChecks({ repository }: LocalGitHub, sha: string): readonly CheckView[] {
  const runs = [...repository.checkRuns.values()].filter(({ headSha }) => headSha === sha);
  return [
    ...new Map(runs.map(({ name, status, conclusion }) => [name, { name, state: conclusion ?? status }])).values(),
  ];
}

/** The job summaries of a run, of one job when named. */
export function captureSummaries(run: WorkflowRun, job?: string): readonly StoryView[] {
  return (run.attempts.at(-1)?.jobs ?? []).flatMap(({ name, steps }) => {
    const markdown = steps.map(({ summary }) => summary).join("");
    return markdown === "" || (job !== undefined && job !== name)
      ? []
      : [{ kind: "summary" as const, job: name, markdown }];
  });
}

/** The committed promotions in the ledger of a model. */
export async function captureLedger({ repository }: LocalGitHub, model: string): Promise<StoryView> {
  const text = await repository.git.read(`refs/heads/mlops-ledger/${model}`, "ledger.jsonl");
  const { plans } = verifyLedger(text?.toString() ?? "", "the ledger", model, digestOf);
  const committed = [...plans.values()].filter(({ record }) => record.type === "committed");
  return {
    kind: "ledger",
    rows: committed.map(({ plan, approvals, record }) => ({
      kind: plan.kind === "promote" ? "promote" : "roll-back",
      version: plan.target.version,
      environment: plan.to,
      requestedBy: plan.requestedBy.login,
      approvedBy: approvals.map(({ login }) => login).join(", "),
      tag: tagOf({ record })?.name ?? "",
    })),
  };
}
