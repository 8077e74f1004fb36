/** What each fault does to a request and its response. */
import type { World } from "../../world/world.ts";
import { EMPTY_BODY, type HttpResponse, jsonResponse } from "../http/http-messages.ts";
import type { Fault, FaultTiming } from "./faults.ts";
import { distort } from "./wrong-response.ts";

/** How the response is sent: whole, cut off halfway, not at all, or as white space without end. */
export type Delivery = "whole" | "truncated" | "reset" | "endless";

export interface DeliveredResponse {
  readonly response: HttpResponse;
  readonly delivery: Delivery;
}

/**
 * Calls `respond` with the faults applied. With a fault before the effect, `respond` is not called; the first of
 * several such faults wins. `url` is the request's own.
 */
export async function applyFaults(
  world: World,
  faults: readonly Fault[],
  url: URL,
  respond: () => Promise<HttpResponse>,
): Promise<DeliveredResponse> {
  for (const fault of faults) if (fault.kind === "latency") await waitOnClock(world, fault.ms);
  const early = faults.map((fault) => replacement(world, fault, "before")).find((found) => found !== undefined);
  const delivered = early ?? (await applyLateFaults(world, faults, url, respond));
  return { ...delivered, response: withSkew(world, delivered.response, faults) };
}

async function applyLateFaults(
  world: World,
  faults: readonly Fault[],
  url: URL,
  respond: () => Promise<HttpResponse>,
): Promise<DeliveredResponse> {
  const response = await respond();
  const late = faults.map((fault) => replacement(world, fault, "after")).find((found) => found !== undefined);
  if (late) return late;
  return { response: distort(response, faults, url), delivery: deliveryUnder(faults) };
}

function deliveryUnder(faults: readonly Fault[]): Delivery {
  if (faults.some((fault) => fault.kind === "huge" && fault.megabytes === "endless")) return "endless";
  return faults.some((fault) => fault.kind === "truncated") ? "truncated" : "whole";
}

/** The response that replaces the real one, when the fault applies at this time. */
function replacement(world: World, fault: Fault, timing: FaultTiming): DeliveredResponse | undefined {
  switch (fault.kind) {
    case "status":
      return (fault.when ?? "before") === timing
        ? deliverWhole(errorResponse(fault.status, fault.retryAfter))
        : undefined;
    case "reset":
      return fault.when === timing ? { response: errorResponse(0, undefined), delivery: "reset" } : undefined;
    case "secondary limit":
      return timing === "before"
        ? deliverWhole(limitResponse(403, SECONDARY, retryAfter(fault.retryAfter)))
        : undefined;
    case "primary limit":
      return timing === "before" ? deliverWhole(primaryLimitResponse(world, fault)) : undefined;
    case "html":
      return timing === "after" ? deliverWhole(htmlResponse()) : undefined;
    case "not found":
      return timing === "before" ? deliverWhole(notFoundResponse()) : undefined;
    case "redirect":
      return timing === "before" ? deliverWhole(redirectResponse(fault)) : undefined;
    case "empty":
      return fault.when === timing ? deliverWhole(emptyResponse(fault.body)) : undefined;
    default:
      return undefined;
  }
}

export const deliverWhole = (response: HttpResponse): DeliveredResponse => ({ response, delivery: "whole" });
const retryAfter = (seconds: number | undefined): Record<string, string> =>
  seconds === undefined ? {} : { "retry-after": String(seconds) };

const SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
const LIMITS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";

function limitResponse(status: number, message: string, headers: Record<string, string>): HttpResponse {
  return jsonResponse(status, { message, documentation_url: LIMITS, status: String(status) }, headers);
}

function primaryLimitResponse(world: World, fault: Extract<Fault, { kind: "primary limit" }>): HttpResponse {
  const reset = Math.ceil(world.clock.now().getTime() / 1000) + fault.resetsIn;
  return limitResponse(fault.status ?? 403, "API rate limit exceeded for user ID 1.", {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-used": "5000",
    "x-ratelimit-reset": String(reset),
  });
}

function errorResponse(status: number, seconds: number | undefined): HttpResponse {
  const message = status < 500 ? SECONDARY : "Server Error";
  return jsonResponse(status, { message, status: String(status) }, retryAfter(seconds));
}

/** The response of a proxy: well-formed HTTP, not JSON. */
function htmlResponse(): HttpResponse {
  const page =
    "<!DOCTYPE html>\n<html><head><title>Unicorn!</title></head><body>This page is taking too long.</body></html>\n";
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: Buffer.from(page) };
}

const notFoundResponse = (): HttpResponse =>
  jsonResponse(404, { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" });

const redirectResponse = ({ status, to }: Extract<Fault, { kind: "redirect" }>): HttpResponse => ({
  status,
  headers: to === undefined ? {} : { location: to },
  body: EMPTY_BODY,
});

const emptyResponse = (text: string): HttpResponse => ({
  status: 200,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: Buffer.from(text),
});

function withSkew(world: World, response: HttpResponse, faults: readonly Fault[]): HttpResponse {
  const skew = faults.reduce((sum, fault) => sum + (fault.kind === "clock skew" ? fault.ms : 0), 0);
  if (skew === 0) return response;
  const date = new Date(world.clock.now().getTime() + skew).toUTCString();
  return { ...response, headers: { ...response.headers, date } };
}

const waitOnClock = (world: World, ms: number): Promise<void> =>
  new Promise((resolve) => void world.clock.after(ms, resolve));
