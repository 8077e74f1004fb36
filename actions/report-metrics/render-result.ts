/** One result as a section and as a summary: its verdict judged anew, or why it is not believed. */
import { GitHubError } from "../../shared/adapters/github/github.ts";
import { collectWarnings } from "../../shared/core/comment/collect-warnings.ts";
import type { JudgedTarget } from "../../shared/core/comment/comment-target.ts";
import type { ReportRecords } from "../../shared/core/gate/assert-consistent.ts";
import { explainFailedJob, type FailedJob } from "../../shared/core/training/failed-job.ts";
import { ActionError, type Problem } from "../../shared/problem/problem.ts";
import type { Verdict } from "../../shared/records/verdict.ts";
import type { ReportContext } from "../../shared/report/decision.ts";
import { renderProblemSection, renderProblems } from "../../shared/report/problems.ts";
import { renderSection, renderVerdict } from "../../shared/report/verdict.ts";

interface RenderedResult {
  readonly section: ReturnType<typeof renderSection>;
  readonly summary: string;
  /** Why the step fails. */
  readonly problem?: Problem | undefined;
}

/** Why there is nothing to judge. */
export function renderFailedJob(job: FailedJob, about: ReportContext): RenderedResult {
  const fix = "Fix the error, then push";
  const problem = { code: "verdict-missing", message: `there is no verdict: ${explainFailedJob(job)}`, fix };
  return { section: renderProblemSection([problem], about), summary: renderProblems([problem], about), problem };
}

/** @throws whatever `judge` throws, unless it is about the verdict or the rules */
export async function renderResult(
  records: ReportRecords,
  judge: (verdict: Verdict) => Promise<Verdict>,
  target: JudgedTarget,
  about: ReportContext,
): Promise<RenderedResult> {
  const { conclusion } = target.judgingRun;
  try {
    const verdict = records.verdict && (await judge(records.verdict));
    const options: ReportContext = {
      ...about,
      hasNoPolicy: verdict?.policy === null,
      reportedBy: target.kind === "pull-request" ? undefined : target.source.isFork ? "fork" : "pull-request",
      failedRun: conclusion === "success" ? undefined : conclusion,
      warnings: collectWarnings(verdict?.outcome, conclusion),
    };
    const shown = { ...records, verdict };
    return { section: renderSection(shown, options), summary: renderVerdict(shown, options) };
  } catch (error) {
    // A verdict that is not believed must not leave an older one standing. That GitHub does not answer is nobody's mistake.
    if (!(error instanceof ActionError) || error instanceof GitHubError) throw error;
    const { problems } = error;
    return {
      section: renderProblemSection(problems, about),
      summary: renderProblems(problems, about),
      problem: problems[0],
    };
  }
}
