/** The real workspace. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { glob, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { userError } from "../../problem/problem.ts";
import { toFileError } from "./errors.ts";
import { resolveExistingPath, resolvePathToWrite } from "./resolve-workspace-path.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/** 16 MiB: more than any record, policy or metrics file has; data is streamed. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

/** @param workspace absolute path of the folder that nothing may leave */
export function createWorkspaceFiles(workspace: string): WorkspaceFiles {
  /** The real place of a regular file: a pipe would never end, a folder has no bytes. */
  async function regular(path: string): Promise<{ readonly place: string; readonly bytes: number }> {
    const place = await resolveExistingPath(workspace, path);
    const { size, isFile } = await stat(place).then((found) => ({ size: found.size, isFile: found.isFile() }));
    if (isFile) return { place, bytes: size };
    throw userError({ code: "not-a-file", message: "it is not a file", place: { file: path }, fix: "Name a file" });
  }

  async function* stream(path: string): AsyncGenerator<Uint8Array> {
    try {
      const { place } = await regular(path);
      for await (const part of createReadStream(place)) yield part as Buffer;
    } catch (error) {
      throw toFileError(path, "read", error);
    }
  }

  async function read(path: string, most = MAX_READ_BYTES): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of stream(path)) {
      size += part.length;
      // Counted while reading: a file may grow, and what the kernel makes up has no size beforehand.
      if (size > most) throw tooLarge(path, most);
      parts.push(part);
    }
    return Buffer.concat(parts);
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
    exists,
    async readText(path, most) {
      const bytes = await read(path, most);
      try {
        return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      } catch (error) {
        throw userError(
          { code: "file-not-utf8", message: "it is not UTF-8", place: { file: path }, fix: "Save it as UTF-8" },
          error,
        );
      }
    },
    async digestFile(path) {
      const hash = createHash("sha256");
      let bytes = 0;
      for await (const part of stream(path)) {
        hash.update(part);
        bytes += part.length;
      }
      return { path, bytes, digest: `sha256:${hash.digest("hex")}` };
    },
    async write(path, content) {
      let temporary: string | undefined;
      try {
        const place = await resolvePathToWrite(workspace, path);
        await mkdir(dirname(place), { recursive: true });
        temporary = `${place}.${randomUUID()}.tmp`;
        await writeNewFile(temporary, content);
        await rename(temporary, place);
      } catch (error) {
        if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
        throw toFileError(path, "written", error);
      }
    },
    async list(patterns) {
      const found = new Set<string>();
      for (const pattern of patterns) {
        const matches = (await exists(pattern)) ? [pattern] : await expandGlob(workspace, pattern);
        const files = await filterRegularFiles(matches, regular);
        if (files.length === 0) throw noFiles(pattern);
        for (const file of files) found.add(file.replaceAll("\\", "/").replace(/^(?:\.\/)+/, ""));
      }
      return [...found].sort();
    },
  };
}

async function writeNewFile(place: string, content: string | Uint8Array): Promise<void> {
  await using file = await open(place, "wx");
  await file.writeFile(content);
  // Before it gets its name: after a power cut the file must not be there empty.
  await file.sync();
}

async function expandGlob(workspace: string, pattern: string): Promise<readonly string[]> {
  const exclude = (path: string): boolean => /(?:^|[\\/])(?:\.git|node_modules)$/.test(path);
  const found: string[] = [];
  for await (const path of glob(pattern, { cwd: workspace, exclude })) found.push(path);
  return found;
}

/** Folders that a pattern matches are passed over; a link that leads out is not. */
async function filterRegularFiles(
  paths: readonly string[],
  regular: (path: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    try {
      await regular(path);
      files.push(path);
    } catch (error) {
      const failure = toFileError(path, "read", error);
      if (failure.problems[0]?.code !== "not-a-file") throw failure;
    }
  }
  return files;
}

const tooLarge = (path: string, most: number): Error =>
  userError({
    code: "file-too-large",
    message: `it has more than ${most.toLocaleString("en")} bytes`,
    place: { file: path },
    fix: "Write less into it, or name the right file",
  });

const noFiles = (pattern: string): Error =>
  userError({
    code: "no-files",
    message: `no file matches "${pattern}"`,
    fix: "Check the pattern, that an earlier step makes the files, and that the repository is checked out",
  });
