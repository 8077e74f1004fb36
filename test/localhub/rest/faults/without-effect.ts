/**
 * Answers a request as if it had taken effect, and it has not: it is handled on a copy of the repository that is thrown
 * away. So every check and every error is the real one, and a success has the right content, git's names of objects too.
 */
import { createHash } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { openGitRepository } from "../../git/bare-repository.ts";
import type { GitRepository } from "../../git/git-repository.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import type { Call, Reply, Route } from "../route.ts";
import type { Fault } from "./faults.ts";

/** What an object is read with, for the operations that change one and answer with it. */
const READ_OF: Readonly<Record<string, string>> = {
  "git/update-ref": "git/get-ref",
  "issues/update": "issues/get",
  "issues/update-comment": "issues/get-comment",
  "issues/update-label": "issues/get-label",
};

/** With a fault `no effect`, a reply without effect; otherwise the route's own. */
export async function handleUnderFaults(
  route: Route,
  call: Call,
  faults: readonly Fault[],
  routes: ReadonlyMap<string, Route>,
): Promise<Reply> {
  const lie = faults.find((fault) => fault.kind === "no effect");
  if (lie === undefined) return route.handle(call);
  const reply = await handleOnCopy(route, call);
  if (lie.shows === "another object") return withOtherName(reply, call.world.nextId());
  const read = routes.get(READ_OF[route.operation] ?? "");
  return lie.shows === "the state before" && read !== undefined ? read.handle(call) : reply;
}

/** Of what git names by its bytes; anything else that was created has an id of its own already. */
function withOtherName(reply: Reply, id: number): Reply {
  if (reply.kind !== "json" || typeof reply.body !== "object" || reply.body === null) return reply;
  if (!("sha" in reply.body)) return reply;
  return { ...reply, body: { ...reply.body, sha: createHash("sha1").update(String(id)).digest("hex") } };
}

/** @throws Error for operations of the Actions service: what they start could not be undone */
async function handleOnCopy(route: Route, call: Call): Promise<Reply> {
  const { repository, world, caller } = call;
  const directory = await mkdtemp(join(world.directory, "without-effect-"));
  try {
    await cp(repository.git.directory, directory, { recursive: true });
    const git = await openGitRepository(directory);
    try {
      const copy = copyRepository(repository, git);
      return await route.handle(callOnCopy(call, copyWorld(world, copy), copy, copyCaller(caller, repository, copy)));
    } finally {
      git.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function callOnCopy(call: Call, world: World, repository: Repository, caller: Caller | undefined): Call {
  const { path, url, query, body, bytes, headers, rate } = call;
  return {
    ...{ path, url, query, body, bytes, headers, rate, world, repository, caller },
    get actions(): never {
      throw new Error('a request that uses the Actions service cannot have the fault "no effect"');
    },
    get requiredCaller() {
      return caller ?? call.requiredCaller;
    },
    get actor() {
      return this.requiredCaller.actor;
    },
  };
}

/** Its events reach nobody. */
const copyWorld = (world: World, copy: Repository): World => ({
  ...world,
  publish() {},
  repositories: new Map(world.repositories).set(copy.fullName.toLowerCase(), copy),
});

const copyRepository = (repository: Repository, git: GitRepository): Repository => ({
  ...(Object.fromEntries(
    Object.entries(repository).map(([name, value]) => [name, isCollection(value) ? copyRecords(value) : value]),
  ) as unknown as Repository),
  git,
});

/** A token may be for this repository only. */
function copyCaller(caller: Caller | undefined, repository: Repository, copy: Repository): Caller | undefined {
  if (caller?.token?.repository !== repository) return caller;
  return { ...caller, token: { ...caller.token, repository: copy } };
}

type Collection = unknown[] | Map<unknown, unknown> | Set<unknown>;

const isCollection = (value: unknown): value is Collection =>
  Array.isArray(value) || value instanceof Map || value instanceof Set;

/** With a copy of each record; what a record refers to, such as its author, is the same. */
function copyRecords(records: Collection): Collection {
  if (Array.isArray(records)) return records.map(copyRecord);
  if (records instanceof Set) return new Set(records);
  return new Map([...records].map(([key, record]) => [key, copyRecord(record)]));
}

function copyRecord(record: unknown): unknown {
  if (typeof record !== "object" || record === null || Object.getPrototypeOf(record) !== Object.prototype)
    return record;
  const fields = Object.entries(record).map(([name, value]) => [
    name,
    isCollection(value) ? copyRecords(value) : value,
  ]);
  return Object.fromEntries(fields);
}
