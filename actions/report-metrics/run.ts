/** The story of report-metrics: read what was decided, judge it anew, and keep the pull request's one comment up to date. */
import { runUrlOf } from "../../shared/action/context.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import { type JudgedTarget, readTargetedPull, resolveCommentTarget } from "../../shared/core/comment/comment-target.ts";
import { markOutdated } from "../../shared/core/comment/mark-outdated.ts";
import {
  type CommentPorts,
  type FoundPullRequest,
  findPullRequest,
  ifPermitted,
  NOTHING,
  writeSection,
} from "../../shared/core/comment/write-section.ts";
import { assertConsistent } from "../../shared/core/gate/assert-consistent.ts";
import { isWorkflowOfChange } from "../../shared/core/policy/trust-levels.ts";
import type { FailedJob } from "../../shared/core/training/failed-job.ts";
import type { Verdict } from "../../shared/records/verdict.ts";
import { composeComment } from "../../shared/report/comment.ts";
import type { ReportContext } from "../../shared/report/decision.ts";
import { renderVerdict } from "../../shared/report/verdict.ts";
import { missingVerdictProblem, type ReportedResult } from "./read-results.ts";
import { renderFailedJob, renderResult } from "./render-result.ts";
import { DEFAULT_KEY } from "./result-key.ts";
import type { spec } from "./spec.ts";

export interface Ports extends CommentPorts {
  /** At least one; without a verdict where there is none. */
  readonly readResults: () => Promise<readonly ReportedResult[]>;
  /** By the rules of the pull request's base branch, whatever the verdict says. */
  readonly judgeAnew: (
    verdict: Verdict,
    pull: FoundPullRequest,
    source: Pick<JudgedTarget, "kind"> & Pick<ReportedResult, "diffArtifact">,
  ) => Promise<Verdict>;
  /** Jobs of the judging run that failed. */
  readonly readFailedJobs: (run: JudgedTarget["judgingRun"]["revision"]) => Promise<readonly FailedJob[]>;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  if (context.event.name === "pull_request_target") {
    const { number, head } = readTargetedPull(context);
    const revision = { run: context.run.id, head };
    const marking = { compose: composeComment, author: inputs.author, revision };
    const [url] = await ifPermitted(log, async () => markOutdated(ports.conversation(number), marking));
    return { outputs: { comment: url === undefined ? "unchanged" : "updated", url: url ?? "" } };
  }

  // Gather.
  const results = await ports.readResults();
  const target = resolveCommentTarget(context);
  const missing = missingVerdictProblem(results, inputs.record);
  const repositoryUrl = context.urls.repository;
  if (target.kind === "none") {
    log.notice(`No comment: ${target.reason}. The job summary has the report.`);
    const options = { repositoryUrl, runUrl: runUrlOf(context) };
    const summary = results.map(({ records }) => renderVerdict(records, options)).join("\n");
    return { outputs: { ...NOTHING }, summary, failed: missing };
  }
  const { revision } = target.judgingRun;
  for (const { records } of results) assertConsistent(records, context.repository, revision);
  const pull = await findPullRequest(ports, target);
  const about: ReportContext = {
    ...{ repositoryUrl, runUrl: runUrlOf(context, revision.run), head: revision.head },
    advisory: isWorkflowOfChange(context.workflow) ? "own-workflow" : undefined,
  };

  // Decide anew, and show: nothing of a verdict is believed but its numbers.
  let written = NOTHING;
  let failed = missing;
  const summaries = [];
  for (const result of await explainMissing(results)) {
    const judge = (verdict: Verdict) => ports.judgeAnew(verdict, pull, { kind: target.kind, ...result });
    const { section, summary, problem } = result.failedJob
      ? renderFailedJob(result.failedJob, about)
      : await renderResult(result.records, judge, target, about);
    summaries.push(summary);
    failed ??= problem;
    const change = await writeSection(ports, {
      ...{ number: pull.number, judgingRun: target.judgingRun, author: inputs.author, log, compose: composeComment },
      section: { key: result.key, ...section },
    });
    if (written.comment === "none" || change.comment !== "unchanged") written = change;
  }
  return { outputs: { ...written }, summary: summaries.join("\n"), failed };

  /** Where a run has ended before it could judge, its jobs say why. The twelve lines name a result after its job, too. */
  async function explainMissing(known: readonly ReportedResult[]): Promise<readonly ReportedResult[]> {
    const hasRecords = known.some(({ records }) => records.verdict !== undefined || records.data !== undefined);
    if (target.kind !== "judged-run" || hasRecords) return known;
    const jobs = await ports.readFailedJobs(revision);
    if (jobs.length === 0) return known;
    const named = inputs.key === DEFAULT_KEY ? jobs : jobs.slice(0, 1);
    return named.map((job) => ({
      key: inputs.key === DEFAULT_KEY ? job.name : inputs.key,
      records: {},
      failedJob: job,
    }));
  }
};
