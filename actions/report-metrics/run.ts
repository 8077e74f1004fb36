/** The story of report-metrics: read what was decided, find the pull request, keep its one comment up to date. */
import { runUrlOf } from "../../shared/action/context.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import { collectWarnings } from "../../shared/core/comment/collect-warnings.ts";
import {
  choosePullRequest,
  type ListedPullRequest,
  resolveCommentTarget,
} from "../../shared/core/comment/comment-target.ts";
import type { Conversation } from "../../shared/core/comment/conversation.ts";
import { formatMarker } from "../../shared/core/comment/marker.ts";
import { assertHeadCurrent, upsertStickyComment } from "../../shared/core/comment/sticky-comment.ts";
import { assertConsistent, type ReportRecords } from "../../shared/core/gate/assert-consistent.ts";
import { ActionError } from "../../shared/problem/problem.ts";
import { renderComment, renderVerdict } from "../../shared/report/verdict.ts";
import { missingVerdictProblem } from "./read-report-records.ts";
import type { spec } from "./spec.ts";

export interface Ports {
  /** The verdict and the data report, if they exist. */
  readonly readReportRecords: () => Promise<ReportRecords>;
  readonly readPull: (number: number) => Promise<ListedPullRequest>;
  readonly listPullsByHead: (owner: string, branch: string) => Promise<readonly ListedPullRequest[]>;
  readonly conversation: (number: number) => Conversation;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  // Gather.
  const records = await ports.readReportRecords();
  const target = resolveCommentTarget(context);
  const failed = missingVerdictProblem(records, inputs.record);
  const repositoryUrl = context.urls.repository;
  if (target.kind === "none") {
    log.notice(`No comment: ${target.reason}. The job summary has the report.`);
    return {
      outputs: { comment: "none", url: "" },
      summary: renderVerdict(records, { repositoryUrl, runUrl: runUrlOf(context) }),
      failed,
    };
  }

  // Decide what may be shown.
  const { workflow, revision, conclusion } = target.judgingRun;
  assertConsistent(records, context.repository, revision);
  const warnings = collectWarnings(records.verdict?.outcome, conclusion);
  const options = { repositoryUrl, runUrl: runUrlOf(context, revision.run), head: revision.head, warnings };
  const summary = renderVerdict(records, options);

  // Show.
  try {
    const pull =
      target.kind === "pull-request"
        ? await ports.readPull(target.number)
        : choosePullRequest(
            await ports.listPullsByHead(target.source.owner, target.source.branch),
            target.source,
            revision.head,
          );
    assertHeadCurrent(revision.head, pull.head.sha);
    const place = { workflow, key: inputs.key };
    const body = renderComment(records, options, formatMarker(place, revision));
    const result = await upsertStickyComment(ports.conversation(pull.number), place, { body, revision }, inputs.author);
    log.info(`The comment on pull request ${pull.number} is ${result.change}: ${result.comment.url}`);
    if (result.discoveredLogin !== undefined)
      log.notice(`The token writes as ${result.discoveredLogin}. Set the input "author: ${result.discoveredLogin}".`);
    return { outputs: { comment: result.change, url: result.comment.url }, summary, failed };
  } catch (error) {
    // The gate's result does not depend on whether this comment could be written.
    const problem = error instanceof ActionError ? error.problems[0] : undefined;
    if (problem?.code !== "permission-missing") throw error;
    log.warn({
      code: "comment-forbidden",
      // In GitHub's words, too: a locked conversation and an archived repository are refused like a missing permission.
      message: `the token may not comment on this pull request; the job summary has the report (${problem.message})`,
      fix: 'If no reason is given there, add under "permissions:" of the job: "pull-requests: write". Forks and Dependabot never get it: for them use the workflow on workflow_run',
    });
    return { outputs: { comment: "none", url: "" }, summary, failed };
  }
};
