/** Turns GitHub's error responses into messages for a user. */
import { GitHubError } from "./github.ts";
import { type GitHubResponse, getResponseMessage, type NoResponse } from "./response.ts";
import { isRetryable } from "./retry.ts";

/**
 * For a response that is not a success, after all retries.
 *
 * @param request its method and path
 */
export function toGitHubError(request: string, result: GitHubResponse | NoResponse): GitHubError {
  if (result.kind === "no-response") {
    return new GitHubError({
      code: "github-unreachable",
      message: `${request}: ${result.reason}`,
      fix: "Re-run the job when GitHub, the network and the proxy work again",
    });
  }
  const reason = getResponseMessage(result);
  const message = `${request} responded with ${result.status}${reason && `: ${reason}`}`;
  const fail = (code: string, fix: string): GitHubError => new GitHubError({ code, message, fix }, result.status);
  if (isRetryable(result)) return fail("github-unreachable", "Re-run the job when GitHub works again");
  switch (result.status) {
    case 401:
      return fail("token-invalid", "Check the input token: it may have expired, or may not be a token");
    case 403:
      return fail("permission-missing", permissionFix(result.headers.get("x-accepted-github-permissions")));
    case 404:
      return fail("github-not-found", "Check that it exists and that the token may read it");
    case 409:
      return fail("github-conflict", "Someone else changed it at the same time: re-run the job");
    case 422:
      return fail("github-unprocessable", "Compare the workflow's inputs with GitHub's reason");
    default:
      return fail("github-refused", "Check the workflow's inputs and the token");
  }
}

/** From `issues=write; pull_requests=write,contents=read`: alternatives, each a complete set of permissions. */
function permissionFix(accepted: string | null): string {
  const sets = (accepted ?? "")
    .split(";")
    .map((set) => set.split(",").flatMap((member) => permissionLine(member.trim()) ?? []))
    .filter((lines) => lines.length > 0);
  // For a pull request, the permission pull-requests allows more than issues; GitHub lists both.
  const [wanted] = sets.toSorted((a, b) => Number(isForPulls(b)) - Number(isForPulls(a)));
  if (wanted === undefined) return 'Give the job the "permissions:" this action\'s README lists';
  const note = "for a pull request from a fork the token can only read";
  return `Add under "permissions:" of the job: ${wanted.join(" and ")} (${note})`;
}

const isForPulls = (lines: readonly string[]): boolean => lines.some((line) => line.startsWith("pull-requests:"));

function permissionLine(member: string): string | undefined {
  const [, name, access] = /^([a-z_]+)=(read|write|admin)$/.exec(member) ?? [];
  if (name === undefined || name === "metadata") return undefined;
  return `${name.replaceAll("_", "-")}: ${access}`;
}
