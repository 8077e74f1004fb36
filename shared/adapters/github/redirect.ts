/** Where a redirect leads. One that is not followed is final: trying again would lead to the same place. */
import { GitHubError } from "./github.ts";
import type { GitHubRequest } from "./request.ts";

/** @throws GitHubError `github-redirect-refused` when the response names no address */
export function readLocation(response: Response, request: GitHubRequest, from: URL): URL {
  const address = response.headers.get("location") || "missing:";
  const location = URL.canParse(address, from.href) ? new URL(address, from) : undefined;
  if (location !== undefined && /^https?:$/.test(location.protocol)) return location;
  throw redirectError(request, "without an address to follow");
}

/** @param where what is wrong with it, as in "to another host, x.example" */
export const redirectError = ({ method, url }: GitHubRequest, where: string): GitHubError =>
  new GitHubError({
    code: "github-redirect-refused",
    message: `${method} ${url.pathname} was redirected ${where}`,
    fix: "Check the address of GitHub's API and the proxy: one of them leads elsewhere",
  });
