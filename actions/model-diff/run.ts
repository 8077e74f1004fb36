/** The story of model-diff: what was measured, against what came before, by which rules, and where a reviewer sees it. */
import { runUrlOf } from "../../shared/action/context.ts";
import { toRecordOrigin } from "../../shared/action/record-origin.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import { GitHubError } from "../../shared/adapters/github/github.ts";
import { resolveCommentTarget } from "../../shared/core/comment/comment-target.ts";
import type { Section } from "../../shared/core/comment/section.ts";
import {
  type CommentPorts,
  findPullRequest,
  NOTHING,
  type WrittenSection,
  writeSection,
} from "../../shared/core/comment/write-section.ts";
import { formatRuling, gateFailureProblem } from "../../shared/core/gate/build-verdict.ts";
import { judgesChange } from "../../shared/core/gate/judgeable-event.ts";
import type { KeptPredictions } from "../../shared/core/gate/kept-predictions.ts";
import { ActionError, type Problem } from "../../shared/problem/problem.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { type Verdict, verdictRecord } from "../../shared/records/verdict.ts";
import { composeComment } from "../../shared/report/comment.ts";
import { toTitle } from "../../shared/report/headline.ts";
import { renderProblemSection, renderProblems } from "../../shared/report/problems.ts";
import { renderSection, renderVerdict } from "../../shared/report/verdict.ts";
import { type Decision, type DecisionPorts, decide } from "./decide.ts";
import { explainFailure, type FailurePorts, hasFailed } from "./explain-failure.ts";
import type { AdditionPorts, ReadAddition } from "./read-addition.ts";
import { resultKey } from "./result-key.ts";
import type { spec } from "./spec.ts";

export interface Ports extends DecisionPorts, CommentPorts, AdditionPorts, FailurePorts {
  readonly writeRecord: (verdict: ReadRecord<Verdict>) => Promise<void>;
  /**
   * For the next run to compare with. @param page the report that readers may open, in HTML
   * @returns URL of the artifact, `undefined` when it could not be kept
   */
  readonly keepRecord: (
    verdict: ReadRecord<Verdict>,
    page: string | undefined,
    predictions: KeptPredictions | undefined,
  ) => Promise<string | undefined>;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  const key = resultKey(inputs, context.job);
  const target = resolveCommentTarget(context);
  // In a job summary, the results of a job stand one below the other.
  const isOneOfSeveral = key !== resultKey({ key: "", model: "", matrix: "null" }, context.job);
  const inSummary = { runUrl: undefined, title: toTitle(inputs.title || (isOneOfSeveral ? key : "")), isOneOfSeveral };
  const options = {
    repositoryUrl: context.urls.repository,
    runUrl: runUrlOf(context),
    isMerged: !judgesChange(context),
    ...(target.kind !== "none" && { head: target.judgingRun.revision.head }),
    title: toTitle(inputs.title),
  };

  // Decide. Whatever prevents it is what a reviewer must see first.
  const origin = toRecordOrigin(context);
  const decided = hasFailed(inputs["job-status"])
    ? await explainFailure(ports, context.sha, origin)
    : await decide(ports, origin, inputs.model).catch(toProblems);
  const isDecided = "verdict" in decided;

  // Add what the author wants to show. Its page is kept with the record, and the comment leads there.
  const addition = isDecided ? await add() : undefined;
  const known = isDecided ? (addition?.problems ?? []) : decided.problems;
  const hasNoPolicy = isDecided && decided.hasNoPolicy;
  const basis = { ...options, advisory: "shared-job" as const, hasNoPolicy, problems: known };
  const page = isDecided ? addition?.renderPage(decided, basis, options.title || key) : undefined;
  const kept = isDecided ? await keep(decided, page).catch(toProblems) : { problems: [] };
  const problems = [...known, ...kept.problems];
  const undecided = { ...options, logUrl: isDecided ? undefined : decided.logUrl };
  const report = page === undefined ? undefined : kept.url;
  const shown = { ...basis, problems, ...(addition && { addition: addition.inComment(report) }) };

  // Show.
  const section = isDecided ? renderSection(decided, shown) : renderProblemSection(problems, undecided);
  const written = await comment();
  const failures = [...problems, ...(isDecided ? asList(gateFailureProblem(decided.verdict)) : [])];
  for (const problem of failures.slice(0, -1)) log.error(problem);
  if (target.kind === "none")
    log[judgesChange(context) ? "notice" : "info"](`No comment: ${target.reason}. The job summary has the report.`);
  return {
    outputs: { outcome: outcomeOf(decided), record: isDecided ? inputs.record : "", report: report ?? "", ...written },
    summary: isDecided
      ? renderVerdict(decided, { ...shown, ...inSummary })
      : renderProblems(decided.problems, { ...undecided, ...inSummary }),
    failed: failures.at(-1),
  };

  async function comment(): Promise<WrittenSection> {
    if (target.kind === "none" || inputs.comment === "never") return NOTHING;
    const { number } = await findPullRequest(ports, target);
    return writeSection(ports, {
      ...{ number, judgingRun: target.judgingRun },
      section: { key, ...section },
      compose: composeComment,
      author: inputs.author,
      mayCreate: isWorthAComment(inputs.comment, section, decided) && (inputs.comment === "always" || "if-current"),
      keepsWorst: true,
      log,
    });
  }

  async function add(): Promise<ReadAddition | undefined> {
    if (inputs.body === "" && inputs.plots.length === 0) return undefined;
    const { readAddition } = await import("./read-addition.ts");
    const read = await readAddition(ports, inputs);
    for (const warning of read.warnings) log.warn(warning);
    return read;
  }

  async function keep({ verdict, predictions, recordVersion }: Decision, page: string | undefined): Promise<Kept> {
    const record = inVersion(verdictRecord, verdict, recordVersion);
    for (const note of verdict.notes) log.warn(note);
    for (const ruling of verdict.rulings) log.info(formatRuling(ruling));
    await ports.writeRecord(record);
    return { problems: [], url: await ports.keepRecord(record, page, predictions) };
  }
};

const asList = (problem: Problem | undefined): readonly Problem[] => (problem === undefined ? [] : [problem]);

interface Undecided {
  readonly problems: readonly Problem[];
  readonly url?: undefined;
  readonly logUrl?: string | undefined;
}

interface Kept {
  readonly problems: readonly Problem[];
  readonly url?: string | undefined;
}

/** A bug, a cancellation and a GitHub that does not answer are nobody's mistake in the pull request. */
function toProblems(error: unknown): Undecided {
  if (!(error instanceof ActionError) || error instanceof GitHubError) throw error;
  return { problems: error.problems };
}

function outcomeOf(decided: Decision | Undecided): "pass" | "fail" | "inconclusive" | "no-rules" | "error" {
  if (!("verdict" in decided)) return "error";
  return decided.hasNoPolicy ? "no-rules" : decided.verdict.outcome;
}

function isWorthAComment(
  when: "always" | "on-change" | "on-failure",
  { state }: Pick<Section, "state">,
  decided: Decision | Undecided,
): boolean {
  const isOpen = state !== "ready" && state !== "ungated";
  if (when === "always" || isOpen) return true;
  if (when === "on-failure" || !("verdict" in decided)) return false;
  const { baseline, metrics } = decided.verdict;
  return baseline === null || metrics.some((metric) => metric.baseline !== metric.candidate);
}
