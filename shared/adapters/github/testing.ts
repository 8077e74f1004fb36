/** For tests of what talks to GitHub: a client of a local GitHub, time that passes only when somebody waits, a quiet log. */
import type { LocalGitHub } from "../../../test/localhub/index.ts";
import type { Log } from "../../action/log.ts";
import { createGitHub, type GitHubOptions } from "./client.ts";
import type { GitHub } from "./github.ts";
import type { Time } from "./time.ts";

export interface RecordedTime extends Time {
  /** How long was waited, each time. */
  readonly waits: readonly number[];
}

/** Never really sleeps; chance is always in the middle. */
export function recordedTime(): RecordedTime {
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

export const quietLog: Log = { info() {}, notice() {}, warn() {}, error() {}, group: (_, work) => work() };

/** A client of the hub's repository as its owner, or with what is given instead. */
export function clientOf(hub: LocalGitHub, options: Partial<GitHubOptions> = {}): GitHub {
  return createGitHub({
    token: hub.token,
    context: { urls: { api: hub.apiUrl, server: hub.url }, repository: hub.repository.fullName },
    log: quietLog,
    signal: new AbortController().signal,
    time: recordedTime(),
    ...options,
  });
}

export type Fault = Parameters<LocalGitHub["faults"]["next"]>[1];
