/** What the verdict says when the judged change edits the policy itself. */
import { ActionError, formatProblem, type Problem } from "../../problem/problem.ts";
import type { PolicyReading } from "./choose-model.ts";
import { readPolicy } from "./read-policy.ts";

export interface PolicyChange {
  /** For reviewers, one sentence or two; may quote the change's own text. */
  readonly note: string;
  /** Why nothing could be judged any more after the merge. */
  readonly broken?: Problem | undefined;
}

/**
 * @param trusted the policy's text at `base`
 * @param proposed its text in the change; `undefined` when the change removes it
 * @returns nothing when the policy is not touched
 */
export function describePolicyChange(
  path: string,
  base: string,
  trusted: string,
  proposed: string | undefined,
  reading: PolicyReading,
): PolicyChange | undefined {
  if (proposed === trusted) return undefined;
  const judged = `it was judged by the policy of its base, ${base.slice(0, 7)}`;
  const fix = "Correct it: after the merge, nothing could be judged by it";
  if (proposed === undefined) {
    const broken = { code: "policy-broken", message: `this change removes ${path}`, place: { file: path }, fix };
    return { note: `This change removes ${path}; ${judged}. Without it, nothing can be judged.`, broken };
  }
  const problem = firstProblem(proposed, path, reading);
  const edits = `This change edits ${path}; ${judged}.`;
  if (problem === undefined) return { note: `${edits} The edited one applies after the merge.` };
  const broken = { ...problem, code: "policy-broken", message: `this change breaks ${path}: ${problem.message}` };
  return { note: `${edits} The edited one is not valid: ${formatProblem(problem)}`, broken };
}

function firstProblem(text: string, path: string, reading: PolicyReading): Problem | undefined {
  try {
    readPolicy(text, path, reading);
    return undefined;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const [first] = error.problems;
    return first ?? { code: "policy-broken", message: "it cannot be read", fix: "Correct it" };
  }
}
