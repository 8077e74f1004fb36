/** What each fault does to a request and its outcome. */
import type { World } from "../../world/world.ts";
import { jsonOutcome, type Outcome } from "../exchange/exchange.ts";
import type { Fault, Moment } from "./faults.ts";

/** How the answer goes over the wire: whole, cut off halfway, or not at all. */
export type Wire = "whole" | "truncated" | "reset";

export interface Answered {
  readonly outcome: Outcome;
  readonly wire: Wire;
}

/**
 * Runs `answer` under the faults. A fault that strikes before the effect leaves `answer` uncalled; the first of several
 * such faults wins.
 */
export async function underFaults(
  world: World,
  faults: readonly Fault[],
  answer: () => Promise<Outcome>,
): Promise<Answered> {
  for (const fault of faults) if (fault.kind === "latency") await passed(world, fault.ms);
  const early = faults.map((fault) => replacement(world, fault, "before")).find((found) => found !== undefined);
  const answered = early ?? (await answeredUnder(world, faults, answer));
  return { ...answered, outcome: withSkew(world, answered.outcome, faults) };
}

async function answeredUnder(
  world: World,
  faults: readonly Fault[],
  answer: () => Promise<Outcome>,
): Promise<Answered> {
  const outcome = await answer();
  const late = faults.map((fault) => replacement(world, fault, "after")).find((found) => found !== undefined);
  if (late) return late;
  return { outcome, wire: faults.some((fault) => fault.kind === "truncated") ? "truncated" : "whole" };
}

/** What the client gets instead of the answer, when the fault strikes at that moment. */
function replacement(world: World, fault: Fault, moment: Moment): Answered | undefined {
  switch (fault.kind) {
    case "status":
      return (fault.when ?? "before") === moment ? whole(errorOutcome(fault.status, fault.retryAfter)) : undefined;
    case "reset":
      return fault.when === moment ? { outcome: errorOutcome(0, undefined), wire: "reset" } : undefined;
    case "secondary limit":
      return moment === "before" ? whole(limitOutcome(403, SECONDARY, retryAfter(fault.retryAfter))) : undefined;
    case "primary limit":
      return moment === "before" ? whole(primaryOutcome(world, fault)) : undefined;
    case "html":
      return moment === "after" ? whole(htmlOutcome()) : undefined;
    default:
      return undefined;
  }
}

export const whole = (outcome: Outcome): Answered => ({ outcome, wire: "whole" });
const retryAfter = (seconds: number | undefined): Record<string, string> =>
  seconds === undefined ? {} : { "retry-after": String(seconds) };

const SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
const LIMITS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";

function limitOutcome(status: number, message: string, headers: Record<string, string>): Outcome {
  return jsonOutcome(status, { message, documentation_url: LIMITS, status: String(status) }, headers);
}

function primaryOutcome(world: World, fault: Extract<Fault, { kind: "primary limit" }>): Outcome {
  const reset = Math.ceil(world.clock.now().getTime() / 1000) + fault.resetsIn;
  return limitOutcome(fault.status ?? 403, "API rate limit exceeded for user ID 1.", {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-used": "5000",
    "x-ratelimit-reset": String(reset),
  });
}

function errorOutcome(status: number, seconds: number | undefined): Outcome {
  const message = status < 500 ? SECONDARY : "Server Error";
  return jsonOutcome(status, { message, status: String(status) }, retryAfter(seconds));
}

/** What a proxy in between answers: well-formed HTTP, no JSON. */
function htmlOutcome(): Outcome {
  const page =
    "<!DOCTYPE html>\n<html><head><title>Unicorn!</title></head><body>This page is taking too long.</body></html>\n";
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: Buffer.from(page) };
}

function withSkew(world: World, outcome: Outcome, faults: readonly Fault[]): Outcome {
  const skew = faults.reduce((sum, fault) => sum + (fault.kind === "clock skew" ? fault.ms : 0), 0);
  if (skew === 0) return outcome;
  const date = new Date(world.clock.now().getTime() + skew).toUTCString();
  return { ...outcome, headers: { ...outcome.headers, date } };
}

const passed = (world: World, ms: number): Promise<void> =>
  new Promise((resolve) => void world.clock.after(ms, resolve));
