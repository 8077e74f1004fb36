/** What the verdict tells reviewers when the judged change edits the policy itself. */
import { ActionError, formatProblem } from "../../problem/problem.ts";
import { type PolicyReading, readPolicy } from "./read-policy.ts";

/**
 * One sentence or two for the verdict's notes; nothing when the policy is not touched. It may quote the change's own text.
 *
 * @param trusted the policy's text at `base`
 * @param proposed its text in the change; `undefined` when the change removes it
 */
export function describePolicyChange(
  path: string,
  base: string,
  trusted: string,
  proposed: string | undefined,
  reading: PolicyReading,
): string | undefined {
  if (proposed === trusted) return undefined;
  const judged = `it was judged by the policy of its base, ${base.slice(0, 7)}`;
  if (proposed === undefined) return `This change removes ${path}; ${judged}. Without it, nothing can be judged.`;
  const problem = firstProblem(proposed, path, reading);
  const after =
    problem === undefined ? "The edited one applies after the merge." : `The edited one is not valid: ${problem}`;
  return `This change edits ${path}; ${judged}. ${after}`;
}

function firstProblem(text: string, path: string, reading: PolicyReading): string | undefined {
  try {
    readPolicy(text, path, reading);
    return undefined;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const [first] = error.problems;
    return first === undefined ? "it cannot be read" : formatProblem(first);
  }
}
