/** Bytes behind the API: it answers with a redirect to storage, which must not see the token. */
import { failureOf } from "./failures.ts";
import { GitHubFailure, type Json, type Params } from "./github.ts";
import type { Pace } from "./pace.ts";
import { backOff, inDoubt, limitWait, MOST_TRIES } from "./patience.ts";
import { requestOf } from "./route.ts";
import type { Time } from "./time.ts";
import { type Answer, type Doubt, HEADERS, reasonOf } from "./transport.ts";

interface Surroundings {
  readonly api: string;
  readonly token: string;
  readonly repository: { readonly owner: string; readonly repo: string };
  readonly pace: Pace;
  readonly time: Time;
  readonly signal: AbortSignal;
}

/** 256 MiB: records and reports are far below; a model is fetched by its registry, not from here. */
const MOST_BYTES = 256 * 1024 * 1024;
const TIMEOUT = 5 * 60_000;
const MOST_REDIRECTS = 5;

export function createDownload(given: Surroundings): (routeOrUrl: string, params?: Params) => Promise<Uint8Array> {
  const { api, pace, time, signal } = given;
  return async (routeOrUrl, params = {}) => {
    const { route, all } = asRoute(api, routeOrUrl, { ...given.repository, ...params });
    const start = requestOf(api, route, all).url;
    for (let tries = 1; ; tries++) {
      signal.throwIfAborted();
      const result = await pace.read(() => attempt(start, given));
      if (result instanceof Uint8Array) return result;
      const wait = result.kind === "answer" ? limitWait(result, tries - 1) : undefined;
      if (tries >= MOST_TRIES || (wait === undefined && !inDoubt(result))) throw failureOf(route, all, result);
      await time.sleep(wait?.ms ?? backOff(tries, time.random), signal);
    }
  };
}

/** @throws GitHubFailure for an address that is not this API's: what a reply names is not trusted with the token */
function asRoute(api: string, routeOrUrl: string, params: Params): { readonly route: string; readonly all: Params } {
  if (!/^https?:/.test(routeOrUrl)) return { route: routeOrUrl, all: params };
  const root = `${api.replace(/\/+$/, "")}/`;
  if (!routeOrUrl.startsWith(root)) {
    throw new GitHubFailure({
      code: "github-foreign-address",
      message: `${new URL(routeOrUrl).host} is not the API of this GitHub`,
      fix: "Pass an address that this GitHub's API gave",
    });
  }
  return { route: `GET /${routeOrUrl.slice(root.length)}`, all: params };
}

async function attempt(start: URL, { token, signal }: Surroundings): Promise<Uint8Array | Answer | Doubt> {
  try {
    let url = start;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const response = await fetch(url, {
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
        headers: url.origin === start.origin ? { ...HEADERS, authorization: `Bearer ${token}` } : {},
      });
      if (response.status === 200) return await readBytes(response);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) return await refused(response);
      await response.body?.cancel();
      const next = new URL(location, url);
      if (start.protocol === "https:" && next.protocol !== "https:") {
        return { kind: "doubt", why: `it was redirected to ${next.origin}, which is not encrypted` };
      }
      url = next;
    }
    return { kind: "doubt", why: `it was redirected more than ${MOST_REDIRECTS} times` };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GitHubFailure) throw error;
    return { kind: "doubt", why: reasonOf(error) };
  }
}

async function readBytes(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MOST_BYTES) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const tooLarge = (): GitHubFailure =>
  new GitHubFailure({
    code: "download-too-large",
    message: `the download has more than ${MOST_BYTES / 1024 / 1024} MiB`,
    fix: "Keep what is handed over between jobs small: records, not data or models",
  });

async function refused(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const text = await response.text();
  let data: Json = null;
  try {
    data = JSON.parse(text) as Json;
  } catch {
    // Storage answers in XML; its status says enough.
  }
  return { kind: "answer", status, headers, data };
}
