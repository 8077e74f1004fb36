/** Commit statuses: what counts for a pull request where no job of its own does. */
import * as z from "zod";
import type { GitHub } from "./github.ts";
import { parseResponse } from "./parse-response.ts";

export interface CommitStatus {
  readonly context: string;
  readonly state: "error" | "failure" | "pending" | "success";
  /** Cut to what GitHub takes. */
  readonly description: string;
  /** The page of the run that says more. */
  readonly url: string;
}

const MAX_DESCRIPTION_LENGTH = 140;

const listed = z.object({
  context: z.string(),
  state: z.enum(["error", "failure", "pending", "success"]),
  description: z.string().nullable(),
  target_url: z.string().nullable(),
});

/** The newest one of that name; names differ by more than case. @throws GitHubError */
export async function readCommitStatus(github: GitHub, sha: string, name: string): Promise<CommitStatus | undefined> {
  const { listCommitStatusesForRef } = github.rest.repos;
  const items = await github.readAll(listCommitStatusesForRef, { ...github.repository, ref: sha });
  const found = items
    .map((item) => parseResponse(listed, item, `the statuses of ${sha}`))
    .find(({ context }) => context.toLowerCase() === name.toLowerCase());
  if (found === undefined) return undefined;
  const { context, state, description, target_url: url } = found;
  return { context, state, description: description ?? "", url: url ?? "" };
}

/** @throws GitHubError */
export async function writeCommitStatus(github: GitHub, sha: string, status: CommitStatus): Promise<void> {
  const description = [...status.description].slice(0, MAX_DESCRIPTION_LENGTH).join("");
  const { state, context, url } = status;
  await github.writeOnce({
    async send() {
      const { createCommitStatus } = github.rest.repos;
      await createCommitStatus({ ...github.repository, sha, state, context, description, target_url: url });
      return true;
    },
    async find() {
      const found = await readCommitStatus(github, sha, context);
      return found?.state === state && found.description === description && found.url === url ? true : undefined;
    },
  });
}
