/** Writes objects as loose files, as `git hash-object -w` does, without starting a process for each. */
import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import type { ObjectType } from "./object-reader.ts";

const compress = promisify(deflate);
const FASTEST = { level: 1 };

/** Stores the object unless it exists already. Returns its SHA-1. Safe with concurrent writers of the same object. */
export async function writeObject(directory: string, type: ObjectType, content: Uint8Array): Promise<string> {
  const header = Buffer.from(`${type} ${content.length}\0`);
  const sha = createHash("sha1").update(header).update(content).digest("hex");
  const file = join(directory, "objects", sha.slice(0, 2), sha.slice(2));
  if (await exists(file)) return sha;
  const packed = await compress(Buffer.concat([header, content]), FASTEST);
  const draft = join(dirname(file), `tmp_obj_${randomUUID()}`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(draft, packed, { mode: 0o444 });
  await rename(draft, file);
  return sha;
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
