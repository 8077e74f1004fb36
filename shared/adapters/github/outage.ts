/** Whether GitHub could not be asked just now, which says nothing about what was asked. */
import { GitHubError } from "./github.ts";

/** No response, a broken or incomplete one, an error inside GitHub, a used-up limit, an expired token. */
const OUTAGES: ReadonlySet<string> = new Set([
  ...["github-unreachable", "github-odd-answer", "github-list-incomplete", "rate-limited", "token-invalid"],
]);

export const isOutage = (error: unknown): error is GitHubError =>
  error instanceof GitHubError && OUTAGES.has(error.code);
