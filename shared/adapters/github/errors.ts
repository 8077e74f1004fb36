/** What GitHub's refusals mean for the person whose workflow met them. */

import { buildRequest } from "./build-request.ts";
import { GitHubError, type RouteParams } from "./github.ts";
import { getResponseMessage, isRetryable } from "./retry.ts";
import type { GitHubResponse, NoResponse } from "./transport.ts";

/** For an answer that is no success and will not become one by asking again. */
export function toGitHubError(route: string, params: RouteParams, result: GitHubResponse | NoResponse): GitHubError {
  const what = formatRequest(route, params);
  if (result.kind === "no-response") {
    return new GitHubError({
      code: "github-unreachable",
      message: `${what}: ${result.reason}`,
      fix: "Re-run the job when GitHub, the network or the proxy answers again",
    });
  }
  const said = getResponseMessage(result);
  const message = `${what} answered ${result.status}${said && `: ${said}`}`;
  const fail = (code: string, fix: string): GitHubError =>
    new GitHubError({ code, message, fix }, result.status, result.data);
  if (isRetryable(result)) return fail("github-unreachable", "Re-run the job when GitHub answers again");
  switch (result.status) {
    case 401:
      return fail("token-invalid", "Check the token input: it may have expired, or hold something else");
    case 403:
      return fail("permission-missing", permissionFix(result.headers.get("x-accepted-github-permissions")));
    case 404:
      return fail("github-not-found", "Check that it exists and that the token may see it");
    case 409:
      return fail("github-conflict", "Somebody changed it at the same time: re-run the job");
    case 422:
      return fail("github-unprocessable", "Check what the workflow asks for against what GitHub says");
    default:
      return fail("github-refused", "Check the workflow's inputs and the token");
  }
}

/** `issues=write; pull_requests=write,contents=read`: sets to choose from, each with all it takes. */
function permissionFix(accepted: string | null): string {
  const sets = (accepted ?? "")
    .split(";")
    .map((set) => set.split(",").flatMap((member) => permissionLine(member.trim()) ?? []))
    .filter((lines) => lines.length > 0);
  // A pull request can do more with pull-requests than with issues; GitHub lists either.
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

/** The route with its placeholders filled, without query and body: enough to know which, and never a secret. */
function formatRequest(route: string, params: RouteParams): string {
  const { method, url } = buildRequest("https://api.invalid", route, params);
  return `${method} ${decodeURI(url.pathname)}`;
}
