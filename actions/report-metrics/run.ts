/** The story of report-metrics: read what was decided, find the pull request, keep its one comment up to date. */
import { runUrlOf } from "../../shared/action/context.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import { collectWarnings } from "../../shared/core/comment/collect-warnings.ts";
import { resolveCommentTarget } from "../../shared/core/comment/comment-target.ts";
import { type CommentPorts, writeSection } from "../../shared/core/comment/write-section.ts";
import { assertConsistent, type ReportRecords } from "../../shared/core/gate/assert-consistent.ts";
import { composeComment } from "../../shared/report/comment.ts";
import { renderSection, renderVerdict } from "../../shared/report/verdict.ts";
import { missingVerdictProblem } from "./read-report-records.ts";
import type { spec } from "./spec.ts";

export interface Ports extends CommentPorts {
  /** The verdict and the data report, if they exist. */
  readonly readReportRecords: () => Promise<ReportRecords>;
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
  const { revision, conclusion } = target.judgingRun;
  assertConsistent(records, context.repository, revision);
  const warnings = collectWarnings(records.verdict?.outcome, conclusion);
  const options = { repositoryUrl, runUrl: runUrlOf(context, revision.run), head: revision.head, warnings };
  const summary = renderVerdict(records, options);

  // Show.
  const written = await writeSection(ports, {
    target,
    section: { key: inputs.key, ...renderSection(records, options) },
    compose: composeComment,
    author: inputs.author,
    log,
  });
  return { outputs: { ...written }, summary, failed };
};
