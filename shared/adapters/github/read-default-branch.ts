/** The repository's default branch, whose workflows and policy are trusted. */
import * as z from "zod";
import type { GitHub } from "./github.ts";
import { parseResponse } from "./parse-response.ts";

const repository = z.object({ default_branch: z.string().min(1) });

/** Asked once for each client: it does not change while a step runs, and several parts of an action need it. */
const answers = new WeakMap<GitHub, Promise<string>>();

/** @throws GitHubError */
export function readDefaultBranch(github: GitHub): Promise<string> {
  const answer = answers.get(github) ?? askDefaultBranch(github);
  answers.set(github, answer);
  return answer;
}

/** What another request has shown. */
export function rememberDefaultBranch(github: GitHub, name: string): void {
  if (!answers.has(github)) answers.set(github, Promise.resolve(name));
}

async function askDefaultBranch({ rest, repository: ours }: GitHub): Promise<string> {
  const { data } = await rest.repos.get(ours);
  return parseResponse(repository, data, "the repository").default_branch;
}
