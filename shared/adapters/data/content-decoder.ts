/** The content of a file, from the bytes as they lie there. */
import { createGunzip, type Gunzip } from "node:zlib";

export interface ContentDecoder {
  push(bytes: Uint8Array): Promise<void>;
  /** What is wrong with the packing; undefined when the content was whole. */
  end(): Promise<string | undefined>;
}

export interface UnpackLimits {
  /** Unpacked bytes for each packed one: gzip itself reaches 1,032, tables rarely 50. */
  readonly maxRatio: number;
  /** Below it the ratio does not matter. In bytes. */
  readonly ratioExemptBytes: number;
}

const DEFAULT_LIMITS: UnpackLimits = { maxRatio: 200, ratioExemptBytes: 256 * 1024 * 1024 };

/** By what the file begins with; its name may say anything. */
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
  #packed = 0;
  #unpacked = 0;
  #damage: string | undefined;
  #ended = false;
  /** Ends the wait for zlib, whichever comes first: a piece taken, an error, the end. */
  #wake: () => void = () => undefined;

  constructor(
    take: (content: Uint8Array) => void,
    { maxRatio: mostRatio, ratioExemptBytes: freeBytes }: UnpackLimits = DEFAULT_LIMITS,
  ) {
    this.#gunzip.on("data", (content: Uint8Array) => {
      if (this.#damage !== undefined) return;
      this.#unpacked += content.length;
      if (this.#unpacked > freeBytes && this.#unpacked > mostRatio * this.#packed) {
        this.#damage = `it unpacks to more than ${mostRatio} times its size`;
        return;
      }
      take(content);
    });
    this.#gunzip.on("error", (error: NodeJS.ErrnoException) => {
      this.#damage ??= ZLIB_MESSAGES[error.code ?? ""] ?? `it cannot be unpacked: ${error.message}`;
      this.#wake();
    });
    // After the last member comes the end, also when `end()` was not called yet.
    this.#gunzip.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  async push(bytes: Uint8Array): Promise<void> {
    this.#packed += bytes.length;
    if (this.#damage !== undefined || this.#ended) return;
    // Called back when the piece is unpacked and its content taken: no more than one piece is in memory.
    await this.#wait((done) => this.#gunzip.write(bytes, () => done()));
  }

  async end(): Promise<string | undefined> {
    if (this.#damage === undefined && !this.#ended) {
      await this.#wait(() => this.#gunzip.end());
    }
    this.#gunzip.destroy();
    // zlib stops at whatever follows the last member, and says nothing.
    if (this.#damage === undefined && this.#gunzip.bytesWritten < this.#packed) {
      return "something follows the end of the gzip archive";
    }
    return this.#damage;
  }

  /** A write that fails is not called back (node:zlib). */
  #wait(start: (done: () => void) => void): Promise<void> {
    return new Promise((done) => {
      this.#wake = done;
      start(done);
    });
  }
}

const ZLIB_MESSAGES: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: "the gzip archive is cut off",
  Z_DATA_ERROR: "the gzip archive is damaged: its content or its checksum is wrong",
};
