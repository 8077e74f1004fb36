/** The cache of GitHub Actions. The toolkit is loaded when it is used: it is larger than everything else together. */
import { lstat } from "node:fs/promises";
import { userError } from "../../problem/problem.ts";
import { resolvePathToWrite } from "../files/resolve-workspace-path.ts";
import { findDifference, removePaths } from "../files/restored-files.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import { interceptOutput } from "../process/intercept-output.ts";
import type { Cache, CacheEntry, CacheQuery, RestoreOutcome, SaveOutcome } from "./cache.ts";
import { assertEntryValid } from "./check-entry.ts";
import {
  findDenial,
  findFailure,
  findReservationFailure,
  isKeyTaken,
  parseToolkitMessages,
  type ToolkitMessage,
} from "./toolkit-messages.ts";

export interface CacheOptions {
  /** Absolute; the process must run in it, as an action does: the toolkit resolves paths by that. */
  readonly workspace: string;
  readonly files: WorkspaceFiles;
  /** The toolkit cannot be stopped: when it is aborted, nobody waits any more, and what goes on ends with the process. */
  readonly signal: AbortSignal;
}

type Toolkit = typeof import("@actions/cache");

export function createCache({ workspace, files, signal }: CacheOptions): Cache {
  /** What the toolkit returned, or the error it threw; and what it said. */
  async function call<Result>(work: (toolkit: Toolkit) => Promise<Result>): Promise<Called<Result>> {
    signal.throwIfAborted();
    const toolkit = await import("@actions/cache");
    if (!toolkit.isFeatureAvailable()) return { failed: NO_SERVICE, messages: [] };
    const captured = interceptOutput(() => work(toolkit).then(returned, thrown));
    const { result, output } = await untilAborted(captured, signal);
    return { ...result, messages: parseToolkitMessages(output) };
  }

  /** The key of the entry that a restore would take, without its bytes. */
  const lookUp = async ({ key, paths }: CacheEntry): Promise<string | undefined> => {
    const called = await call((toolkit) => toolkit.restoreCache([...paths], key, [], { lookupOnly: true }));
    return "failed" in called ? undefined : called.value;
  };

  return {
    async save(entry) {
      assertEntryValid(entry);
      for (const path of entry.paths) await assertExists(workspace, path);
      const called = await call((toolkit) => toolkit.saveCache([...entry.paths], entry.key));
      if ("failed" in called) return { kind: "unavailable", reason: called.failed };
      const outcome = readSaved(called.value, called.messages);
      // Whatever was said of the upload, what counts is whether the service has it.
      if (outcome.kind !== "saved" && outcome.kind !== "in doubt") return outcome;
      if ((await lookUp(entry)) === entry.key) return { kind: "saved" };
      const reason =
        outcome.kind === "saved" ? "it said that it has saved the entry, and does not have it" : outcome.reason;
      return { kind: "unavailable", reason };
    },
    async restore(query) {
      assertEntryValid(query, query.prefixes);
      for (const path of query.paths) await assertFree(workspace, path);
      const { key, prefixes, paths, trust } = query;
      const called = await call((toolkit) => toolkit.restoreCache([...paths], key, [...prefixes], DOWNLOAD));
      const outcome = readRestored(query, called);
      const refuse = async (reason: string): Promise<RestoreOutcome> => {
        await removePaths(workspace, paths);
        return { kind: "refused", reason };
      };
      // A download that broke off may have left a part.
      if (outcome.kind === "unavailable") await removePaths(workspace, paths);
      if (outcome.kind !== "restored") return outcome;
      if (![key, ...prefixes].some((wanted) => outcome.key.startsWith(wanted))) {
        return refuse(`the service gave "${outcome.key}", which begins with no key that was asked for`);
      }
      const difference = trust.kind === "digests" ? await findDifference(files, paths, trust.files) : undefined;
      return difference === undefined
        ? outcome
        : refuse(`the entry "${outcome.key}" is not what it should be: ${difference}`);
    },
  };
}

type Called<Result> = { readonly messages: readonly ToolkitMessage[] } & (
  | { readonly value: Result }
  | { readonly failed: string }
);

/** Milliseconds. A download that stands still is given up; the toolkit's own limit is ten minutes for each part. */
const DOWNLOAD = { timeoutInMs: 30_000, segmentTimeoutInMs: 120_000 };

const NO_SERVICE = "this runner offers no cache service: it sets neither ACTIONS_RESULTS_URL nor ACTIONS_CACHE_URL";

const returned = <Value>(value: Value) => ({ value });
const thrown = (error: unknown) => ({ failed: error instanceof Error ? error.message : String(error) });

function readSaved(
  id: number,
  messages: readonly ToolkitMessage[],
): SaveOutcome | { readonly kind: "in doubt"; readonly reason: string } {
  if (id >= 0) return { kind: "saved" };
  const denied = findDenial(messages);
  if (denied !== undefined) return { kind: "read-only", reason: denied };
  if (isKeyTaken(messages)) return { kind: "exists" };
  const reservation = findReservationFailure(messages);
  if (reservation !== undefined) return { kind: "unavailable", reason: reservation };
  return { kind: "in doubt", reason: findFailure(messages) ?? "the toolkit gave no reason" };
}

function readRestored({ key, prefixes, paths }: CacheQuery, called: Called<string | undefined>): RestoreOutcome {
  if ("failed" in called) return { kind: "unavailable", reason: called.failed };
  const { value, messages } = called;
  if (value !== undefined) return { kind: "restored", key: value, exact: value === key };
  const failure = findDenial(messages) ?? findFailure(messages);
  if (failure !== undefined) return { kind: "unavailable", reason: failure };
  const beginning = prefixes.length === 0 ? "" : `, and none that begins with ${prefixes.map(quote).join(" or ")}`;
  return {
    kind: "missing",
    reason: `no entry "${key}"${beginning}, of the path ${paths.map(quote).join(", ")}, made by this branch, its base or the default branch`,
  };
}

const quote = (text: string): string => `"${text}"`;

/** @throws ActionError `cache-target-exists`, `file-outside-workspace` */
async function assertFree(workspace: string, path: string): Promise<void> {
  if (!(await isThere(workspace, path))) return;
  throw userError({
    code: "cache-target-exists",
    message: "something is there already, and would be mixed with what is restored",
    place: { file: path },
    fix: "Remove it before this step, or name a folder that only the cache fills",
  });
}

/** @throws ActionError `file-missing`, `file-outside-workspace` */
async function assertExists(workspace: string, path: string): Promise<void> {
  if (await isThere(workspace, path)) return;
  throw userError({
    code: "file-missing",
    message: "there is no such file or folder to keep",
    place: { file: path },
    fix: "Check the path, and that an earlier step creates it",
  });
}

const isThere = async (workspace: string, path: string): Promise<boolean> =>
  lstat(await resolvePathToWrite(workspace, path)).then(
    () => true,
    () => false,
  );

/** @throws the signal's reason */
async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
