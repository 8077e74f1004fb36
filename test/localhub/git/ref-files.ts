/**
 * Reads refs from where git keeps them (gitrepository-layout): a file each below `refs/`, or a line in `packed-refs`.
 * Nothing is cached, so that what another process writes is seen at once.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isRefName } from "./ref-name.ts";

/** As in git: a longer chain of symbolic refs is not followed. */
const MAX_SYMREF_DEPTH = 5;
const SHA = /^[0-9a-f]{40}$/;

/** The SHA that the ref with this full name points at. */
export async function readRef(directory: string, name: string, depth = MAX_SYMREF_DEPTH): Promise<string | undefined> {
  const text = (await readIfExists(join(directory, name)))?.trim();
  // git writes `packed-refs` before it removes the file: when there is no file, read `packed-refs` afterwards.
  if (text === undefined) return (await readPacked(directory)).get(name);
  if (!text.startsWith("ref: ")) return SHA.test(text) ? text : undefined;
  const target = text.slice("ref: ".length);
  return depth > 0 && isRefName(target) ? readRef(directory, target, depth - 1) : undefined;
}

/** All refs whose full names begin with `prefix`, with their SHAs, in git's order. */
export async function readRefs(directory: string, prefix: string): Promise<[name: string, sha: string][]> {
  const folder = prefix.slice(0, prefix.lastIndexOf("/")) || "refs";
  const files = folder.split("/")[0] === "refs" ? await filesBelow(directory, folder) : [];
  const packed = [...(await readPacked(directory))].filter(([name]) => name.startsWith(prefix));
  const loose = files
    .filter((name) => name.startsWith(prefix) && isRefName(name))
    .map(async (name): Promise<[string, string | undefined]> => [name, await readRef(directory, name)]);
  return [...new Map([...packed, ...(await Promise.all(loose))])]
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

async function readPacked(directory: string): Promise<Map<string, string>> {
  const text = (await readIfExists(join(directory, "packed-refs"))) ?? "";
  // Other lines are the header and the targets of annotated tags.
  return new Map(
    [...text.matchAll(/^([0-9a-f]{40}) (\S+)$/gm)].map(([, sha = "", name = ""]): [string, string] => [name, sha]),
  );
}

async function filesBelow(directory: string, folder: string): Promise<string[]> {
  const entries = await unlessMissing(readdir(join(directory, folder), { withFileTypes: true }));
  const found = (entries ?? []).map(async (entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(directory, path) : [path];
  });
  return (await Promise.all(found)).flat();
}

const readIfExists = (path: string): Promise<string | undefined> => unlessMissing(readFile(path, "utf8"));

/** A folder of refs is deleted with its last ref, and a name that is a folder, or is below a file, is not a ref. */
async function unlessMissing<Result>(reading: Promise<Result>): Promise<Result | undefined> {
  try {
    return await reading;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR" || code === "ENAMETOOLONG") return undefined;
    throw error;
  }
}
