/**
 * GitHub's rate limits for each caller. Source: GitHub docs, "Rate limits for the REST API". Windows use the world's
 * clock, so that a test can skip an hour.
 */
import type { DescribedOperation } from "../../openapi/description.ts";
import type { Caller } from "../../world/caller.ts";
import type { World } from "../../world/world.ts";
import { RestApiError } from "../http/errors.ts";

export interface RateLimits {
  /** Requests an hour of callers without a token. */
  readonly anonymous: number;
  /** Requests an hour of a person, over all tokens. */
  readonly person: number;
  /** Requests an hour of an app's installation. */
  readonly app: number;
  /** Requests an hour of all jobs of a repository together. */
  readonly jobs: number;
  /** Requests of one caller at the same time. */
  readonly concurrent: number;
  /** Points a minute on one endpoint: a read costs 1, a write 5. */
  readonly pointsPerMinute: number;
  readonly contentPerMinute: number;
  readonly contentPerHour: number;
}

export const GITHUB_LIMITS: RateLimits = {
  anonymous: 60,
  person: 5_000,
  app: 5_000,
  jobs: 1_000,
  concurrent: 100,
  pointsPerMinute: 900,
  contentPerMinute: 80,
  contentPerHour: 500,
};

/** No limits, the default of Enterprise Server, also for load tests. */
export const NO_LIMITS = Object.fromEntries(
  Object.keys(GITHUB_LIMITS).map((name) => [name, Number.POSITIVE_INFINITY]),
) as unknown as RateLimits;

/** A caller's rate limit in the current hour. */
export interface RateLimitStatus {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly resetsAt: Date;
}

export interface Admission extends Disposable {
  /** Does not count the request: 304 responses are free. */
  refund(): void;
}

export interface RateLimiter {
  /** Counts the request; dispose it when the response was sent. @throws RestApiError 403 when a limit is reached. */
  acquire(caller: Caller | undefined, operation: DescribedOperation | undefined): Admission;
  /** The caller's rate limit; `undefined` when it has none. */
  status(caller: Caller | undefined): RateLimitStatus | undefined;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DOCUMENTATION = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";
const SECONDARY =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.";

interface Window {
  readonly startedAt: number;
  used: number;
}

export function createRateLimiter(world: World, limits: RateLimits): RateLimiter {
  const windows = new Map<string, Window>();
  const running = new Map<string, number>();
  const now = (): number => world.clock.now().getTime();

  function window(key: string, length: number): Window {
    const current = windows.get(key);
    if (current && now() - current.startedAt < length) return current;
    const fresh = { startedAt: now(), used: 0 };
    windows.set(key, fresh);
    return fresh;
  }

  function status(caller: Caller | undefined): RateLimitStatus | undefined {
    const limit = primaryLimit(limits, caller);
    if (!Number.isFinite(limit)) return undefined;
    const { startedAt, used } = window(`hour ${rateLimitKey(caller)}`, HOUR);
    return { limit, used, remaining: Math.max(0, limit - used), resetsAt: new Date(startedAt + HOUR) };
  }

  /** What the request would add to the secondary limits: the window, its length in ms, the cost and the limit. */
  function secondary(caller: Caller | undefined, operation: DescribedOperation) {
    const callerKey = rateLimitKey(caller);
    const cost = operation.method === "get" ? 1 : 5;
    const points = [`points ${callerKey} ${operation.id}`, MINUTE, cost, limits.pointsPerMinute] as const;
    if (!operation.notifies) return [points];
    return [
      points,
      [`content minute ${callerKey}`, MINUTE, 1, limits.contentPerMinute] as const,
      [`content hour ${callerKey}`, HOUR, 1, limits.contentPerHour] as const,
    ];
  }

  return {
    status,
    acquire(caller, operation) {
      // GitHub docs, "Get rate limit status": it costs nothing, and works at the limit too.
      if (operation?.id === "rate-limit/get") return { refund() {}, [Symbol.dispose]() {} };
      const callerKey = rateLimitKey(caller);
      if (status(caller)?.remaining === 0) {
        throw new RestApiError(403, primaryMessage(caller), { documentation: DOCUMENTATION });
      }
      const parallel = (running.get(callerKey) ?? 0) + 1;
      if (parallel > limits.concurrent) throw secondaryLimitError(MINUTE);
      const costs = operation ? secondary(caller, operation) : [];
      for (const [key, length, cost, ceiling] of costs) {
        const { startedAt, used } = window(key, length);
        if (used + cost > ceiling) throw secondaryLimitError(startedAt + length - now());
      }
      for (const [key, length, cost] of costs) window(key, length).used += cost;
      const hour = window(`hour ${callerKey}`, HOUR);
      hour.used += 1;
      running.set(callerKey, parallel);
      return {
        refund() {
          hour.used -= 1;
        },
        [Symbol.dispose]: () => void running.set(callerKey, (running.get(callerKey) ?? 1) - 1),
      };
    },
  };
}

function secondaryLimitError(wait: number): RestApiError {
  return new RestApiError(403, SECONDARY, {
    headers: { "retry-after": String(Math.max(1, Math.ceil(wait / 1000))) },
    documentation: `${DOCUMENTATION}#about-secondary-rate-limits`,
  });
}

function rateLimitKey(caller: Caller | undefined): string {
  if (!caller) return "anonymous";
  const { token, actor } = caller;
  if (token?.kind === "actions") return `jobs of ${token.repository?.id}`;
  return token?.kind === "app" ? `app ${token.app?.id}` : `person ${actor.id}`;
}

function primaryLimit(limits: RateLimits, caller: Caller | undefined): number {
  if (!caller) return limits.anonymous;
  if (caller.token?.kind === "actions") return limits.jobs;
  return caller.token?.kind === "app" ? limits.app : limits.person;
}

function primaryMessage(caller: Caller | undefined): string {
  if (!caller) {
    return "API rate limit exceeded for 127.0.0.1. (But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)";
  }
  const { token, actor } = caller;
  if (token?.app) return `API rate limit exceeded for installation ID ${token.app.id}.`;
  return `API rate limit exceeded for user ID ${actor.id}.`;
}
