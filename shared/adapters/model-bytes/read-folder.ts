/** Everything that a folder has, each file with its digest. Links are not followed: what they lead to is not what is deployed. */
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { FoundEntry } from "../../core/registry/bytes/compare-files.ts";
import { MAX_POINTER_BYTES, parsePointer } from "../../core/registry/bytes/pointer.ts";
import { userError } from "../../problem/problem.ts";
import { mapAtOnce } from "../files/digest-model-files.ts";
import { hashFile } from "../files/hash-file.ts";

/** At once: while one is hashed, others are read. */
const AT_ONCE = 4;
/** No model has so many. */
const MAX_ENTRIES = 200_000;

/**
 * @param folder absolute path
 * @param isIgnored what is no part of the model, by its path in the folder
 * @returns with paths relative to the folder, `/` between names
 */
export async function readFolder(folder: string, isIgnored: (path: string) => boolean): Promise<readonly FoundEntry[]> {
  const files: string[] = [];
  const others: FoundEntry[] = [];
  const folders = [""];
  for (let at = 0; at < folders.length; at++) {
    const below = folders[at] ?? "";
    const entries = await readdir(join(folder, below), { withFileTypes: true, encoding: "buffer" });
    for (const entry of entries) {
      const name = entry.name.toString("utf8");
      const path = below === "" ? name : `${below}/${name}`;
      if (isIgnored(path)) continue;
      if (!Buffer.from(name).equals(entry.name)) others.push({ kind: "other", path, what: "a name that is not UTF-8" });
      else if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) files.push(path);
      else others.push({ kind: "other", path, what: entry.isSymbolicLink() ? "a link" : "no file" });
    }
    if (files.length + others.length + folders.length > MAX_ENTRIES) throw tooMany();
  }
  const found = await mapAtOnce(files.sort(), AT_ONCE, (path) => readEntry(folder, path));
  return [...found, ...others];
}

async function readEntry(folder: string, path: string): Promise<FoundEntry> {
  const absolute = join(folder, path);
  const { size } = await lstat(absolute);
  if (size <= MAX_POINTER_BYTES) {
    await using file = await open(absolute, "r");
    // It may grow meanwhile: no more than a pointer can have is read.
    const start = Buffer.alloc(MAX_POINTER_BYTES);
    const { bytesRead } = await file.read(start, 0, start.length, 0);
    const pointer = parsePointer(start.toString("latin1", 0, bytesRead));
    if (pointer !== undefined) return { kind: "other", path, what: describePointer(pointer) };
  }
  const { bytes, hex } = await hashFile(absolute);
  return { kind: "file", path, bytes, digest: `sha256:${hex}` };
}

const describePointer = (pointer: NonNullable<ReturnType<typeof parsePointer>>): string =>
  pointer === "broken"
    ? "a broken pointer of Git LFS or DVC"
    : pointer.kind === "dvc"
      ? 'a pointer of DVC (run "dvc pull" before)'
      : 'a pointer of Git LFS (run "git lfs pull" before)';

const tooMany = () =>
  userError({
    code: "too-many-files",
    message: `the folder has more than ${MAX_ENTRIES} entries`,
    fix: "Put the model into a folder of its own",
  });
