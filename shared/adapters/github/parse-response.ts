/** What GitHub says, held to the shape a decision needs: half an answer is a failure, never a default. */
import type * as z from "zod";
import { GitHubError, type Json } from "./github.ts";

/** @param what was asked for, for the message. @throws GitHubError `github-odd-answer` */
export function parseResponse<Schema extends z.ZodType>(schema: Schema, answer: Json, what: string): z.infer<Schema> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new GitHubError({
    code: "github-odd-answer",
    message: `GitHub's answer about ${what} is not what its description says, at "${issue?.path.join(".") ?? ""}"`,
    fix: "Re-run the job; if it stays, open an issue with the version of your GitHub",
  });
}
