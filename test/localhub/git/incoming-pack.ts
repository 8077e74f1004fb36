/** Stores a pack from a client. Its objects stay in a quarantine folder until it is certain that nothing is missing. */
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { runGit } from "./run-git.ts";

/** From this many objects on, git stores the pack as it is (git's `receive.unpackLimit`). */
const UNPACK_LIMIT = 100;

/**
 * Stores the objects of `pack` if, with those already here, they make up the whole history of `tips`. Otherwise stores
 * nothing and returns git's message for the problem. With an empty `pack` it only checks.
 */
export async function storePack(directory: string, pack: Buffer, tips: readonly string[]): Promise<string | undefined> {
  const objects = join(directory, "objects");
  const quarantine = await mkdtemp(join(objects, "incoming-"));
  const env = { GIT_OBJECT_DIRECTORY: quarantine, GIT_ALTERNATE_OBJECT_DIRECTORIES: objects };
  try {
    if (pack.length > 0) await runGit(directory, unpackArguments(pack), { input: pack, env });
    const check = ["rev-list", "--objects", "--stdin", "--not", "--all", "--quiet"];
    const input = `${tips.join("\n")}\n`;
    const { code } = tips.length === 0 ? { code: 0 } : await runGit(directory, check, { input, env, codes: [0, 128] });
    if (code !== 0) return "missing necessary objects";
    await moveObjects(quarantine, objects);
    return undefined;
  } catch (error) {
    return `unpacker error: ${error instanceof Error ? error.message.split("\n")[0] : error}`;
  } finally {
    await rm(quarantine, { recursive: true, force: true });
  }
}

/** Bytes 8 to 11 of a pack are the number of its objects. */
const unpackArguments = (pack: Buffer): readonly string[] =>
  pack.length >= 12 && pack.readUInt32BE(8) < UNPACK_LIMIT
    ? ["unpack-objects", "-q"]
    : ["index-pack", "--stdin", "--fix-thin"];

/** A pack's index is moved last: git uses the pack only once the index exists. */
async function moveObjects(from: string, to: string): Promise<void> {
  for (const folder of await readdir(from)) {
    const files = await readdir(join(from, folder));
    await mkdir(join(to, folder), { recursive: true });
    for (const file of files.sort((a, b) => Number(a.endsWith(".idx")) - Number(b.endsWith(".idx"))))
      await rename(join(from, folder, file), join(to, folder, file));
  }
}
