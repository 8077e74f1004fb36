/**
 * Downloads that the REST API redirects to: artifacts and logs, at addresses that need no token and last one minute
 * (GitHub docs, "Download an artifact", "Download job logs"). The address itself says what is meant, signed.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { createReadStream } from "node:fs";
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { renderJobLog, renderRunLogs } from "../render/logs.ts";
import { page } from "../render/urls.ts";
import type { Artifact, Job, RunAttempt, WorkflowRun } from "../world/actions.ts";
import { notFound } from "../world/refusal.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import type { Mount } from "./server.ts";

const PREFIX = "/_downloads/";
const LIFETIME_MS = 60_000;
const SECRET = randomBytes(32);

/** What an address stands for, by ids in the repository of that full name. */
interface Ticket {
  readonly repository: string;
  /** Milliseconds of the world's clock. */
  readonly until: number;
  readonly kind: "artifact" | "job-log" | "run-logs";
  readonly id: number;
  readonly attempt: number;
}

export const artifactUrl = (world: World, artifact: Artifact): string =>
  addressOf(world, artifact.run.repository, "artifact", artifact.id);

/** @throws Refusal 404 for a job that has not ended: GitHub has its log only then. */
export function jobLogUrl(world: World, job: Job): string {
  if (job.status !== "completed" || job.log.length === 0) throw notFound();
  return addressOf(world, job.run.repository, "job-log", job.id);
}

/** @throws Refusal 404 for an attempt without any log yet. */
export function runLogsUrl(world: World, run: WorkflowRun, attempt: RunAttempt): string {
  if (attempt.jobs.every((job) => job.log.length === 0)) throw notFound();
  return addressOf(world, run.repository, "run-logs", run.id, attempt.number);
}

/** Serves those addresses; mount it on the REST face's port. */
export function serveDownloads(world: World): Mount {
  return async (request, response, url) => {
    if (!url.pathname.startsWith(PREFIX)) return false;
    const ticket = readTicket(world, url.pathname.slice(PREFIX.length));
    if (ticket === undefined || ticket.until <= world.clock.now().getTime()) {
      response.writeHead(403, { "content-type": "text/plain" }).end("This download address is wrong or has expired.\n");
      return true;
    }
    await send(world, ticket, request.method === "HEAD", response);
    return true;
  };
}

async function send(world: World, ticket: Ticket, headOnly: boolean, response: ServerResponse): Promise<void> {
  const actions = world.repositories.get(ticket.repository.toLowerCase())?.actions;
  const artifact = ticket.kind === "artifact" ? actions?.artifacts.get(ticket.id) : undefined;
  if (artifact) {
    const name = artifact.mimeType === "application/zip" ? `${artifact.name}.zip` : artifact.name;
    response.writeHead(200, fileHeaders(artifact.mimeType, artifact.size, name));
    if (headOnly || artifact.size === 0) return void response.end();
    return pipeline(createReadStream(artifact.file), response);
  }
  const job = ticket.kind === "job-log" ? actions?.jobs.get(ticket.id) : undefined;
  if (job) return void sendBytes(response, headOnly, "text/plain; charset=utf-8", Buffer.from(renderJobLog(job)));
  const run = ticket.kind === "run-logs" ? actions?.runs.get(ticket.id) : undefined;
  const attempt = run?.attempts.find((one) => one.number === ticket.attempt);
  const logs = attempt && renderRunLogs(attempt);
  if (logs) return void sendBytes(response, headOnly, "application/zip", logs, `logs_${ticket.id}.zip`);
  response.writeHead(404, { "content-type": "text/plain" }).end("What this address stood for has been deleted.\n");
}

function sendBytes(response: ServerResponse, headOnly: boolean, type: string, bytes: Uint8Array, name?: string): void {
  response.writeHead(200, fileHeaders(type, bytes.length, name)).end(headOnly ? undefined : bytes);
}

const fileHeaders = (type: string, size: number, name?: string) => ({
  "content-type": type,
  "content-length": size,
  ...(name !== undefined && { "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name)}` }),
});

function addressOf(world: World, repository: Repository, kind: Ticket["kind"], id: number, attempt = 0): string {
  const until = world.clock.now().getTime() + LIFETIME_MS;
  const ticket: Ticket = { repository: repository.fullName, until, kind, id, attempt };
  const text = Buffer.from(JSON.stringify(ticket)).toString("base64url");
  return page(world, `${PREFIX.slice(1)}${text}.${signature(world, text).toString("base64url")}`);
}

function readTicket(world: World, address: string): Ticket | undefined {
  const [text = "", signed = ""] = address.split(".");
  const given = Buffer.from(signed, "base64url");
  const expected = signature(world, text);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return JSON.parse(Buffer.from(text, "base64url").toString());
}

/** Bound to the hub as well: several may live in one process. */
const signature = (world: World, text: string): Buffer =>
  createHmac("sha256", SECRET).update(`${world.directory}\n${text}`).digest();
