/** A simple client of the REST API for tests: one route, its parameters, the unchanged response. */
export type ApiParameters = Readonly<Record<string, unknown>>;

export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read replies of every schema; the server has validated them.
  readonly body: any;
}

export interface ApiRequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** A raw body, instead of JSON. */
  readonly bytes?: Uint8Array<ArrayBuffer> | string;
}

/**
 * `"POST /repos/{owner}/{repo}/issues"`: placeholders are taken from the parameters; the others become the query of
 * a GET or HEAD and the JSON body of anything else. Redirects are not followed.
 */
export async function callApi(
  root: string,
  token: string | undefined,
  route: string,
  parameters: ApiParameters,
  extra: ApiRequestOptions = {},
): Promise<ApiResponse> {
  const [method = "GET", template = "/"] = route.split(" ");
  const rest = new Map(Object.entries(parameters));
  // Every call has a default repository, which only routes with these placeholders use.
  rest.delete("owner");
  rest.delete("repo");
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (parameters[name] === undefined) throw new Error(`${route} needs the parameter "${name}"`);
    rest.delete(name);
    return encodeURIComponent(String(parameters[name]));
  });
  const inQuery = method === "GET" || method === "HEAD" || extra.bytes !== undefined;
  const url = new URL(root + path);
  if (inQuery) for (const [name, value] of rest) url.searchParams.set(name, String(value));
  const json = !inQuery && rest.size > 0 ? JSON.stringify(Object.fromEntries(rest)) : undefined;
  const body = extra.bytes ?? json;
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      "user-agent": "mlops-actions-localhub",
      accept: "application/vnd.github+json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(json !== undefined && { "content-type": "application/json" }),
      ...extra.headers,
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json") && text !== "";
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
