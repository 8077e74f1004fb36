/** Feeds one stream of node:zlib chunk by chunk: only one chunk and what it unpacks to are in memory. */
import type { Transform } from "node:stream";

/** A stream for unpacking. `bytesWritten` is what it has consumed of what it was given. */
export type UnpackingStream = Transform & { readonly bytesWritten: number };

export interface FeedSettings {
  readonly stream: UnpackingStream;
  /** Takes content, and says whether to go on. */
  readonly take: (content: Uint8Array, consumed: number) => boolean;
  /** For users, by the code of node:zlib. */
  readonly messages: Readonly<Record<string, string>>;
}

export class ZlibFeed {
  readonly #settings: FeedSettings;
  #fed = 0;
  /** Nothing more is unpacked: all was, or no more is wanted. */
  #ended = false;
  #error: string | undefined;
  #failure: unknown;
  /** Ends the wait for zlib, whichever comes first: a chunk processed, an error, the end. */
  #wake: () => void = () => undefined;

  constructor(settings: FeedSettings) {
    this.#settings = settings;
    const { stream, take, messages } = settings;
    stream.on("data", (content: Uint8Array) => {
      if (this.#ended || this.#tryTaking(() => take(content, stream.bytesWritten))) return;
      this.#ended = true;
      stream.destroy();
      this.#wake();
    });
    stream.on("error", (error: NodeJS.ErrnoException) => {
      this.#error ??= messages[error.code ?? ""] ?? messages["other"] ?? error.message;
      this.#wake();
    });
    // Emitted when something follows the end of the stream, also when `end()` was not called yet.
    stream.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** What is wrong with the packed data. */
  get error(): string | undefined {
    return this.#error;
  }

  /** Returns how many of the bytes belong to the stream: fewer than there are when it ended before. */
  async push(bytes: Uint8Array): Promise<number> {
    if (this.#error !== undefined || this.#ended) return 0;
    const before = this.#fed;
    this.#fed += bytes.length;
    // Called back when the chunk is unpacked and its content taken.
    await this.#wait((done) => this.#settings.stream.write(bytes, () => done()));
    return Math.min(bytes.length, this.#settings.stream.bytesWritten - before);
  }

  async end(): Promise<void> {
    if (this.#error === undefined && !this.#ended) await this.#wait(() => this.#settings.stream.end());
    this.#settings.stream.destroy();
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
  #tryTaking(take: () => boolean): boolean {
    try {
      return take();
    } catch (error) {
      this.#failure = error;
      return false;
    }
  }
}
