/** The mount that serves `git clone`, `git fetch` and `git push` under `/{owner}/{repo}.git` and `/{owner}/{repo}`. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { runGit, startGit } from "../git/run-git.ts";
import { mayPush } from "../operations/people/access.ts";
import { authenticate } from "../rest/callers/authenticate.ts";
import { maySee } from "../rest/callers/visibility.ts";
import { ApiError } from "../world/api-error.ts";
import type { Caller } from "../world/caller.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { FLUSH, pktLine } from "./pkt-line.ts";
import { receivePush } from "./receive-push.ts";

type Service = "git-upload-pack" | "git-receive-pack";

const GIT_PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** @returns A mount for the REST API server; it handles the requests of git's smart protocol and no others. */
export function createGitHttpMount(
  world: World,
): (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean> {
  return async (request, response, url) => {
    const [, owner, name, action] = GIT_PATH.exec(url.pathname) ?? [];
    const service = action === "info/refs" ? url.searchParams.get("service") : action;
    if (owner === undefined || name === undefined || !isService(service)) return false;
    let caller: Caller | undefined;
    try {
      caller = authenticate(world, { authorization: request.headers.authorization });
      const repository = repositoryFor(world, owner, name, caller);
      if (service === "git-upload-pack") assertMayRead(repository, caller);
      const pusher = service === "git-receive-pack" ? assertMayWrite(repository, caller) : undefined;
      if (action === "info/refs") await advertise(repository, service, request, response);
      else if (pusher) await push(world, repository, pusher, request, response);
      else await upload(repository, request, response);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      sendError(response, error);
    }
    record(world, request, url, caller, response.statusCode);
    return true;
  };
}

const isService = (text: string | null | undefined): text is Service =>
  text === "git-upload-pack" || text === "git-receive-pack";

/** An anonymous caller who may not see the repository is asked for credentials; anyone else gets a 404. */
function repositoryFor(world: World, owner: string, name: string, caller: Caller | undefined): Repository {
  const repository = world.repositories.get(`${owner}/${name}`.toLowerCase());
  if (repository && maySee(repository, caller)) return repository;
  throw caller ? new ApiError(404, "Repository not found.") : unknownCaller();
}

function assertMayRead(repository: Repository, caller: Caller | undefined): void {
  const permissions = caller?.token?.permissions;
  if (repository.private && permissions && permissions["contents"] === undefined)
    throw new ApiError(403, `Permission to ${repository.fullName}.git denied to ${caller?.actor.login}.`);
}

function assertMayWrite(repository: Repository, caller: Caller | undefined): Caller {
  if (!caller) throw unknownCaller();
  if (mayPush(repository, caller)) return caller;
  throw new ApiError(403, `Permission to ${repository.fullName}.git denied to ${caller.actor.login}.`);
}

const unknownCaller = (): ApiError => new ApiError(401, "No anonymous access: give a token as the password.");

/** git shows the text to the person, after `remote:`. */
function sendError(response: ServerResponse, error: ApiError): void {
  response.writeHead(error.status, {
    "content-type": "text/plain; charset=utf-8",
    ...(error.status === 401 && { "www-authenticate": 'Basic realm="GitHub"' }),
  });
  response.end(`${error.message}\n`);
}

async function advertise(
  { git }: Repository,
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const env = service === "git-upload-pack" ? protocolOf(request) : {};
  const command = service.slice("git-".length);
  const { stdout } = await runGit(git.directory, [command, "--stateless-rpc", "--advertise-refs", git.directory], {
    env,
  });
  // Version 2 of the protocol has no service line (gitprotocol-http).
  const serviceLine = env["GIT_PROTOCOL"]?.includes("version=2") ? [] : [pktLine(`# service=${service}\n`), FLUSH];
  response.writeHead(200, headersFor(service, "advertisement")).end(Buffer.concat([...serviceLine, stdout]));
}

async function upload({ git }: Repository, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const child = startGit(git.directory, ["upload-pack", "--stateless-rpc", git.directory], protocolOf(request));
  response.writeHead(200, headersFor("git-upload-pack", "result"));
  child.stderr.resume();
  // git exits as soon as it knows that the client needs nothing more.
  child.stdin.on("error", () => {});
  await Promise.all([pipeline(unzipped(request), child.stdin).catch(() => {}), pipeline(child.stdout, response)]);
}

async function push(
  world: World,
  repository: Repository,
  pusher: Caller,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of unzipped(request)) chunks.push(chunk as Buffer);
  const report = await receivePush(world, repository, Buffer.concat(chunks), pusher);
  response.writeHead(200, headersFor("git-receive-pack", "result")).end(report);
}

const headersFor = (service: Service, kind: "advertisement" | "result") => ({
  "content-type": `application/x-${service}-${kind}`,
  "cache-control": "no-cache",
});

function protocolOf(request: IncomingMessage): Readonly<Record<string, string>> {
  const version = request.headers["git-protocol"];
  return typeof version === "string" && /^[\w=:]+$/.test(version) ? { GIT_PROTOCOL: version } : {};
}

/** git compresses large requests. */
const unzipped = (request: IncomingMessage): NodeJS.ReadableStream =>
  request.headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request;

function record(world: World, request: IncomingMessage, url: URL, caller: Caller | undefined, status: number): void {
  world.journal.record({
    kind: "request",
    at: world.clock.now(),
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.search.slice(1),
    operation: undefined,
    actor: caller?.actor.login,
    body: undefined,
    status,
    fault: undefined,
  });
}
