/** Turns the bytes of a file on disk into its content. */
import { createGunzip, type Gunzip } from "node:zlib";

export interface ContentDecoder {
  push(bytes: Uint8Array): Promise<void>;
  /** What is wrong with the compressed data; undefined when the content was complete. */
  end(): Promise<string | undefined>;
}

export interface UnpackLimits {
  /** Decompressed bytes per compressed byte: gzip itself reaches 1,032, tables rarely 50. */
  readonly maxRatio: number;
  /** Below so many decompressed bytes the ratio does not matter. */
  readonly ratioExemptBytes: number;
}

const DEFAULT_LIMITS: UnpackLimits = { maxRatio: 200, ratioExemptBytes: 256 * 1024 * 1024 };

/** By the first bytes; the file's name says nothing reliable. */
export const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b;

export class PlainDecoder implements ContentDecoder {
  readonly #take: (content: Uint8Array) => void;

  constructor(take: (content: Uint8Array) => void) {
    this.#take = take;
  }

  async push(bytes: Uint8Array): Promise<void> {
    this.#take(bytes);
  }

  async end(): Promise<string | undefined> {
    return undefined;
  }
}

export class GzipDecoder implements ContentDecoder {
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: 256 * 1024 });
  #compressedBytes = 0;
  #contentBytes = 0;
  #corruption: string | undefined;
  #ended = false;
  /** Ends the wait for zlib, whichever comes first: a chunk processed, an error, the end. */
  #wake: () => void = () => undefined;

  constructor(take: (content: Uint8Array) => void, { maxRatio, ratioExemptBytes }: UnpackLimits = DEFAULT_LIMITS) {
    this.#gunzip.on("data", (content: Uint8Array) => {
      if (this.#corruption !== undefined) return;
      this.#contentBytes += content.length;
      if (this.#contentBytes > ratioExemptBytes && this.#contentBytes > maxRatio * this.#compressedBytes) {
        this.#corruption = `it decompresses to more than ${maxRatio} times its size`;
        return;
      }
      take(content);
    });
    this.#gunzip.on("error", (error: NodeJS.ErrnoException) => {
      this.#corruption ??= ZLIB_MESSAGES[error.code ?? ""] ?? `it cannot be decompressed: ${error.message}`;
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
    if (this.#corruption !== undefined || this.#ended) return;
    // Called back when the chunk is decompressed and its content taken: only one chunk is in memory.
    await this.#wait((done) => this.#gunzip.write(bytes, () => done()));
  }

  async end(): Promise<string | undefined> {
    if (this.#corruption === undefined && !this.#ended) {
      await this.#wait(() => this.#gunzip.end());
    }
    this.#gunzip.destroy();
    // zlib stops at anything that follows the last member, without an error.
    if (this.#corruption === undefined && this.#gunzip.bytesWritten < this.#compressedBytes) {
      return "something follows the end of the gzip archive";
    }
    return this.#corruption;
  }

  /** A failed write is not called back (node:zlib). */
  #wait(start: (done: () => void) => void): Promise<void> {
    return new Promise((done) => {
      this.#wake = done;
      start(done);
    });
  }
}

const ZLIB_MESSAGES: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: "the gzip archive is cut off",
  Z_DATA_ERROR: "the gzip archive is corrupt: its content or its checksum is wrong",
};
