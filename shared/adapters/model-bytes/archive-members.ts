/** What a ZIP archive behind an endpoint of GitHub contains, by its directory at the end: some kilobytes of a model's gigabytes. */
import type { StoredMember } from "../../core/registry/bytes/store-paths.ts";
import { findDirectory, listDirectory, MAX_END_BYTES, textOfName } from "../files/archive/zip-format.ts";
import { type Download, type GitHub, GitHubError } from "../github/github.ts";

/** Some hundred thousand names. */
const MAX_DIRECTORY_BYTES = 16 * 1024 * 1024;

/**
 * @param size of the archive, in bytes
 * @returns `undefined`: it is no ZIP archive; `"no-parts"`: the storage gives the whole or nothing, as on Enterprise Server
 */
export async function listArchiveMembers(
  github: GitHub,
  download: Download,
  size: number,
): Promise<readonly StoredMember[] | "no-parts" | undefined> {
  const from = Math.max(0, size - MAX_END_BYTES);
  const tail = await readFrom(github, download, from, size);
  if (tail === "no-parts") return tail;
  const start = tail && findDirectory(tail);
  if (tail === undefined || start === undefined || start > size || size - start > MAX_DIRECTORY_BYTES) return undefined;
  const directory = start >= from ? tail.subarray(start - from) : await readFrom(github, download, start, size);
  if (directory === "no-parts") return directory;
  const members = directory && listDirectory(directory);
  return members?.map((member) => ({ path: textOfName(member.name), bytes: member.size }));
}

async function readFrom(
  github: GitHub,
  download: Download,
  from: number,
  size: number,
): Promise<Uint8Array | "no-parts" | undefined> {
  try {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of github.stream(download, from)) {
      bytes += chunk.length;
      if (bytes > size - from) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof GitHubError && error.code === "range-unsupported") return "no-parts";
    throw error;
  }
}
