/** The two levels of trust in a gate, in the words that comments and documents share. */

/** What each level is. The documents that name the levels use these very words; a test compares them. */
export const TRUST_LEVELS = {
  advisory:
    "training and judging share a job, or the pull request can edit the workflow: one that deletes the gate step is green",
  enforced:
    "separate jobs, the workflow required by a ruleset, code owners for policy, contracts and workflows, and the check bound to GitHub Actions",
} as const;

/** Why a result is advisory. That one is enforced cannot be seen from a job, and so is never claimed. */
export type AdvisoryReason = "shared-job" | "own-workflow";

export const ADVISORY_REASONS: Readonly<Record<AdvisoryReason, string>> = {
  "shared-job": "advisory: training and judging share a job",
  "own-workflow": "advisory unless code owners guard the workflow: the pull request can edit it",
};

/**
 * @param workflow `GITHUB_WORKFLOW_REF`. On `pull_request` and `merge_group` the file is that of the change itself; the ref
 * of a workflow that a ruleset requires is a branch or tag of its own repository.
 */
export const isWorkflowOfChange = (workflow: string): boolean =>
  /@refs\/(?:pull\/\d+\/|heads\/gh-readonly-queue\/)/.test(workflow);
