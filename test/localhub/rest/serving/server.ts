/** The REST API server: GitHub's operations over HTTP on loopback, validated against GitHub's description. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ActionsService } from "../../workflows/service.ts";
import type { World } from "../../world/world.ts";
import { createRateLimiter, GITHUB_LIMITS, NO_LIMITS, type RateLimits } from "../callers/rate-limits.ts";
import type { DeliveredResponse } from "../faults/fault-effects.ts";
import { createFaults, type Faults } from "../faults/faults.ts";
import type { HttpRequest } from "../http/http-messages.ts";
import { type ConformanceError, createConformanceErrors } from "../replies/conformance-errors.ts";
import type { Route } from "../route.ts";
import { createRequestHandler } from "./request-handler.ts";

/**
 * Another handler on the same port, called when the path is not an operation. Returns whether it handled the request.
 */
export type Mount = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean | Promise<boolean>;

export interface RestOptions {
  readonly world: World;
  readonly routes: readonly Route[];
  /** Needed only by some routes. */
  readonly actions?: ActionsService;
  readonly mounts?: readonly Mount[];
  /** Changes to GitHub's limits, or none at all. By default GitHub's own; on Enterprise Server none. */
  readonly limits?: Partial<RateLimits> | "off";
  /** A fixed port for people; tests leave it out and get a free one. */
  readonly port?: number;
}

export interface RestServer {
  /** The REST root, without a slash at the end: what goes into `GITHUB_API_URL`. */
  readonly url: string;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Requests for operations it does not have, and replies that broke the description. */
  readonly conformanceErrors: readonly ConformanceError[];
  readonly faults: Faults;
  /** Returns the conformance errors so far and removes them, for tests that provoke one. */
  takeConformanceErrors(): readonly ConformanceError[];
  /** Stops listening. @throws Error when there are conformance errors that were not taken. */
  close(): Promise<void>;
}

/** GitHub rejects larger requests; the largest real ones are release assets and blobs. */
const MAX_BODY_BYTES = 100 * 1024 * 1024;

/** Starts listening and sets the world's URLs. */
export async function startRest(options: RestOptions): Promise<RestServer> {
  const { world, mounts = [] } = options;
  const conformanceErrors = createConformanceErrors();
  const faults = createFaults();
  const handler = createRequestHandler({
    ...options,
    conformanceErrors,
    faults,
    rateLimiter: createRateLimiter(world, limitsOf(options)),
  });
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A client that hangs up in the middle of its request, or of the answer, does nothing that GitHub would not see too.
      if (request.errored !== null || (response.destroyed && !response.writableFinished)) return;
      conformanceErrors.record({ method: request.method ?? "", path: request.url ?? "", message: String(error) });
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
      response.end(String(error));
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(origin + (request.url ?? "/"));
    const prefix = world.profile.apiPrefix;
    const below = url.pathname.startsWith(`${prefix}/`) || url.pathname === prefix;
    const pathname = below ? url.pathname.slice(prefix.length) || "/" : undefined;
    const method = request.method ?? "GET";
    const isOperation =
      pathname !== undefined && handler.hasOperation(method, pathname) && !wantsPage(request, pathname);
    if (!isOperation) {
      for (const mount of mounts) if (await mount(request, response, url)) return;
    }
    const bytes = await readBody(request);
    const incoming: HttpRequest = {
      method,
      pathname: pathname ?? url.pathname,
      query: url.searchParams,
      headers: headersOf(request),
      bytes: bytes ?? Buffer.alloc(0),
    };
    send(response, method, bytes ? await handler.handle(incoming, url) : handler.rejectTooLarge(incoming));
  }

  server.listen(options.port ?? 0, "127.0.0.1");
  await new Promise<void>((resolve, reject) => server.once("listening", resolve).once("error", reject));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  world.urls.api = origin + world.profile.apiPrefix;
  world.urls.html = origin;

  return {
    url: world.urls.api,
    origin,
    conformanceErrors: conformanceErrors.all,
    faults,
    takeConformanceErrors: conformanceErrors.take,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      conformanceErrors.throwIfAny();
    },
  };
}

/** In the github.com profile the API has no prefix, so `/` is both the API's root and the web page's. */
function wantsPage(request: IncomingMessage, pathname: string): boolean {
  return pathname === "/" && (request.headers.accept ?? "").includes("text/html");
}

/** The body's bytes; `undefined` when it, or its `content-length`, is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function headersOf(request: IncomingMessage): HttpRequest["headers"] {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
}

function limitsOf({ world, limits }: RestOptions): RateLimits {
  if (limits === "off" || (limits === undefined && !world.profile.rateLimits)) return NO_LIMITS;
  return { ...(world.profile.rateLimits ? GITHUB_LIMITS : NO_LIMITS), ...limits };
}

function send(
  response: ServerResponse,
  method: string,
  { response: { status, headers, body }, delivery }: DeliveredResponse,
): void {
  if (delivery === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  if (delivery === "endless") {
    sendWithoutEnd(response, status === 204 || status === 304 ? 200 : status);
    return;
  }
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, { ...headers, ...(hasBody && { "content-length": String(body.length) }) });
  if (delivery === "truncated") {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    return;
  }
  response.end(method === "HEAD" ? undefined : body);
}

/** A megabyte of white space at a time, which JSON may begin with, until the client hangs up. */
function sendWithoutEnd(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  const spaces = Buffer.alloc(1024 * 1024, " ");
  const sendMore = (): void => {
    while (!response.destroyed && response.write(spaces));
  };
  response.on("drain", sendMore);
  sendMore();
}
