/** Pull requests, with what is needed to find the right one. */
import * as z from "zod";
import type { ListedPullRequest } from "../../core/comment/comment-target.ts";
import type { GitHub } from "./github.ts";
import { parseResponse } from "./parse-response.ts";

const pull = z
  .object({
    number: z.int().positive(),
    state: z.string(),
    base: z.object({ ref: z.string().min(1) }),
    user: z.object({ login: z.string() }).nullable(),
    head: z.object({ sha: z.string(), ref: z.string(), repo: z.object({ id: z.int() }).nullable() }),
  })
  .transform(
    ({ number, state, base, user, head }): ListedPullRequest => ({
      number,
      open: state === "open",
      base: base.ref,
      author: user?.login,
      head: { sha: head.sha, branch: head.ref, repositoryId: head.repo?.id },
    }),
  );

/** @throws GitHubError */
export async function readPull(github: GitHub, number: number): Promise<ListedPullRequest> {
  const { data } = await github.rest.pulls.get({ ...github.repository, pull_number: number });
  return parseResponse(pull, data, `pull request #${number}`);
}

/** Open and closed ones, from a branch of that name in the repository of that owner. @throws GitHubError */
export async function listPullsFrom(
  github: GitHub,
  owner: string,
  branch: string,
): Promise<readonly ListedPullRequest[]> {
  const head = `${owner}:${branch}`;
  const items = await github.readAll(github.rest.pulls.list, { ...github.repository, head, state: "all" });
  return items.map((item) => parseResponse(pull, item, `pull requests from ${head}`));
}
