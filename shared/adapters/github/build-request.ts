/** Builds a request from a route and its parameters. */
import type { RouteParams } from "./github.ts";

export interface GitHubRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string | undefined;
}

/**
 * @param api root of the API, with the prefix of an Enterprise Server
 * @throws Error for a malformed route or a missing parameter: a bug of ours, not an error of GitHub
 */
export function buildRequest(api: string, route: string, params: RouteParams): GitHubRequest {
  const [, method, template] = /^(GET|POST|PATCH|PUT|DELETE) (\/\S*)$/.exec(route) ?? [];
  if (method === undefined || template === undefined) throw new Error(`"${route}" is not a route`);
  const rest = new Map(Object.entries(params).filter(([, value]) => value !== undefined));
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(params[name] ?? "");
    if (value === "") throw new Error(`${route} needs the parameter "${name}"`);
    rest.delete(name);
    // A branch or a file path keeps its slashes; a segment `..` would lead to another path.
    return value
      .split("/")
      .map((segment) => (/^\.\.?$/.test(segment) ? rejectDots(route, value) : encodeURIComponent(segment)))
      .join("/");
  });
  for (const name of ["owner", "repo"]) rest.delete(name);
  const url = new URL(api.replace(/\/+$/, "") + path);
  if (method !== "GET") {
    return { method, url, body: rest.size > 0 ? JSON.stringify(Object.fromEntries(rest)) : undefined };
  }
  for (const [name, value] of rest) url.searchParams.set(name, String(value));
  return { method, url, body: undefined };
}

function rejectDots(route: string, value: string): never {
  throw new Error(`${route} does not accept "${value}"`);
}
