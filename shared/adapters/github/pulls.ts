/** Pull requests, with what is needed to find the right one. */
import * as z from "zod";
import type { ListedPullRequest } from "../../core/comment/comment-target.ts";
import type { GitHub } from "./github.ts";
import { parseResponse } from "./parse-response.ts";

const pull = z
  .object({
    number: z.int().positive(),
    state: z.string(),
    head: z.object({ sha: z.string(), ref: z.string(), repo: z.object({ id: z.int() }).nullable() }),
  })
  .transform(
    ({ number, state, head }): ListedPullRequest => ({
      number,
      open: state === "open",
      head: { sha: head.sha, branch: head.ref, repositoryId: head.repo?.id },
    }),
  );

/** @throws GitHubError */
export async function readPull(github: GitHub, number: number): Promise<ListedPullRequest> {
  const response = await github.read("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number });
  return parseResponse(pull, response, `pull request #${number}`);
}

/** Open and closed ones, from a branch of that name in the repository of that owner. @throws GitHubError */
export async function listPullsFrom(
  github: GitHub,
  owner: string,
  branch: string,
): Promise<readonly ListedPullRequest[]> {
  const filter = { head: `${owner}:${branch}`, state: "all" };
  const items = await github.readAll("GET /repos/{owner}/{repo}/pulls", filter);
  return items.map((item) => parseResponse(pull, item, `pull requests from ${filter.head}`));
}
