/** Checks that GitHub has written the git object that was sent, before anything points to it. */
import * as z from "zod";
import { GitHubError } from "./github.ts";
import { parseResponse } from "./parse-response.ts";

const gitObject = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });

/**
 * @param names that the object may have
 * @param isSame reads back the object of another name: GitHub may write a message with other white space
 * @returns its name
 * @throws GitHubError `github-odd-answer`
 */
export async function verifyWritten(
  names: readonly string[],
  response: unknown,
  isSame: (sha: string) => Promise<boolean>,
): Promise<string> {
  const { sha } = parseResponse(gitObject, response, "a git object");
  if (names.includes(sha) || (await isSame(sha))) return sha;
  throw new GitHubError({
    code: "github-odd-answer",
    message: `GitHub's response names the git object ${sha}, which is not the one that was sent`,
    fix: "Re-run the job; if it happens again, look at the proxy between the runner and GitHub",
  });
}
