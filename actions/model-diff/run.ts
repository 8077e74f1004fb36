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
import { ActionError, type Problem } from "../../shared/problem/problem.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { type Verdict, verdictRecord } from "../../shared/records/verdict.ts";
import { composeComment } from "../../shared/report/comment.ts";
import { renderProblemSection, renderProblems } from "../../shared/report/problems.ts";
import { renderSection, renderVerdict } from "../../shared/report/verdict.ts";
import { type Decision, type DecisionPorts, decide } from "./decide.ts";
import { resultKey } from "./result-key.ts";
import type { spec } from "./spec.ts";

export interface Ports extends DecisionPorts, CommentPorts {
  readonly writeRecord: (verdict: ReadRecord<Verdict>) => Promise<void>;
  /** For the next run to compare with. */
  readonly keepRecord: (verdict: ReadRecord<Verdict>) => Promise<void>;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  const key = resultKey(inputs.key, context.job, inputs.matrix);
  const target = resolveCommentTarget(context);
  const options = {
    repositoryUrl: context.urls.repository,
    runUrl: runUrlOf(context),
    ...(target.kind !== "none" && { head: target.judgingRun.revision.head }),
  };

  // Decide. Whatever prevents it is what a reviewer must see first.
  const decided = await decide(ports, toRecordOrigin(context)).catch(toProblems);
  const isDecided = "verdict" in decided;
  const shown = { ...options, advisory: "shared-job" as const, hasNoPolicy: isDecided && decided.hasNoPolicy };

  // Keep, and show.
  const section = isDecided ? renderSection(decided, shown) : renderProblemSection(decided.problems, options);
  const [written] = await Promise.all([comment(), isDecided ? keep(decided) : undefined]);
  if (!isDecided) for (const problem of decided.problems.slice(0, -1)) log.error(problem);
  if (target.kind === "none") log.notice(`No comment: ${target.reason}. The job summary has the report.`);
  return {
    outputs: { outcome: outcomeOf(decided), record: isDecided ? inputs.record : "", ...written },
    summary: isDecided ? renderVerdict(decided, shown) : renderProblems(decided.problems, options),
    failed: isDecided ? gateFailureProblem(decided.verdict) : decided.problems.at(-1),
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
      log,
    });
  }

  async function keep({ verdict, recordVersion }: Decision): Promise<void> {
    const record = inVersion(verdictRecord, verdict, recordVersion);
    for (const note of verdict.notes) log.warn(note);
    for (const ruling of verdict.rulings) log.info(formatRuling(ruling));
    await ports.writeRecord(record);
    await ports.keepRecord(record);
  }
};

interface Undecided {
  readonly problems: readonly Problem[];
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
