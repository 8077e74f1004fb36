/**
 * Reads objects through one long-lived `git cat-file --batch-command` process, so that a read costs no process start.
 * The process starts with the first read, is stopped when idle, and never keeps our own process alive.
 */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { gitStartError, startGit } from "./run-git.ts";

export type ObjectType = "commit" | "tree" | "blob" | "tag";

export interface ObjectHeader {
  readonly sha: string;
  readonly type: ObjectType;
  /** Bytes. */
  readonly size: number;
}

export interface StoredObject extends ObjectHeader {
  readonly content: Buffer;
}

export interface ObjectReader {
  /** `undefined` when no object or more than one has that name. */
  info(name: string): Promise<ObjectHeader | undefined>;
  object(name: string): Promise<StoredObject | undefined>;
  close(): void;
}

interface PendingRead {
  readonly command: "info" | "contents";
  readonly resolve: (object: StoredObject | undefined) => void;
  readonly reject: (error: Error) => void;
}

const IDLE_MS = 30_000;
const NOTHING = Buffer.alloc(0);
const HEADER = /^([0-9a-f]{40}) (commit|tree|blob|tag) (\d+)$/;

interface Process {
  readonly child: ChildProcessWithoutNullStreams;
  /** In the order of the requests, which is the order of git's responses. */
  readonly pending: PendingRead[];
  readonly received: Buffer[];
  receivedBytes: number;
  /** How many bytes must have arrived before the next response can be complete. */
  neededBytes: number;
}

export function createObjectReader(directory: string): ObjectReader {
  let running: Process | undefined;
  let idle: NodeJS.Timeout | undefined;

  function start(): Process {
    const child = startGit(directory, ["cat-file", "--batch-command"]);
    const started: Process = { child, pending: [], received: [], receivedBytes: 0, neededBytes: 1 };
    let stderr = "";
    const end = (error: Error): void => {
      if (running === started) running = undefined;
      for (const read of started.pending.splice(0)) read.reject(error);
    };
    child.stderr.on("data", (chunk: Buffer) => (stderr = chunk.toString()));
    child.stdin.on("error", () => {});
    child.on("error", (error) => end(gitStartError(error)));
    child.on("close", (code) =>
      end(new Error(`git cat-file ended (exit code ${code}) in ${directory}: ${stderr.trim()}`)),
    );
    child.stdout.on("data", (chunk: Buffer) => {
      started.received.push(chunk);
      started.receivedBytes += chunk.length;
      if (started.receivedBytes >= started.neededBytes) resolvePendingReads(started);
      if (started.pending.length === 0) goIdle(started);
    });
    return started;
  }

  /** Lets the event loop end until the next read, and stops the process when none comes. */
  function goIdle(process: Process): void {
    setKeepAlive(process.child, false);
    clearTimeout(idle);
    idle = setTimeout(() => process.pending.length === 0 && stop(process), IDLE_MS).unref();
  }

  function stop(process: Process): void {
    if (running === process) running = undefined;
    process.child.stdin.end();
  }

  function request(command: PendingRead["command"], name: string): Promise<StoredObject | undefined> {
    // A line break would start a second request.
    if (name === "" || /[\n\0]/.test(name)) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      running ??= start();
      setKeepAlive(running.child, true);
      running.pending.push({ command, resolve, reject });
      running.child.stdin.write(`${command} ${name}\n`);
    });
  }

  return {
    info: (name) => request("info", name),
    object: (name) => request("contents", name),
    close() {
      clearTimeout(idle);
      if (running) stop(running);
    },
  };
}

function resolvePendingReads(process: Process): void {
  let buffer = Buffer.concat(process.received);
  process.neededBytes = buffer.length + 1;
  for (let read = process.pending[0]; read; read = process.pending[0]) {
    const lineEnd = buffer.indexOf(10);
    if (lineEnd < 0) break;
    const [, sha, type, bytes] = HEADER.exec(buffer.toString("utf8", 0, lineEnd)) ?? [];
    const found = sha !== undefined && type !== undefined;
    const size = Number(bytes);
    const start = lineEnd + 1;
    // The content is followed by a line feed that is not part of it.
    const end = found && read.command === "contents" ? start + size + 1 : start;
    if (buffer.length < end) {
      process.neededBytes = end;
      break;
    }
    const content = end > start ? Buffer.from(buffer.subarray(start, end - 1)) : NOTHING;
    process.pending.shift();
    read.resolve(found ? { sha, type: type as ObjectType, size, content } : undefined);
    buffer = buffer.subarray(end);
    process.neededBytes = buffer.length + 1;
  }
  process.received.splice(0, process.received.length, buffer);
  process.receivedBytes = buffer.length;
}

/** Whether the child and its pipes keep our own process alive. */
function setKeepAlive(child: ChildProcessWithoutNullStreams, alive: boolean): void {
  for (const part of [child, child.stdin, child.stdout, child.stderr]) {
    const handle = part as { ref?: () => void; unref?: () => void };
    if (alive) handle.ref?.();
    else handle.unref?.();
  }
}
