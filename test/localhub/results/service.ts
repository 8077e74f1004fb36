/** The results service: one loopback server for caches, artifacts and identity tokens of running jobs. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type CacheLimits, GITHUB_CACHE_LIMITS } from "../operations/runs/caches.ts";
import type { Job } from "../world/repository.ts";
import type { Token } from "../world/tokens.ts";
import type { World } from "../world/world.ts";
import { createArtifactService } from "./artifact-service.ts";
import { createBlobHandler } from "./blob-http.ts";
import { createBlobStore } from "./blob-store.ts";
import { cacheScopesOf } from "./cache-scopes.ts";
import { createCacheService } from "./cache-service.ts";
import { createIssuer } from "./issuer.ts";
import { createRuntimeTokens, type TokenPurpose } from "./runtime-token.ts";
import { createSignedUrls, isBlobPath } from "./signed-url.ts";
import { parseMessage, TwirpError, type TwirpMethod, type TwirpService } from "./twirp.ts";

export interface ResultsService {
  /** The origin of the server; also the issuer of identity tokens. */
  readonly url: string;
  /** What the job needs to call this service; its `GITHUB_TOKEN` decides whether it gets an identity token. */
  accessFor(job: Job, token: Token): ResultsAccess;
  /** While set, every request gets this status, to simulate an outage. */
  outage: number | undefined;
  close(): Promise<void>;
}

interface ResultsAccess {
  readonly resultsUrl: string;
  readonly runtimeToken: string;
  /** Only for jobs with `id-token: write`. */
  readonly idTokenUrl: string | undefined;
  readonly idTokenToken: string | undefined;
  readonly cacheMode: "read" | "write";
}

export interface ResultsOptions {
  readonly port?: number;
  readonly cacheLimits?: CacheLimits;
}

/** @throws Error on an Enterprise Server profile, which has no such service. */
export async function startResultsService(world: World, options: ResultsOptions = {}): Promise<ResultsService> {
  if (!world.profile.resultsService)
    throw new Error(
      `the profile ${world.profile.name} has no results service: cache v2, artifact v4 and OIDC are absent`,
    );

  let url = "";
  const blobs = createBlobStore(join(world.directory, "results"), world.clock);
  const urls = createSignedUrls(() => url, world.clock);
  const tokens = createRuntimeTokens(world, () => url);
  const issuer = createIssuer(world, () => url);
  const serveBlob = createBlobHandler(blobs, urls);
  const services: Readonly<Record<string, TwirpService>> = {
    CacheService: createCacheService(world, blobs, urls, options.cacheLimits ?? GITHUB_CACHE_LIMITS),
    ArtifactService: createArtifactService(world, blobs, urls),
  };

  /** @throws TwirpError when the request has no token of a running job. */
  function jobOf(request: IncomingMessage, purpose: TokenPurpose): Job {
    const job = tokens.verify(request.headers.authorization?.replace(/^bearer /i, "") ?? "", purpose);
    if (job === undefined) throw new TwirpError("unauthenticated", "the token does not belong to a running job");
    return job;
  }

  async function call(request: IncomingMessage, path: string): Promise<object> {
    const job = jobOf(request, "results");
    const method = twirpMethod(services, path);
    if (request.method !== "POST" || method === undefined)
      throw new TwirpError("bad_route", `there is no ${request.method} ${path} in this results service`);
    return method(job, parseMessage(await text(request)));
  }

  async function respond(request: IncomingMessage, at: URL): Promise<object> {
    switch (at.pathname) {
      case ID_TOKEN_PATH: {
        const value = await issuer.token(jobOf(request, "id-token"), at.searchParams.get("audience") ?? undefined);
        return { count: value.length, value };
      }
      case "/.well-known/openid-configuration":
        return issuer.discovery();
      case "/.well-known/jwks":
        return issuer.keys();
      default:
        return call(request, at.pathname);
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = new URL(request.url ?? "/", url);
    response.on("finish", () =>
      world.journal.record({
        kind: "request",
        at: world.clock.now(),
        method: request.method ?? "",
        path: at.pathname,
        query: "",
        operation: operationOf(at.pathname),
        actor: undefined,
        body: undefined,
        status: response.statusCode,
        fault: service.outage === undefined ? undefined : "outage",
      }),
    );
    if (service.outage !== undefined) {
      request.resume();
      return sendJson(response, service.outage, { code: "unavailable", msg: "the results service has an outage" });
    }
    if (isBlobPath(at.pathname)) return serveBlob(request, response, at);
    try {
      sendJson(response, 200, await respond(request, at));
    } catch (error) {
      if (!(error instanceof TwirpError)) throw error;
      request.resume();
      sendJson(response, error.status, { code: error.code, msg: error.message });
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { code: "internal", msg: message });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the results service got no port");
  url = `http://127.0.0.1:${address.port}`;

  const service: ResultsService = {
    url,
    outage: undefined,
    accessFor(job, token) {
      const identity = token.permissions?.["id_token"] === "write";
      return {
        resultsUrl: `${url}/`,
        runtimeToken: tokens.issue(job, "results"),
        // The toolkit appends `&audience=…`: the URL must contain a `?` already.
        idTokenUrl: identity ? `${url}${ID_TOKEN_PATH}?api-version=2.0` : undefined,
        idTokenToken: identity ? tokens.issue(job, "id-token") : undefined,
        cacheMode: cacheScopesOf(job.run).write === undefined ? "read" : "write",
      };
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
  return service;
}

const ID_TOKEN_PATH = "/id-token";
const TWIRP = /^\/twirp\/github\.actions\.results\.api\.v1\.(\w+)\/(\w+)$/;

function twirpMethod(services: Readonly<Record<string, TwirpService>>, path: string): TwirpMethod | undefined {
  const [, service = "", method = ""] = TWIRP.exec(path) ?? [];
  const methods = services[service];
  return methods !== undefined && Object.hasOwn(methods, method) ? methods[method] : undefined;
}

/** The request's operation in the journal: `CacheService/CreateCacheEntry`, `blob`, `id-token`. */
function operationOf(path: string): string {
  const [, service, method] = TWIRP.exec(path) ?? [];
  if (service !== undefined && method !== undefined) return `${service}/${method}`;
  return isBlobPath(path) ? "blob" : path.slice(1);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
