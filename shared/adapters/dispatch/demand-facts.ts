/** What GitHub knows about a training that somebody asks for: who they are, and what would be trained. */
import * as z from "zod";
import { getModelPolicy } from "../../core/policy/require-model.ts";
import type { Asker, DemandedPull, OnDemand } from "../../core/training/training-demand.ts";
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { readPull } from "../github/pulls.ts";
import { readDefaultBranch } from "../github/read-default-branch.ts";
import { readBranchHead } from "../github/trusted-commit.ts";
import { readPolicyAt } from "../github/trusted-policy.ts";

const permission = z.object({
  user: z.object({ login: z.string(), permissions: z.record(z.string(), z.boolean()).optional() }).nullable(),
});
const repository = z.object({ id: z.int() });

/** Events of pull requests: on any other, a training is started by whoever starts the job. */
const EVENTS: ReadonlySet<string> = new Set(["pull_request", "pull_request_target", "issue_comment"]);

/**
 * `train.on-demand` of the default branch, which no change under judgement can choose.
 *
 * @throws ActionError for a policy that is not valid; GitHubError
 */
export async function readOnDemand(
  github: GitHub,
  event: string,
  model: string,
): Promise<{ readonly rules: OnDemand | undefined; readonly branch: string }> {
  const branch = await readDefaultBranch(github);
  if (!EVENTS.has(event)) return { rules: undefined, branch };
  const reading = { reader: "dispatch-training", model } as const;
  const found = await readPolicyAt(github, await readBranchHead(github, branch), reading);
  return { rules: "policy" in found ? getModelPolicy(found.policy).train?.["on-demand"] : undefined, branch };
}

/** @returns `undefined` for somebody who is not a collaborator. @throws GitHubError */
export async function readAsker(github: GitHub, username: string): Promise<Asker | undefined> {
  const { getCollaboratorPermissionLevel } = github.rest.repos;
  const response = await github.find(() => getCollaboratorPermissionLevel({ ...github.repository, username }));
  if (response === undefined) return undefined;
  const { user } = parseResponse(permission, response, `the permission of ${username}`);
  return user === null ? undefined : { login: user.login, permissions: user.permissions ?? {} };
}

/** @throws GitHubError */
export async function readDemandedPull(github: GitHub, number: number): Promise<DemandedPull> {
  const { open, base, head } = await readPull(github, number);
  const { data } = await github.rest.repos.get({ ...github.repository });
  const own = parseResponse(repository, data, "the repository").id;
  return { isOpen: open, base, head: { sha: head.sha, isFork: head.repositoryId !== own } };
}
