/** Checks that a response has the fields a decision needs: an incomplete one is an error, never a default. */
import type * as z from "zod";
import { GitHubError } from "./github.ts";

/** @param what was requested, for the message. @throws GitHubError `github-odd-answer` */
export function parseResponse<Schema extends z.ZodType>(
  schema: Schema,
  response: unknown,
  what: string,
): z.infer<Schema> {
  const result = schema.safeParse(response);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new GitHubError({
    code: "github-odd-answer",
    message: `GitHub's response about ${what} does not match its API description, at "${issue?.path.join(".") ?? ""}"`,
    fix: "Re-run the job; if it happens again, open an issue with the version of your GitHub",
  });
}
