/** One request to GitHub's API, as Octokit has built it. */
import { userError } from "../../problem/problem.ts";

export interface GitHubRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/**
 * @param address complete, with its query
 * @throws ActionError when a name in it would lead to another path: `..` as a tag's name, for example
 */
export function parseAddress(address: string): URL {
  const [, path = "/"] = /^[^/]*\/\/[^/?#]*([^?#]*)/.exec(address) ?? [];
  const url = new URL(address);
  if (url.pathname === path) return url;
  throw userError({
    code: "github-name-refused",
    message: `${JSON.stringify(path)} is not a path of GitHub's API`,
    fix: 'Check the names in it: none may be "." or ".."',
  });
}

/** The request for a message: without query and body, and so without any secret. */
export function formatRequest({ method, url }: Pick<GitHubRequest, "method" | "url">, api: string): string {
  const prefix = new URL(api).pathname.replace(/\/$/, "");
  return `${method} ${decode(url.pathname.slice(prefix.length))}`;
}

/** An address in a response may be malformed. */
function decode(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
