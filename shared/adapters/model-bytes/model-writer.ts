/** Writes files of a model into a new folder while they arrive, and compares each with its record at the same time. */
import { createHash, type Hash } from "node:crypto";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FoundEntry } from "../../core/registry/bytes/compare-files.ts";
import { type ActionError, refused, userError } from "../../problem/problem.ts";
import type { FileRecord } from "../../records/fields.ts";
import { quoteText } from "../../text/document/document.ts";
import { findNameFault } from "../files/archive/zip-format.ts";

/** Small writes are gathered: each is a call of the system. */
const GATHERED_BYTES = 1024 * 1024;

/** One file of the model that is being written. */
export interface OpenFile {
  write(chunk: Uint8Array): Promise<void>;
  /** All of it has arrived. */
  close(): Promise<void>;
}

export class ModelWriter {
  readonly #folder: string;
  readonly #written = new Map<string, FoundEntry>();
  readonly #open = new Set<FileHandle>();

  /** @param folder absolute path of a folder that exists, has nothing in it, and is written by nobody else */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What was written, as it arrived. */
  get found(): readonly FoundEntry[] {
    return [...this.#written.values()];
  }

  /** @throws ActionError (a refusal) for a path that leads out of the folder, or was written before */
  async open(file: FileRecord): Promise<OpenFile> {
    if (findNameFault(file.path) !== undefined || file.path.endsWith("/")) throw unsafePath(file.path);
    const path = join(this.#folder, ...file.path.split("/"));
    await mkdir(dirname(path), { recursive: true });
    // Never one that exists: a link could lead anywhere.
    const handle = await open(path, "wx").catch((error: NodeJS.ErrnoException) => {
      throw error.code === "EEXIST" ? twice(file.path) : error;
    });
    this.#open.add(handle);
    return this.#receive(file, handle, createHash("sha256"));
  }

  #receive({ path, bytes }: FileRecord, handle: FileHandle, hash: Hash): OpenFile {
    let size = 0;
    let gathered: Uint8Array[] = [];
    let waiting = 0;
    const flush = async (): Promise<void> => {
      const chunks = gathered;
      gathered = [];
      waiting = 0;
      if (chunks.length > 0) await writeAll(handle, chunks);
    };
    return {
      async write(chunk) {
        size += chunk.length;
        // Not one byte more than it may have is written: what arrives could be endless.
        if (size > bytes) throw tooLarge(path, bytes);
        hash.update(chunk);
        gathered.push(chunk);
        waiting += chunk.length;
        if (waiting >= GATHERED_BYTES) await flush();
      },
      close: async () => {
        await flush();
        await this.#closeHandle(handle);
        this.#written.set(path, { kind: "file", path, bytes: size, digest: `sha256:${hash.digest("hex")}` });
      },
    };
  }

  async #closeHandle(handle: FileHandle): Promise<void> {
    this.#open.delete(handle);
    await handle.close();
  }

  /** After an error: nothing stays open. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const handle of this.#open) await handle.close().catch(() => undefined);
  }
}

async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  const total = chunks.reduce((sum, { length }) => sum + length, 0);
  const { bytesWritten } = await handle.writev(chunks as Uint8Array[]);
  // A write may be cut short, as on a full disk; the next one says why.
  if (bytesWritten < total)
    await handle.write(Buffer.concat(chunks).subarray(bytesWritten)).then(assertWhole(total - bytesWritten));
}

const assertWhole =
  (expected: number) =>
  ({ bytesWritten }: { readonly bytesWritten: number }): void => {
    if (bytesWritten < expected) throw Object.assign(new Error("a write was cut short"), { code: "ENOSPC" });
  };

const tooLarge = (path: string, bytes: number): ActionError =>
  refused({
    code: "model-file-differs",
    message: `${quoteText(path)} has more than the ${bytes} bytes of the version`,
    fix: "Deploy nothing of it; find out what changed it",
  });

const twice = (path: string): ActionError =>
  refused({
    code: "archive-unsafe",
    message: `${quoteText(path)} is there twice`,
    fix: "Pack each file of the model once",
  });

const unsafePath = (path: string): ActionError =>
  userError({
    code: "model-path-unsafe",
    message: `${quoteText(path)} is no path within a folder`,
    fix: "Find out who made the version's record, and register the model again",
  });
