/** The repository's default branch, whose workflows and policy are trusted. */
import * as z from "zod";
import type { GitHub } from "./github.ts";
import { parseResponse } from "./parse-response.ts";

const repository = z.object({ default_branch: z.string().min(1) });

/** @throws GitHubError */
export async function readDefaultBranch({ rest, repository: ours }: GitHub): Promise<string> {
  const { data } = await rest.repos.get(ours);
  return parseResponse(repository, data, "the repository").default_branch;
}
