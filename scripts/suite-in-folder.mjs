// What a folder's workflows and policy say about this suite: which of its actions they use, under which name, and which
// environments and checks its policy means. Pure: it is given texts, and returns arguments for the local GitHub.
import { parse } from "yaml";

/**
 * `acme/mlops-actions@v1` for every name under which the workflows use the suite.
 * @param workflows texts of workflow files
 */
export const findSuiteNames = (workflows) => [
  ...new Set(
    workflows.flatMap((text) =>
      [...text.matchAll(/^[^#\n]*\buses:\s*["']?([\w.-]+\/mlops-actions)(?:\/[\w./-]+)?@([\w./-]+)/gm)].map(
        ([, name, ref]) => `${name}@${ref}`,
      ),
    ),
  ),
];

/** The names of the jobs that judge: a merge should need them. */
export function findJudgingJobs(workflows) {
  return workflows.map(parseQuietly).flatMap((workflow) =>
    Object.entries(workflow?.jobs ?? {})
      .filter(([, job]) => job?.strategy === undefined && (job?.steps ?? []).some(isJudging))
      .map(([id, job]) => (typeof job.name === "string" && !job.name.includes("${{") ? job.name : id)),
  );
}

const isJudging = ({ uses } = {}) =>
  /\/mlops-actions(?:\/actions\/(?:gate-metrics|model-diff))?@/.test(String(uses ?? ""));

/**
 * `production=alice,bob` for every environment of the policy; everyone may approve where approvals are needed.
 * @param policy its text
 */
export const findEnvironments = (policy, people) =>
  (parseQuietly(policy)?.environments ?? [])
    .filter((environment) => typeof environment?.name === "string")
    .map(({ name, approvals }) => `${name}${approvals > 0 ? `=${people.join(",")}` : ""}`);

/** A broken file is told by who reads it for real. */
function parseQuietly(text) {
  try {
    return parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
