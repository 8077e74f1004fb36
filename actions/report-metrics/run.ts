/** The story of report-metrics: read what was decided, find the pull request it is about, keep its one comment true. */

import { runUrlOf } from "../../shared/action/context.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import { assertConsistent, collectWarnings } from "../../shared/core/comment/assert-consistent.ts";
import {
  choosePullRequest,
  type ListedPullRequest,
  resolveCommentTarget,
} from "../../shared/core/comment/comment-target.ts";
import type { Conversation } from "../../shared/core/comment/conversation.ts";
import { formatMarker } from "../../shared/core/comment/marker.ts";
import { assertHeadCurrent, upsertStickyComment } from "../../shared/core/comment/sticky-comment.ts";
import { ActionError } from "../../shared/problem/problem.ts";
import { type ReportRecords, renderComment, renderVerdict } from "../../shared/report/verdict.ts";
import { missingVerdictProblem } from "./read-report-records.ts";
import type { spec } from "./spec.ts";

export interface Ports {
  /** The verdict and the data report, as far as they are there. */
  readonly readReportRecords: () => Promise<ReportRecords>;
  readonly readPull: (number: number) => Promise<ListedPullRequest>;
  readonly listPullsByHead: (owner: string, branch: string) => Promise<readonly ListedPullRequest[]>;
  readonly conversation: (number: number) => Conversation;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  // Gather.
  const judgement = await ports.readReportRecords();
  const subject = resolveCommentTarget(context);
  const failed = missingVerdictProblem(judgement, inputs.record);
  const repositoryUrl = context.urls.repository;
  if (subject.kind === "none") {
    log.notice(`No comment: ${subject.reason}. The job summary has the report.`);
    return {
      outputs: { comment: "none", url: "" },
      summary: renderVerdict(judgement, { repositoryUrl, runUrl: runUrlOf(context) }),
      failed,
    };
  }

  // Decide what may be said.
  assertConsistent(judgement, context.repository, subject.judgingRun);
  const { workflow, revision } = subject.judgingRun;
  const warnings = collectWarnings(judgement, subject.judgingRun);
  const surroundings = { repositoryUrl, runUrl: runUrlOf(context, revision.run), head: revision.head, warnings };
  const summary = renderVerdict(judgement, surroundings);

  // Show.
  try {
    const pull =
      subject.kind === "pull-request"
        ? await ports.readPull(subject.number)
        : choosePullRequest(
            await ports.listPullsByHead(subject.source.owner, subject.source.branch),
            subject.source,
            revision.head,
          );
    assertHeadCurrent(revision.head, pull.head.sha);
    const place = { workflow, key: inputs.key };
    const body = renderComment(judgement, surroundings, formatMarker(place, revision));
    const kept = await upsertStickyComment(ports.conversation(pull.number), place, { body, revision }, inputs.author);
    log.info(`The comment on pull request ${pull.number} is ${kept.change}: ${kept.comment.url}`);
    if (kept.discoveredLogin !== undefined)
      log.notice(`The token writes as ${kept.discoveredLogin}. Add "author: ${kept.discoveredLogin}".`);
    return { outputs: { comment: kept.change, url: kept.comment.url }, summary, failed };
  } catch (error) {
    // The gate's answer does not hang on whether it could be told here.
    if (!(error instanceof ActionError) || error.problems[0]?.code !== "permission-missing") throw error;
    log.warn({
      code: "comment-forbidden",
      message: "the token may not comment on pull requests; the job summary has the report",
      fix: 'Add under "permissions:" of the job: "pull-requests: write". Forks and Dependabot never get it: use the workflow on workflow_run for them',
    });
    return { outputs: { comment: "none", url: "" }, summary, failed };
  }
};
