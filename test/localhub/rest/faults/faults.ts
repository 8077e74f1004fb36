/**
 * Injected faults. A fault applies to the requests of its matcher: the next ones, all of them, or a seeded share.
 *
 *     server.faults.next({ operation: "issues/create-comment" }, { kind: "status", status: 502, when: "after" });
 *     server.faults.always({ method: "GET" }, { kind: "latency", ms: 200 });
 *     server.faults.chance(0.1, 42, {}, { kind: "reset", when: "before" });
 */

export type Fault =
  | { readonly kind: "latency"; readonly ms: number }
  /** An error status; `after`: the request has taken effect anyway. */
  | {
      readonly kind: "status";
      readonly status: 403 | 429 | 500 | 502 | 503 | 504;
      readonly when?: FaultTiming;
      /** Seconds for `retry-after`; no such header when absent. */
      readonly retryAfter?: number;
    }
  /** GitHub's 403 for too many requests at a time, with or without `retry-after` (seconds). */
  | { readonly kind: "secondary limit"; readonly retryAfter?: number }
  /** The primary limit is used up: `x-ratelimit-remaining: 0`, reset in `resetsIn` seconds. */
  | { readonly kind: "primary limit"; readonly status?: 403 | 429; readonly resetsIn: number }
  /** The connection is reset before the request took effect, or after. */
  | { readonly kind: "reset"; readonly when: FaultTiming }
  /** The body ends halfway, though `content-length` is the full length. */
  | { readonly kind: "truncated" }
  /** A page of HTML with status 200 instead of the response; the request has taken effect. */
  | { readonly kind: "html" }
  /**
   * The request is checked, answered with a success, and changes nothing. The answer shows the change; or, where it can, the
   * object in the state before, or the name of another git object than the one that was sent.
   */
  | { readonly kind: "no effect"; readonly shows: "the change" | "the state before" | "another object" }
  /** One value of a JSON success has another type or is missing; the request has taken effect. The seed chooses which. */
  | { readonly kind: "wrong types"; readonly seed: number }
  /** 404, whether the object exists or not. */
  | { readonly kind: "not found" }
  /** Status 200 with a body that says nothing. */
  | { readonly kind: "empty"; readonly body: "" | "null" | "{}" | "[]"; readonly when: FaultTiming }
  /** So much white space before the response; `endless`: nothing else, until the client hangs up. */
  | { readonly kind: "huge"; readonly megabytes: number | "endless" }
  /** A redirect; without an address when `to` is absent. The request has no effect. */
  | { readonly kind: "redirect"; readonly status: 301 | 302 | 307 | 308; readonly to?: string }
  /** The `Link` header names this as the next page of the list; the same page again when absent. */
  | { readonly kind: "foreign link"; readonly to?: string }
  /**
   * Lists are returned in the state of so many requests of the same list, or so many milliseconds, ago. States are kept
   * from the first such fault on; 0 requests only keeps them.
   */
  | { readonly kind: "list lag"; readonly requests: number }
  | { readonly kind: "list lag"; readonly ms: number }
  /** The `Date` header is off by so many milliseconds. */
  | { readonly kind: "clock skew"; readonly ms: number };

export type FaultTiming = "before" | "after";

/** Which requests a fault applies to; absent fields match everything. */
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
  /** Applies to the next matching request, or the next `times` of them, after the first `skip` ones. */
  next(matcher: FaultMatcher, fault: Fault, times?: number, skip?: number): Disposable;
  /** Applies to every matching request until disposed. */
  always(matcher: FaultMatcher, fault: Fault): Disposable;
  /** Applies to matching requests with this probability; the same seed gives the same requests. */
  chance(probability: number, seed: number, matcher: FaultMatcher, fault: Fault): Disposable;
  /** Removes all faults. */
  clear(): void;
}

/** The interface to the faults for the server. */
export interface FaultSource {
  /** The faults for this request, in the order they were set. Counts them as used. */
  takeMatching(target: FaultTarget): readonly Fault[];
}

interface FaultRule {
  readonly matcher: FaultMatcher;
  readonly fault: Fault;
  /** Whether the rule applies to this matching request. Counts the request. */
  readonly consume: () => boolean;
}

export function createFaults(): Faults & FaultSource {
  const rules = new Set<FaultRule>();

  function add(rule: FaultRule): Disposable {
    rules.add(rule);
    return { [Symbol.dispose]: () => void rules.delete(rule) };
  }

  return {
    next(matcher, fault, times = 1, skip = 0) {
      let seen = 0;
      const rule: FaultRule = {
        matcher,
        fault,
        consume() {
          seen += 1;
          if (seen >= skip + times) rules.delete(rule);
          return seen > skip;
        },
      };
      return add(rule);
    },
    always: (matcher, fault) => add({ matcher, fault, consume: () => true }),
    chance(probability, seed, matcher, fault) {
      const random = seededRandom(seed);
      return add({ matcher, fault, consume: () => random() < probability });
    },
    clear: () => rules.clear(),
    takeMatching: (target) =>
      [...rules].filter(({ matcher, consume }) => matches(matcher, target) && consume()).map(({ fault }) => fault),
  };
}

function matches({ operation, method, path }: FaultMatcher, target: FaultTarget): boolean {
  if (operation !== undefined && operation !== target.operation) return false;
  if (method !== undefined && method.toUpperCase() !== target.method) return false;
  if (path === undefined) return true;
  return typeof path === "string" ? path === target.path : path.test(target.path);
}

/** A small deterministic generator (mulberry32): numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The faults of a request as text for the journal. */
export function formatFaults(faults: readonly Fault[]): string | undefined {
  if (faults.length === 0) return undefined;
  return faults
    .map((fault) => {
      const status = "status" in fault && fault.status !== undefined ? ` ${fault.status}` : "";
      return `${fault.kind}${status}${"when" in fault && fault.when ? ` ${fault.when}` : ""}`;
    })
    .join(", ");
}
