/** Takes in a pack from outside. Its objects wait in a folder of their own until it is known that nothing is missing. */
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { runGit } from "./run-git.ts";

/** From so many objects on, git keeps a pack as it came (git's `receive.unpackLimit`). */
const UNPACK_LIMIT = 100;

/**
 * Stores the objects of `pack` if, with what is here, they make the whole history of `tips`. Returns what is wrong in
 * git's words otherwise, and then keeps nothing of it. An empty `pack` only checks.
 */
export async function storePack(directory: string, pack: Buffer, tips: readonly string[]): Promise<string | undefined> {
  const objects = join(directory, "objects");
  const waiting = await mkdtemp(join(objects, "incoming-"));
  const env = { GIT_OBJECT_DIRECTORY: waiting, GIT_ALTERNATE_OBJECT_DIRECTORIES: objects };
  try {
    if (pack.length > 0) await runGit(directory, unpackArguments(pack), { input: pack, env });
    const check = ["rev-list", "--objects", "--stdin", "--not", "--all", "--quiet"];
    const input = `${tips.join("\n")}\n`;
    const { code } = tips.length === 0 ? { code: 0 } : await runGit(directory, check, { input, env, codes: [0, 128] });
    if (code !== 0) return "missing necessary objects";
    await moveObjects(waiting, objects);
    return undefined;
  } catch (error) {
    return `unpacker error: ${error instanceof Error ? error.message.split("\n")[0] : error}`;
  } finally {
    await rm(waiting, { recursive: true, force: true });
  }
}

/** A pack tells in its bytes 8 to 11 how many objects it holds. */
const unpackArguments = (pack: Buffer): readonly string[] =>
  pack.length >= 12 && pack.readUInt32BE(8) < UNPACK_LIMIT
    ? ["unpack-objects", "-q"]
    : ["index-pack", "--stdin", "--fix-thin"];

/** A pack's index goes last: with it the pack begins to count. */
async function moveObjects(from: string, to: string): Promise<void> {
  for (const folder of await readdir(from)) {
    const files = await readdir(join(from, folder));
    await mkdir(join(to, folder), { recursive: true });
    for (const file of files.sort((a, b) => Number(a.endsWith(".idx")) - Number(b.endsWith(".idx"))))
      await rename(join(from, folder, file), join(to, folder, file));
  }
}
