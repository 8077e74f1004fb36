/** Turns the bytes of a file on disk into its content. */
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { Packing, ReadTrouble } from "../../core/data/data-files.ts";
import { isWorkbook } from "../../core/data/foreign-content.ts";
import { type UnpackingStream, ZlibFeed } from "../files/archive/zlib-feed.ts";
import type { Take, UnpackLimit } from "./unpack-limit.ts";
import { ZipDecoder } from "./zip-decoder.ts";

export interface ContentDecoder {
  push(bytes: Uint8Array): Promise<void>;
  /** What is wrong with the packed data; undefined when the content was complete, or no more of it was wanted. */
  end(): Promise<ReadTrouble | undefined>;
}

/** By the first bytes; the file's name says nothing reliable. An Excel workbook is no packed table, although it is a ZIP archive. */
export function packingOf(start: Uint8Array): Packing | undefined {
  if (start[0] === 0x1f && start[1] === 0x8b) return "gzip";
  if (isZstdFrame(start)) return "zstd";
  const isZip = start[0] === 0x50 && start[1] === 0x4b && (start[2] === 3 || start[2] === 5);
  return isZip && !isWorkbook(start) ? "zip" : undefined;
}

/** A frame with content, or one to be skipped, as pzstd writes them. RFC 8878. */
const isZstdFrame = ([first = 0, ...[second, third, fourth]]: Uint8Array): boolean =>
  (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) ||
  ((first & 0xf0) === 0x50 && second === 0x2a && third === 0x4d && fourth === 0x18);

export function createDecoder(packing: Packing, take: Take, limit: UnpackLimit): ContentDecoder {
  return packing === "zip" ? new ZipDecoder(take, limit) : new StreamDecoder(PACKED_STREAMS[packing], take, limit);
}

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

interface PackedStream {
  readonly name: string;
  readonly create: () => UnpackingStream;
  readonly messages: Readonly<Record<string, string>>;
  /** Whether the bytes that follow one stream begin another one, which node:zlib would leave unread. */
  readonly goesOn: (bytes: Uint8Array) => boolean;
}

const CHUNK = { chunkSize: 256 * 1024 };

const PACKED_STREAMS: Readonly<Record<"gzip" | "zstd", PackedStream>> = {
  gzip: {
    name: "gzip",
    create: () => createGunzip(CHUNK),
    messages: {
      Z_BUF_ERROR: "the gzip archive is cut off",
      Z_DATA_ERROR: "the gzip archive is corrupt: its content or its checksum is wrong",
    },
    goesOn: () => false,
  },
  zstd: {
    name: "zstd",
    create: () => createZstdDecompress(CHUNK),
    messages: {
      Z_BUF_ERROR: "the zstd archive is cut off",
      ZSTD_error_frameParameter_windowTooLarge:
        "the zstd archive needs more than 128 MiB of memory to unpack: pack it without --long or --ultra",
      ZSTD_error_dictionary_wrong: "the zstd archive needs a dictionary: pack it without one",
      other: "the zstd archive is corrupt: its content or its checksum is wrong",
    },
    goesOn: isZstdFrame,
  },
};

class StreamDecoder implements ContentDecoder {
  readonly #packed: PackedStream;
  readonly #take: Take;
  readonly #limit: UnpackLimit;
  #feed: ZlibFeed;
  #trouble: ReadTrouble | undefined;
  #isWanted = true;
  /** What earlier frames took. */
  #consumed = 0;
  /** What follows a frame, as long as it is too little to tell what it is. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(packed: PackedStream, take: Take, limit: UnpackLimit) {
    this.#packed = packed;
    this.#take = take;
    this.#limit = limit;
    this.#feed = this.#open();
  }

  async push(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    if (this.#rest.length > 0) {
      rest = Buffer.concat([this.#rest, bytes]);
      this.#rest = new Uint8Array(0);
      if (!this.#goOn(rest)) return;
    }
    while (rest.length > 0 && this.#trouble === undefined && this.#isWanted) {
      const used = await this.#feed.push(rest);
      if (this.#feed.error !== undefined) this.#trouble ??= { kind: "unreadable", message: this.#feed.error };
      rest = rest.subarray(used);
      this.#consumed += used;
      if (rest.length > 0 && !this.#goOn(rest)) return;
    }
  }

  async end(): Promise<ReadTrouble | undefined> {
    if (this.#isWanted && this.#trouble === undefined && this.#rest.length === 0) {
      await this.#feed.end();
      if (this.#feed.error !== undefined) this.#trouble ??= { kind: "unreadable", message: this.#feed.error };
    } else await this.#feed.end();
    if (this.#rest.length > 0) this.#trouble ??= this.#followed;
    return this.#trouble;
  }

  /** Begins the next frame. False where there is none, or not yet enough of it. */
  #goOn(rest: Uint8Array): boolean {
    if (this.#trouble !== undefined || !this.#isWanted) return false;
    if (rest.length < 4) {
      this.#rest = rest;
      return false;
    }
    if (!this.#packed.goesOn(rest)) {
      this.#trouble = this.#followed;
      return false;
    }
    this.#feed = this.#open();
    return true;
  }

  get #followed(): ReadTrouble {
    return { kind: "unreadable", message: `something follows the end of the ${this.#packed.name} archive` };
  }

  #open(): ZlibFeed {
    const before = this.#consumed;
    return new ZlibFeed({
      stream: this.#packed.create(),
      messages: this.#packed.messages,
      take: (content, consumed) => {
        this.#trouble = this.#limit.count(content.length, before + consumed);
        this.#isWanted = this.#trouble === undefined && this.#take(content);
        return this.#isWanted;
      },
    });
  }
}
