/** What a reader should know about a run that could not comment itself: its workflow is the pull request's own. */
import type { Verdict } from "../../records/verdict.ts";

/**
 * @param outcome of the verdict, if there is one
 * @param conclusion how the judging run ended; `undefined` for the run that comments itself
 */
export function collectWarnings(
  outcome: Verdict["outcome"] | undefined,
  conclusion: string | undefined,
): readonly string[] {
  if (conclusion === undefined || outcome === undefined) return [];
  const untrustedWorkflow = "Measured by the pull request's own workflow: review its changes under .github first";
  if (outcome === "fail" && conclusion === "success")
    return [untrustedWorkflow, "The run succeeded although the rules do not hold"];
  return [untrustedWorkflow];
}
