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
