/** Turns the bytes of a file on disk into its content. */
import { createGunzip, type Gunzip } from "node:zlib";
import type { ReadTrouble } from "../../core/data/data-files.ts";

/** Takes content, and says whether it wants more. */
export type Take = (content: Uint8Array) => boolean;

export interface ContentDecoder {
  push(bytes: Uint8Array): Promise<void>;
  /** What is wrong with the compressed data; undefined when the content was complete, or no more of it was wanted. */
  end(): Promise<ReadTrouble | undefined>;
}

/** 8 MiB: what gzip unpacks to no more than this is small enough, whatever its ratio. */
const RATIO_EXEMPT_BYTES = 8 * 1024 * 1024;

/** By the first bytes; the file's name says nothing reliable. */
export const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b;

export class PlainDecoder implements ContentDecoder {
  readonly #take: (content: Uint8Array) => Promise<boolean>;
  #isWanted = true;

  constructor(take: (content: Uint8Array) => Promise<boolean>) {
    this.#take = take;
  }

  async push(bytes: Uint8Array): Promise<void> {
    if (this.#isWanted) this.#isWanted = await this.#take(bytes);
  }

  async end(): Promise<undefined> {
    return undefined;
  }
}

export class GzipDecoder implements ContentDecoder {
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: 256 * 1024 });
  #compressedBytes = 0;
  #contentBytes = 0;
  #trouble: ReadTrouble | undefined;
  /** Nothing more is unpacked: all was, or no more is wanted. */
  #ended = false;
  #isWanted = true;
  #failure: unknown;
  /** Ends the wait for zlib, whichever comes first: a chunk processed, an error, the end. */
  #wake: () => void = () => undefined;

  /** @param maxRatio decompressed bytes per compressed byte: gzip itself reaches 1,032, tables rarely 50 */
  constructor(take: Take, maxRatio: number, ratioExemptBytes = RATIO_EXEMPT_BYTES) {
    this.#gunzip.on("data", (content: Uint8Array) => {
      if (this.#ended) return;
      this.#contentBytes += content.length;
      // By what zlib has consumed: a chunk of which it has read little may yet unpack to anything.
      if (this.#contentBytes > ratioExemptBytes && this.#contentBytes > maxRatio * this.#gunzip.bytesWritten) {
        this.#trouble = { kind: "too-large", message: `it unpacks to more than ${maxRatio} times its size` };
      } else this.#isWanted = this.#tryTaking(take, content);
      if (this.#trouble === undefined && this.#isWanted) return;
      this.#ended = true;
      this.#gunzip.destroy();
      this.#wake();
    });
    this.#gunzip.on("error", (error: NodeJS.ErrnoException) => {
      const message = ZLIB_MESSAGES[error.code ?? ""] ?? `it cannot be decompressed: ${error.message}`;
      this.#trouble ??= { kind: "unreadable", message };
      this.#wake();
    });
    // Emitted after the last member, also when `end()` was not called yet.
    this.#gunzip.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  async push(bytes: Uint8Array): Promise<void> {
    this.#compressedBytes += bytes.length;
    if (this.#trouble !== undefined || this.#ended) return;
    // Called back when the chunk is decompressed and its content taken: only one chunk is in memory.
    await this.#wait((done) => this.#gunzip.write(bytes, () => done()));
  }

  async end(): Promise<ReadTrouble | undefined> {
    if (this.#trouble === undefined && !this.#ended) {
      await this.#wait(() => this.#gunzip.end());
    }
    this.#gunzip.destroy();
    // zlib stops at anything that follows the last member, without an error.
    if (this.#trouble === undefined && this.#isWanted && this.#gunzip.bytesWritten < this.#compressedBytes) {
      return { kind: "unreadable", message: "something follows the end of the gzip archive" };
    }
    return this.#trouble;
  }

  /** A failed write is not called back (node:zlib). */
  async #wait(start: (done: () => void) => void): Promise<void> {
    await new Promise<void>((done) => {
      this.#wake = done;
      start(done);
    });
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** An error thrown to zlib would end the process: it is kept for who waits. */
  #tryTaking(take: Take, content: Uint8Array): boolean {
    try {
      return take(content);
    } catch (error) {
      this.#failure = error;
      return false;
    }
  }
}

const ZLIB_MESSAGES: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: "the gzip archive is cut off",
  Z_DATA_ERROR: "the gzip archive is corrupt: its content or its checksum is wrong",
};
