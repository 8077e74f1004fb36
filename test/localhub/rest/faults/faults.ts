/**
 * Faults on demand. A fault hits requests that its matcher names: the next ones, all of them, or a seeded share.
 *
 *     server.faults.next({ operation: "issues/create-comment" }, { kind: "status", status: 502, when: "after" });
 *     server.faults.always({ method: "GET" }, { kind: "latency", ms: 200 });
 *     server.faults.chance(0.1, 42, {}, { kind: "reset", when: "before" });
 */

export type Fault =
  | { readonly kind: "latency"; readonly ms: number }
  /** An error status; `after`: the request has taken effect all the same. */
  | {
      readonly kind: "status";
      readonly status: 403 | 429 | 500 | 502 | 503 | 504;
      readonly when?: FaultTiming;
      /** Seconds for `retry-after`; no such header when absent. */
      readonly retryAfter?: number;
    }
  /** GitHub's 403 for asking too fast, with or without `retry-after` (seconds). */
  | { readonly kind: "secondary limit"; readonly retryAfter?: number }
  /** The primary limit is used up: `x-ratelimit-remaining: 0`, reset in so many seconds. */
  | { readonly kind: "primary limit"; readonly status?: 403 | 429; readonly resetsIn: number }
  /** The connection is reset before the request took effect, or after. */
  | { readonly kind: "reset"; readonly when: FaultTiming }
  /** The body ends halfway, though `content-length` promises all of it. */
  | { readonly kind: "truncated" }
  /** A page of HTML with status 200 in place of the answer; the request has taken effect. */
  | { readonly kind: "html" }
  /** Lists answer as they were so many requests of the same list, or so many milliseconds, ago. */
  | { readonly kind: "list lag"; readonly requests: number }
  | { readonly kind: "list lag"; readonly ms: number }
  /** The `Date` header is off by so many milliseconds. */
  | { readonly kind: "clock skew"; readonly ms: number };

export type FaultTiming = "before" | "after";

/** Which requests a fault is for; what is absent matches everything. */
export interface FaultMatcher {
  /** GitHub's operation id. */
  readonly operation?: string;
  readonly method?: string;
  /** The path below the API prefix. */
  readonly path?: string | RegExp;
}

export interface FaultTarget {
  readonly operation: string | undefined;
  readonly method: string;
  readonly path: string;
}

export interface Faults {
  /** Hits the next matching request, or the next `times` of them. */
  next(matcher: FaultMatcher, fault: Fault, times?: number): Disposable;
  /** Hits every matching request until disposed. */
  always(matcher: FaultMatcher, fault: Fault): Disposable;
  /** Hits matching requests with this probability; the same seed gives the same requests. */
  chance(probability: number, seed: number, matcher: FaultMatcher, fault: Fault): Disposable;
  /** Takes all faults away. */
  clear(): void;
}

/** The side of the faults that the server asks. */
export interface FaultSource {
  /** The faults this request meets, in the order they were set. Counts them as met. */
  takeMatching(target: FaultTarget): readonly Fault[];
}

interface FaultRule {
  readonly matcher: FaultMatcher;
  readonly fault: Fault;
  /** Whether the rule hits this matching request. */
  readonly hits: () => boolean;
}

export function createFaults(): Faults & FaultSource {
  const rules = new Set<FaultRule>();

  function add(rule: FaultRule): Disposable {
    rules.add(rule);
    return { [Symbol.dispose]: () => void rules.delete(rule) };
  }

  return {
    next(matcher, fault, times = 1) {
      let left = times;
      const rule: FaultRule = {
        matcher,
        fault,
        hits() {
          left -= 1;
          if (left <= 0) rules.delete(rule);
          return true;
        },
      };
      return add(rule);
    },
    always: (matcher, fault) => add({ matcher, fault, hits: () => true }),
    chance(probability, seed, matcher, fault) {
      const random = seededRandom(seed);
      return add({ matcher, fault, hits: () => random() < probability });
    },
    clear: () => rules.clear(),
    takeMatching: (target) =>
      [...rules].filter(({ matcher, hits }) => matches(matcher, target) && hits()).map(({ fault }) => fault),
  };
}

function matches({ operation, method, path }: FaultMatcher, target: FaultTarget): boolean {
  if (operation !== undefined && operation !== target.operation) return false;
  if (method !== undefined && method.toUpperCase() !== target.method) return false;
  if (path === undefined) return true;
  return typeof path === "string" ? path === target.path : path.test(target.path);
}

/** A small deterministic generator (mulberry32): numbers in [0, 1). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How the journal names the faults of a request. */
export function formatFaults(faults: readonly Fault[]): string | undefined {
  if (faults.length === 0) return undefined;
  return faults
    .map((fault) => {
      const status = "status" in fault && fault.status !== undefined ? ` ${fault.status}` : "";
      return `${fault.kind}${status}${"when" in fault && fault.when ? ` ${fault.when}` : ""}`;
    })
    .join(", ");
}
