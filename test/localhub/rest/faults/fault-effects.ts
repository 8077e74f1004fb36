/** What each fault does to a request and its outcome. */
import type { World } from "../../world/world.ts";
import { type HttpResponse, jsonResponse } from "../http/http-messages.ts";
import type { Fault, FaultTiming } from "./faults.ts";

/** How the answer goes over the wire: whole, cut off halfway, or not at all. */
export type Delivery = "whole" | "truncated" | "reset";

export interface DeliveredResponse {
  readonly response: HttpResponse;
  readonly delivery: Delivery;
}

/**
 * Runs `answer` under the faults. A fault that strikes before the effect leaves `answer` uncalled; the first of several
 * such faults wins.
 */
export async function applyFaults(
  world: World,
  faults: readonly Fault[],
  answer: () => Promise<HttpResponse>,
): Promise<DeliveredResponse> {
  for (const fault of faults) if (fault.kind === "latency") await waitOnClock(world, fault.ms);
  const early = faults.map((fault) => replacement(world, fault, "before")).find((found) => found !== undefined);
  const answered = early ?? (await applyLateFaults(world, faults, answer));
  return { ...answered, response: withSkew(world, answered.response, faults) };
}

async function applyLateFaults(
  world: World,
  faults: readonly Fault[],
  answer: () => Promise<HttpResponse>,
): Promise<DeliveredResponse> {
  const outcome = await answer();
  const late = faults.map((fault) => replacement(world, fault, "after")).find((found) => found !== undefined);
  if (late) return late;
  return { response: outcome, delivery: faults.some((fault) => fault.kind === "truncated") ? "truncated" : "whole" };
}

/** What the client gets instead of the answer, when the fault strikes at that moment. */
function replacement(world: World, fault: Fault, moment: FaultTiming): DeliveredResponse | undefined {
  switch (fault.kind) {
    case "status":
      return (fault.when ?? "before") === moment
        ? deliverWhole(errorOutcome(fault.status, fault.retryAfter))
        : undefined;
    case "reset":
      return fault.when === moment ? { response: errorOutcome(0, undefined), delivery: "reset" } : undefined;
    case "secondary limit":
      return moment === "before" ? deliverWhole(limitOutcome(403, SECONDARY, retryAfter(fault.retryAfter))) : undefined;
    case "primary limit":
      return moment === "before" ? deliverWhole(primaryOutcome(world, fault)) : undefined;
    case "html":
      return moment === "after" ? deliverWhole(htmlOutcome()) : undefined;
    default:
      return undefined;
  }
}

export const deliverWhole = (outcome: HttpResponse): DeliveredResponse => ({ response: outcome, delivery: "whole" });
const retryAfter = (seconds: number | undefined): Record<string, string> =>
  seconds === undefined ? {} : { "retry-after": String(seconds) };

const SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
const LIMITS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";

function limitOutcome(status: number, message: string, headers: Record<string, string>): HttpResponse {
  return jsonResponse(status, { message, documentation_url: LIMITS, status: String(status) }, headers);
}

function primaryOutcome(world: World, fault: Extract<Fault, { kind: "primary limit" }>): HttpResponse {
  const reset = Math.ceil(world.clock.now().getTime() / 1000) + fault.resetsIn;
  return limitOutcome(fault.status ?? 403, "API rate limit exceeded for user ID 1.", {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-used": "5000",
    "x-ratelimit-reset": String(reset),
  });
}

function errorOutcome(status: number, seconds: number | undefined): HttpResponse {
  const message = status < 500 ? SECONDARY : "Server Error";
  return jsonResponse(status, { message, status: String(status) }, retryAfter(seconds));
}

/** What a proxy in between answers: well-formed HTTP, no JSON. */
function htmlOutcome(): HttpResponse {
  const page =
    "<!DOCTYPE html>\n<html><head><title>Unicorn!</title></head><body>This page is taking too long.</body></html>\n";
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: Buffer.from(page) };
}

function withSkew(world: World, outcome: HttpResponse, faults: readonly Fault[]): HttpResponse {
  const skew = faults.reduce((sum, fault) => sum + (fault.kind === "clock skew" ? fault.ms : 0), 0);
  if (skew === 0) return outcome;
  const date = new Date(world.clock.now().getTime() + skew).toUTCString();
  return { ...outcome, headers: { ...outcome.headers, date } };
}

const waitOnClock = (world: World, ms: number): Promise<void> =>
  new Promise((resolve) => void world.clock.after(ms, resolve));
