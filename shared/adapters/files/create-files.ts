/** The real workspace. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { glob, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { mistake } from "../../action/problem.ts";
import { placeOf, placeToWrite } from "./confine.ts";
import { fileFailure } from "./failures.ts";
import type { Files } from "./files.ts";

/** 16 MiB: more than any record, policy or metrics file has; data is streamed. */
const MOST_BYTES = 16 * 1024 * 1024;

/** @param workspace absolute path of the folder that nothing may leave */
export function createFiles(workspace: string): Files {
  /** The real place of a regular file: a pipe would never end, a folder has no bytes. */
  async function regular(path: string): Promise<{ readonly place: string; readonly bytes: number }> {
    const place = await placeOf(workspace, path);
    const { size, isFile } = await stat(place).then((found) => ({ size: found.size, isFile: found.isFile() }));
    if (isFile) return { place, bytes: size };
    throw mistake({ code: "not-a-file", message: "it is not a file", place: { file: path }, fix: "Name a file" });
  }

  async function* stream(path: string): AsyncGenerator<Uint8Array> {
    try {
      const { place } = await regular(path);
      for await (const part of createReadStream(place)) yield part as Buffer;
    } catch (error) {
      throw fileFailure(path, "read", error);
    }
  }

  async function read(path: string, most = MOST_BYTES): Promise<Uint8Array> {
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
    return placeOf(workspace, path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
        throw fileFailure(path, "read", error);
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
        throw mistake(
          { code: "file-not-utf8", message: "it is not UTF-8", place: { file: path }, fix: "Save it as UTF-8" },
          error,
        );
      }
    },
    async describe(path) {
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
        const place = await placeToWrite(workspace, path);
        await mkdir(dirname(place), { recursive: true });
        temporary = `${place}.${randomUUID()}.tmp`;
        await writeNew(temporary, content);
        await rename(temporary, place);
      } catch (error) {
        if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
        throw fileFailure(path, "written", error);
      }
    },
    async list(patterns) {
      const found = new Set<string>();
      for (const pattern of patterns) {
        const matches = (await exists(pattern)) ? [pattern] : await matching(workspace, pattern);
        const files = await filesAmong(matches, regular);
        if (files.length === 0) throw noFiles(pattern);
        for (const file of files) found.add(file.replaceAll("\\", "/").replace(/^(?:\.\/)+/, ""));
      }
      return [...found].sort();
    },
  };
}

async function writeNew(place: string, content: string | Uint8Array): Promise<void> {
  await using file = await open(place, "wx");
  await file.writeFile(content);
  // Before it gets its name: after a power cut the file must not be there empty.
  await file.sync();
}

async function matching(workspace: string, pattern: string): Promise<readonly string[]> {
  const exclude = (path: string): boolean => /(?:^|[\\/])(?:\.git|node_modules)$/.test(path);
  const found: string[] = [];
  for await (const path of glob(pattern, { cwd: workspace, exclude })) found.push(path);
  return found;
}

/** Folders that a pattern matches are passed over; a link that leads out is not. */
async function filesAmong(
  paths: readonly string[],
  regular: (path: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    try {
      await regular(path);
      files.push(path);
    } catch (error) {
      const failure = fileFailure(path, "read", error);
      if (failure.problems[0]?.code !== "not-a-file") throw failure;
    }
  }
  return files;
}

const tooLarge = (path: string, most: number): Error =>
  mistake({
    code: "file-too-large",
    message: `it has more than ${most.toLocaleString("en")} bytes`,
    place: { file: path },
    fix: "Write less into it, or name the right file",
  });

const noFiles = (pattern: string): Error =>
  mistake({
    code: "no-files",
    message: `no file matches "${pattern}"`,
    fix: "Check the pattern, that an earlier step makes the files, and that the repository is checked out",
  });
