/** Blobs on disk, written like Azure's block blobs: at once, or in blocks that are then put in order. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Clock } from "../world/clock.ts";

export interface StoredBlob {
  readonly id: string;
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** `sha256:…` of the content. */
  readonly digest: string;
  readonly contentType: string;
  readonly modifiedAt: Date;
}

export interface BlobStore {
  /** A new blob without content yet. */
  reserve(): string;
  putBlock(id: string, block: string, content: Readable): Promise<void>;
  /** The blocks in this order become the content. @throws Error with a block that was never uploaded. */
  putBlockList(id: string, blocks: readonly string[], contentType: string): Promise<StoredBlob>;
  put(id: string, content: Readable, contentType: string): Promise<StoredBlob>;
  /** `undefined` until content has been written. */
  find(id: string): StoredBlob | undefined;
  /** From now on the content cannot be replaced. `undefined` when there is none. */
  seal(id: string): StoredBlob | undefined;
  /** Whether content may (still) be written. */
  isOpen(id: string): boolean;
  /** Removes the blob with its content and blocks. */
  remove(id: string): Promise<void>;
}

/** The id of the blob with this file: files are named by their blob's id. */
export const blobIdOf = (file: string): string => basename(file);

export function createBlobStore(directory: string, clock: Clock): BlobStore {
  const open = new Set<string>();
  const stored = new Map<string, StoredBlob>();
  const fileOf = (id: string): string => join(directory, id);
  const blocksOf = (id: string): string => join(directory, `${id}.blocks`);
  // Block ids are base64 and so may contain slashes.
  const blockFile = (id: string, block: string): string => join(blocksOf(id), Buffer.from(block).toString("hex"));

  async function write(id: string, parts: AsyncIterable<Buffer>, contentType: string): Promise<StoredBlob> {
    await mkdir(directory, { recursive: true });
    const hash = createHash("sha256");
    let size = 0;
    // Two writers of one blob must not mix their bytes: the last to finish wins.
    const draft = join(directory, `${id}.${randomUUID()}`);
    await pipeline(
      parts,
      async function* (chunks) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(draft),
    );
    await rename(draft, fileOf(id));
    const digest = `sha256:${hash.digest("hex")}`;
    const blob: StoredBlob = { id, file: fileOf(id), size, digest, contentType, modifiedAt: clock.now() };
    stored.set(id, blob);
    return blob;
  }

  async function* inOrder(id: string, blocks: readonly string[]): AsyncGenerator<Buffer> {
    for (const block of blocks) yield* createReadStream(blockFile(id, block));
  }

  return {
    reserve() {
      const id = randomUUID();
      open.add(id);
      return id;
    },
    async putBlock(id, block, content) {
      await mkdir(blocksOf(id), { recursive: true });
      await pipeline(content, createWriteStream(blockFile(id, block)));
    },
    async putBlockList(id, blocks, contentType) {
      for (const block of blocks) {
        await stat(blockFile(id, block)).catch(() => {
          throw new Error(`the block ${block} was never uploaded`);
        });
      }
      const blob = await write(id, inOrder(id, blocks), contentType);
      await rm(blocksOf(id), { recursive: true, force: true });
      return blob;
    },
    put: (id, content, contentType) => write(id, content, contentType),
    find: (id) => {
      // Evicting a cache or deleting an artifact removes the file.
      const blob = stored.get(id);
      return blob && existsSync(blob.file) ? blob : undefined;
    },
    seal(id) {
      open.delete(id);
      return stored.get(id);
    },
    isOpen: (id) => open.has(id),
    async remove(id) {
      open.delete(id);
      stored.delete(id);
      await rm(fileOf(id), { force: true });
      await rm(blocksOf(id), { recursive: true, force: true });
    },
  };
}
