/** Whether a branch never had a baseline. What is deleted or not known could have been one. */
import { isOfOwnRepository, type ListedArtifact } from "./baseline-record.ts";
import { type BaselineRun, isBaseBranchRun } from "./baseline-runs.ts";

/** With more earlier runs than this, it is not a first run, whatever they are. */
const MAX_EARLIER_RUNS = 50;

/**
 * The runs of the branch that uploaded such an artifact, in this repository; an expired one counts too. Runs of the judged
 * commit do not count: one of them may be the current run.
 *
 * @returns ids of the runs to look at; `undefined`: there are too many for a first run
 */
export function selectEarlierRuns(
  artifacts: readonly ListedArtifact[],
  branch: string,
  judged: string,
): readonly number[] | undefined {
  const ids = artifacts.flatMap(({ workflow_run: maker }) =>
    maker && maker.head_branch === branch && isOfOwnRepository(maker) && maker.head_sha !== judged ? [maker.id] : [],
  );
  const earlier = [...new Set(ids)];
  return earlier.length > MAX_EARLIER_RUNS ? undefined : earlier;
}

/** @param run one of those runs; `undefined`: it was deleted */
export const mayHaveMadeBaseline = (run: BaselineRun | undefined, branch: string): boolean =>
  run === undefined || isBaseBranchRun(run, { commit: run.head_sha, branch });
