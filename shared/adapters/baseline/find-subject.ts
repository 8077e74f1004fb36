/** Asks GitHub for what `subjectOf` needs to know. */
import * as z from "zod";
import type { Subject } from "../../core/gate/subject.ts";
import { subjectOf } from "../../core/gate/subject.ts";
import type { Occasion } from "../../core/policy/trusted-ref.ts";
import type { GitHub } from "../github/github.ts";
import { shaped } from "../github/shape.ts";

const gitCommit = z.object({ parents: z.array(z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) })) });

/** @param trusted the commit the policy was read from. @throws ActionFailure `gate-no-subject`; GitHubFailure */
export async function findSubject(github: GitHub, occasion: Occasion, trusted: string): Promise<Subject> {
  const route = "GET /repos/{owner}/{repo}/git/commits/{commit_sha}";
  const answer = shaped(gitCommit, await github.read(route, { commit_sha: occasion.sha }), `commit ${occasion.sha}`);
  const parents = answer.parents.map(({ sha }) => sha);
  return subjectOf(occasion, trusted, parents);
}
