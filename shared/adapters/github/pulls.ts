/** Pull requests, as far as finding the right one takes. */
import * as z from "zod";
import type { Pull } from "../../core/comment/subject.ts";
import type { GitHub } from "./github.ts";

const pull = z
  .object({
    number: z.int().positive(),
    state: z.string(),
    head: z.object({ sha: z.string(), ref: z.string(), repo: z.object({ id: z.int() }).nullable() }),
  })
  .transform(
    ({ number, state, head }): Pull => ({
      number,
      open: state === "open",
      head: { sha: head.sha, branch: head.ref, repositoryId: head.repo?.id },
    }),
  );

/** @throws GitHubFailure */
export async function readPull(github: GitHub, number: number): Promise<Pull> {
  return pull.parse(await github.read("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number }));
}

/** Open and closed ones, from a branch of that name in the repository of that owner. @throws GitHubFailure */
export async function pullsFrom(github: GitHub, owner: string, branch: string): Promise<readonly Pull[]> {
  const filter = { head: `${owner}:${branch}`, state: "all" };
  return z.array(pull).parse(await github.readAll("GET /repos/{owner}/{repo}/pulls", filter));
}
