/** Where checkpoints are kept beyond the machine: the port, and what a store gives back to a machine. */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseManifest } from "../../core/training/checkpoint.ts";
import { digestOf } from "../files/digest.ts";
import type { CheckpointFolder, SavedCheckpoint } from "./checkpoint-folder.ts";

/** Of one training: a folder with at most three numbered checkpoints, and who has tried. */
export interface CheckpointStore {
  /** What `save` was given last, into an empty folder; nothing when there is nothing. @throws ActionError when that is not known */
  restore(into: string): Promise<void>;
  /** @returns why not, in words; `undefined` when the store has it */
  save(folder: string, signal: AbortSignal | undefined): Promise<string | undefined>;
  /** @returns why not, in words */
  discard(): Promise<string | undefined>;
}

export interface CarriedOptions {
  readonly local: CheckpointFolder;
  readonly store: CheckpointStore;
  /** The folder that `local` was opened with. */
  readonly folder: string;
  readonly key: string;
}

/** The checkpoints of this machine, which begin with what the store has and are sent there after each change. */
export function carryCheckpoints({ local, store, folder, key }: CarriedOptions): CheckpointFolder {
  const own = join(folder, key);
  let fetched: Promise<void> | undefined;
  let isUnsent = false;

  async function fetchNewer(): Promise<void> {
    const incoming = join(folder, `incoming-${randomUUID()}`);
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    try {
      await store.restore(incoming);
      await adopt(incoming, own, key);
    } finally {
      await rm(incoming, { recursive: true, force: true });
    }
  }

  return {
    async countAttempt() {
      fetched ??= fetchNewer();
      await fetched;
      return local.countAttempt();
    },
    restore: () => local.restore(),
    async save(isRunning, signal): Promise<SavedCheckpoint> {
      const saved = await local.save(isRunning);
      if (saved.kind === "saved") isUnsent = true;
      if (!isUnsent || signal?.aborted) return saved;
      const failed = await store.save(own, signal);
      isUnsent = failed !== undefined;
      // One that is broken off on purpose is sent again at the end.
      return failed === undefined || signal?.aborted ? saved : { ...saved, onlyHere: failed };
    },
    async discard() {
      await local.discard();
      return store.discard();
    },
  };
}

/** Takes what is newer than all that is there, by its own name where that is free, so that a store need not be written anew. */
async function adopt(incoming: string, own: string, key: string): Promise<void> {
  const [there, given] = [await listCheckpoints(own, key), await listCheckpoints(incoming, key)];
  const newest = there
    .map(({ savedAt }) => savedAt)
    .sort()
    .at(-1);
  await mkdir(join(own, "attempts"), { recursive: true, mode: 0o700 });
  let last = Number((await numbered(own)).at(-1) ?? 0);
  for (const { name, savedAt } of given) {
    if (newest !== undefined && savedAt <= newest) continue;
    last = Math.max(last + 1, Number(name));
    await rename(join(incoming, name), join(own, String(last).padStart(8, "0")));
  }
  const attempts = await readdir(join(incoming, "attempts")).catch(() => []);
  for (const attempt of attempts.filter((name) => /^\d+-\d+$/.test(name)))
    await writeFile(join(own, "attempts", attempt), "", { mode: 0o600 });
}

const numbered = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => /^\d{8}$/.test(name)).sort();

/** In their order; the files are compared with their digests when they are restored. */
async function listCheckpoints(folder: string, key: string) {
  const found: { readonly name: string; readonly savedAt: string }[] = [];
  for (const name of await numbered(folder)) {
    const text = await readFile(join(folder, name, "manifest.json"), "utf8").catch(() => "");
    const manifest = parseManifest(text, key, digestOf);
    if (manifest !== undefined) found.push({ name, savedAt: manifest.savedAt });
  }
  return found;
}
