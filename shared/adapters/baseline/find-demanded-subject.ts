/** The subject of a gate that judges a training which was asked for, in a workflow of the default branch. */
import * as z from "zod";
import type { GateSubject } from "../../core/gate/gate-subject.ts";
import type { TriggerEvent } from "../../core/policy/trigger-event.ts";
import { userError } from "../../problem/problem.ts";
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { readPull } from "../github/pulls.ts";
import { readDefaultBranch } from "../github/read-default-branch.ts";

const aboutPull = z.union([
  z.object({ pull_request: z.object({ number: z.int().positive() }) }).transform((event) => event.pull_request.number),
  z
    .object({ issue: z.object({ number: z.int().positive(), pull_request: z.object({}) }) })
    .transform((event) => event.issue.number),
]);
const comparison = z.object({ merge_base_commit: z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) }) });
const EVENTS: ReadonlySet<string> = new Set(["issue_comment", "pull_request_target"]);

/**
 * The head of the event's pull request itself, not its test merge; compared with where it left the default branch.
 *
 * @param commit what was trained: it must be the head that the pull request has now
 * @throws ActionError `gate-event`, `gate-stale`; GitHubError
 */
export async function findDemandedSubject(
  github: GitHub,
  { event }: Pick<TriggerEvent, "event">,
  commit: string,
): Promise<GateSubject> {
  const number = EVENTS.has(event.name) ? aboutPull.safeParse(event.payload).data : undefined;
  if (number === undefined) {
    throw userError({
      code: "gate-event",
      message: `input commit: the event ${event.name} says by itself which commit is judged`,
      fix: "Leave it out; it is for pull_request_target and for comments on pull requests",
    });
  }
  const [pull, branch] = [await readPull(github, number), await readDefaultBranch(github)];
  if (pull.head.sha !== commit || pull.base !== branch) {
    const found = `the head of pull request #${number} is ${pull.head.sha}, to be merged into ${pull.base}`;
    throw userError({
      code: "gate-stale",
      message: `${commit} was trained, and ${found}`,
      fix: `Ask for its training again, in a pull request into ${branch}`,
    });
  }
  const basehead = `${branch}...${commit}`;
  const { compareCommitsWithBasehead: compare } = github.rest.repos;
  const { data } = await compare({ ...github.repository, basehead, per_page: 1 });
  const base = parseResponse(comparison, data, `the comparison ${basehead}`).merge_base_commit.sha;
  return { judged: commit, head: commit, branch, base: { commit: base, branch } };
}
