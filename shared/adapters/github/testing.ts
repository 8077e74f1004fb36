/** For tests of GitHub adapters: a client of the local GitHub, time that passes only in waits, a silent log. */
import type { LocalGitHub } from "@mlops-actions/localhub";
import { createGitHub, type GitHubOptions } from "./client.ts";
import type { GitHub } from "./github.ts";
import { getOctokit } from "./octokit.ts";
import type { Time } from "./time.ts";

export interface FakeTime extends Time {
  /** The length of each wait, in ms. */
  readonly waits: readonly number[];
}

/** Never really sleeps; `random` is always 0.5. */
export function createFakeTime(): FakeTime {
  const waits: number[] = [];
  let now = 0;
  return {
    waits,
    now: () => now,
    random: () => 0.5,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}

export const silentLog = { info(): void {} };

/** A client of the hub's repository as its owner, unless the options say otherwise. */
export function createTestClient(hub: LocalGitHub, options: Partial<GitHubOptions> = {}): GitHub {
  return createGitHub({
    getOctokit,
    token: hub.token,
    context: { urls: { api: hub.apiUrl }, repository: hub.repository.fullName },
    log: silentLog,
    signal: new AbortController().signal,
    time: createFakeTime(),
    ...options,
  });
}

export type Fault = Parameters<LocalGitHub["faults"]["next"]>[1];

/** The first request that matches is answered with this body, and never reaches GitHub. */
export interface Lie {
  /** As in `POST /git/refs`: the method, and what the path contains. */
  readonly to: string;
  readonly answer: unknown;
}

/** A client of a GitHub that lies once. */
export function createDeceivedClient(hub: LocalGitHub, { to, answer }: Lie): GitHub {
  const [method, path = ""] = to.split(" ");
  let told = false;
  const lie = (fetch: Fetch): Fetch => {
    return async (url, init) => {
      if (told || init?.method !== method || !String(url).includes(path)) return fetch(url, init);
      told = true;
      const headers = { "content-type": "application/json" };
      return Object.defineProperty(new Response(JSON.stringify(answer), { headers }), "url", { value: String(url) });
    };
  };
  return createTestClient(hub, {
    getOctokit: (token, options) => getOctokit(token, { ...options, request: { fetch: lie(options.request.fetch) } }),
  });
}

type Fetch = typeof fetch;
