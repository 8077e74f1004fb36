/** The real workspace. */
import { randomUUID } from "node:crypto";
import { createReadStream, openSync } from "node:fs";
import { mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { userError } from "../../problem/problem.ts";
import { decodeText } from "../../text/decode-text.ts";
import { coverPatterns } from "./cover-patterns.ts";
import { toFileError } from "./errors.ts";
import { hashFile } from "./hash-file.ts";
import { resolveExistingPath, resolvePathToWrite, withSlashes } from "./resolve-workspace-path.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/** 16 MiB: more than any record, policy or metrics file has; data is streamed. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

/** @param workspace absolute path of the folder that all files must be in */
export function createWorkspaceFiles(workspace: string): WorkspaceFiles {
  /** The real path of a regular file: a pipe would never end, a folder has no bytes. */
  async function resolveRegularFile(path: string): Promise<string> {
    const real = await resolveExistingPath(workspace, path);
    if ((await stat(real)).isFile()) return real;
    throw userError({ code: "not-a-file", message: "it is not a file", place: { file: path }, fix: "Name a file" });
  }

  async function* stream(path: string, chunkBytes = 64 * 1024): AsyncGenerator<Uint8Array> {
    try {
      const real = await resolveRegularFile(path);
      for await (const chunk of createReadStream(real, { highWaterMark: chunkBytes })) yield chunk as Buffer;
    } catch (error) {
      throw toFileError(path, "read", error);
    }
  }

  async function read(path: string, maxBytes = MAX_READ_BYTES): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of stream(path)) {
      size += chunk.length;
      // Counted while reading: a file may grow, and files such as those in /proc have no size beforehand.
      if (size > maxBytes) throw tooLarge(path, maxBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  async function sizeOf(path: string): Promise<number> {
    try {
      return (await stat(await resolveRegularFile(path))).size;
    } catch (error) {
      throw toFileError(path, "read", error);
    }
  }

  async function openToRead(path: string): Promise<number> {
    try {
      return openSync(await resolveRegularFile(path), "r");
    } catch (error) {
      throw toFileError(path, "read", error);
    }
  }

  async function exists(path: string): Promise<boolean> {
    return resolveExistingPath(workspace, path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
        throw toFileError(path, "read", error);
      },
    );
  }

  return {
    read,
    stream,
    openToRead,
    sizeOf,
    exists,
    async locate(path) {
      const find = (await exists(path)) ? resolveExistingPath : resolvePathToWrite;
      return withSlashes(relative(await realpath(workspace), await find(workspace, path)));
    },
    async readText(path, maxBytes) {
      const bytes = await read(path, maxBytes);
      try {
        return decodeText(bytes);
      } catch (error) {
        throw userError(
          { code: "file-not-utf8", message: "it is not UTF-8", place: { file: path }, fix: "Save it as UTF-8" },
          error,
        );
      }
    },
    async digestFile(path) {
      try {
        const { bytes, hex } = await hashFile(await resolveRegularFile(path));
        return { path, bytes, digest: `sha256:${hex}` };
      } catch (error) {
        throw toFileError(path, "read", error);
      }
    },
    async md5Of(path) {
      try {
        return (await hashFile(await resolveRegularFile(path), "md5")).hex;
      } catch (error) {
        throw toFileError(path, "read", error);
      }
    },
    async write(path, content) {
      let temporary: string | undefined;
      try {
        const real = await resolvePathToWrite(workspace, path);
        await mkdir(dirname(real), { recursive: true });
        temporary = `${real}.${randomUUID()}.tmp`;
        await writeNewFile(temporary, content);
        await rename(temporary, real);
      } catch (error) {
        if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
        throw toFileError(path, "written", error);
      }
    },
    cover: (patterns, folder) => coverPatterns(workspace, patterns, folder),
    list: async (patterns) => (await coverPatterns(workspace, patterns)).paths,
  };
}

async function writeNewFile(path: string, content: string | Uint8Array): Promise<void> {
  await using file = await open(path, "wx");
  await file.writeFile(content);
  // Before it gets its name: otherwise a power cut could leave an empty file under that name.
  await file.sync();
}

const tooLarge = (path: string, maxBytes: number): Error =>
  userError({
    code: "file-too-large",
    message: `it has more than ${maxBytes.toLocaleString("en")} bytes`,
    place: { file: path },
    fix: "Write less into it, or name the right file",
  });
