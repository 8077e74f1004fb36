/** Checkpoints of one training in a folder of the machine. */
import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type CheckpointManifest, checkpointDigest, parseManifest } from "../../core/training/checkpoint.ts";
import { ActionError } from "../../problem/problem.ts";
import { digestOf } from "../files/digest.ts";
import { fingerprintFile } from "../files/fingerprint-file.ts";
import { resolveExistingPath, resolvePathToWrite } from "../files/resolve-workspace-path.ts";
import { findDifference } from "../files/restored-files.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import { type CopiedFile, copyFile } from "./copy-file.ts";

export interface CheckpointFolderOptions {
  readonly workspace: string;
  readonly files: WorkspaceFiles;
  /** Absolute; outside the workspace. */
  readonly folder: string;
  readonly key: string;
  /** What the training saves. */
  readonly patterns: readonly string[];
  readonly run: CheckpointManifest["savedBy"];
}

export interface CheckpointFolder {
  /** Counts this attempt once, however often it is called. @returns how many there were, this one included */
  countAttempt(): Promise<number>;
  /** Into a workspace that has none of the files. */
  restore(): Promise<RestoredCheckpoint>;
  /**
   * @param isRunning the training may be writing the files
   * @param signal breaks off what takes it beyond this machine
   */
  save(isRunning: boolean, signal?: AbortSignal): Promise<SavedCheckpoint>;
  /** A training that succeeded has nothing to resume. @returns why something is left, in words */
  discard(): Promise<string | undefined>;
}

export interface RestoredCheckpoint {
  readonly checkpoint: CheckpointManifest | undefined;
  /** Why newer ones were not taken. */
  readonly refused: readonly string[];
}

/** With why it did not get beyond this machine, where it should have. */
export type SavedCheckpoint = { readonly onlyHere?: string } & (
  | { readonly kind: "saved"; readonly checkpoint: CheckpointManifest }
  /** Nothing was written since the last one. */
  | { readonly kind: "same" }
  /** Not every pattern covers a file yet. */
  | { readonly kind: "none" }
  /** The training wrote the files whenever they were copied. */
  | { readonly kind: "busy" }
);

/** A damaged one leaves the one before it. */
const KEPT = 2;
const TRIES = 5;
/** Milliseconds without a write after which a file counts as complete. */
const QUIET = 500;

export function openCheckpointFolder(options: CheckpointFolderOptions): CheckpointFolder {
  const { workspace, files, patterns, run, key } = options;
  const own = join(options.folder, key);
  let last: string | undefined;

  const list = async (): Promise<readonly string[]> =>
    (await readdir(own).catch(() => [])).filter((name) => /^\d{8}$/.test(name)).sort();

  const fingerprints = async (paths: readonly string[]): Promise<string> =>
    JSON.stringify(await Promise.all(paths.map(async (path) => [path, await fingerprintFile(workspace, path)])));

  async function copyAll(paths: readonly string[], into: string, isRunning: boolean) {
    const copies: CopiedFile[] = [];
    try {
      const before = await fingerprints(paths);
      for (const path of paths) {
        const target = join(into, "files", path);
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        copies.push(await copyFile(await resolveExistingPath(workspace, path), target));
      }
      if (isRunning) await delay(QUIET);
      for (const copy of copies) if (!(await copy.isUnwritten())) return undefined;
      // Several files belong together only when none was replaced meanwhile.
      const after = paths.length > 1 || !isRunning ? await fingerprints(paths) : before;
      if (after !== before) return undefined;
      return { before, copied: copies.map(({ bytes, digest }, at) => ({ path: paths[at] ?? "", bytes, digest })) };
    } finally {
      for (const copy of copies) await copy.close();
    }
  }

  return {
    async countAttempt() {
      const attempts = join(own, "attempts");
      await mkdir(attempts, { recursive: true, mode: 0o700 });
      await writeFile(join(attempts, `${run.run}-${run.attempt}`), "", { mode: 0o600 });
      return (await readdir(attempts)).length;
    },

    async restore() {
      const refused: string[] = [];
      for (const name of (await list()).toReversed()) {
        const why = await restoreFrom(join(own, name), options);
        if (typeof why !== "string") return { checkpoint: why, refused };
        refused.push(`checkpoint ${Number(name)}: ${why}`);
      }
      return { checkpoint: undefined, refused };
    },

    async save(isRunning) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const paths = await listIfThere(files, patterns);
        if (paths.length === 0) return { kind: "none" };
        if ((await fingerprints(paths)) === last) return { kind: "same" };
        const staged = join(own, `unfinished-${randomUUID()}`);
        try {
          await mkdir(staged, { recursive: true, mode: 0o700 });
          const copy = await copyAll(paths, staged, isRunning).catch(undefinedIfGone);
          if (copy === undefined) continue;
          const { copied, before } = copy;
          const checkpoint: CheckpointManifest = {
            ...{ format: "mlops-actions/checkpoint@1", key, savedBy: run, savedAt: new Date().toISOString() },
            ...{ digest: checkpointDigest(copied, digestOf), files: copied },
          };
          await writeDurably(join(staged, "manifest.json"), JSON.stringify(checkpoint));
          const names = await list();
          await rename(staged, join(own, String(Number(names.at(-1) ?? 0) + 1).padStart(8, "0")));
          for (const old of names.slice(0, Math.max(0, names.length + 1 - KEPT)))
            await rm(join(own, old), { recursive: true, force: true });
          last = before;
          return { kind: "saved", checkpoint };
        } finally {
          await rm(staged, { recursive: true, force: true });
        }
      }
      return { kind: "busy" };
    },

    async discard() {
      await rm(own, { recursive: true, force: true });
      return undefined;
    },
  };
}

/** @returns why it was not restored; then nothing of it is left in the workspace */
async function restoreFrom(
  at: string,
  { workspace, files, key, patterns }: CheckpointFolderOptions,
): Promise<CheckpointManifest | string> {
  const text = await readFile(join(at, "manifest.json"), "utf8").catch(() => "");
  const manifest = parseManifest(text, key, digestOf);
  if (manifest === undefined) return "its manifest is missing, damaged or of another training";
  const written: string[] = [];
  const removeAll = async (): Promise<void> => {
    for (const path of written) await rm(path, { force: true });
  };
  try {
    for (const { path, digest } of manifest.files) {
      const target = await resolvePathToWrite(workspace, path);
      await mkdir(dirname(target), { recursive: true });
      const { close, ...copied } = await copyFile(join(at, "files", path), target);
      written.push(target);
      await close();
      if (copied.digest !== digest) throw new Error(`${path} has the digest ${copied.digest}, not ${digest}`);
    }
    const difference = await findDifference(files, patterns, manifest.files);
    if (difference !== undefined) throw new Error(difference);
    return manifest;
  } catch (error) {
    await removeAll();
    return error instanceof ActionError
      ? (error.problems[0]?.message ?? error.message)
      : `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** No file at all, or none for one of the patterns: not a whole checkpoint. */
export const listIfThere = (files: WorkspaceFiles, patterns: readonly string[]): Promise<readonly string[]> =>
  files.list(patterns).catch((error: unknown) => {
    if (error instanceof ActionError && error.problems[0]?.code === "no-files") return [];
    throw error;
  });

/** A file that was removed or replaced while it was copied. */
function undefinedIfGone(error: unknown): undefined {
  const code = error instanceof ActionError ? error.problems[0]?.code : (error as { readonly code?: unknown }).code;
  if (code === "ENOENT" || code === "file-missing") return undefined;
  throw error;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
