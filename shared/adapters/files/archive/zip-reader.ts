/**
 * Unpacks a ZIP archive while its bytes arrive. The archive may be hostile: it is read from its first byte, so that nothing in it
 * is hidden, and its directory at the end must say the same. Format: PKWARE APPNOTE 6.3.10.
 */
import { crc32, createInflateRaw } from "node:zlib";
import type { ReadTrouble } from "../../../core/data/data-files.ts";
import { findNameFault, readDirectory, readLocalHeader, type ZipMember } from "./zip-format.ts";
import { ZlibFeed } from "./zlib-feed.ts";

const CHUNK = { chunkSize: 256 * 1024 };
const STORED = 0;
const DEFLATED = 8;
/** Of the directory at the end: some ten thousand names. */
const MAX_DIRECTORY_BYTES = 4 * 1024 * 1024;
/** Who wants the content. */
export interface ZipVisitor {
  /** What to do with a member: take its content, skip it, or what is wrong with the archive because of it. */
  readonly open: (member: ZipMember) => "take" | "skip" | { readonly fault: string };
  /** Takes content of the member that was opened last, and says whether to go on. */
  readonly take: (content: Uint8Array) => boolean;
  /** All that is unpacked, also of what is skipped: what is too much ends it. @param consumed bytes of the archive until then */
  readonly count: (bytes: number, consumed: number) => ReadTrouble | undefined;
}

/** A member whose content is being read. */
interface Open {
  readonly member: ZipMember;
  readonly feed: ZlibFeed | undefined;
  readonly isTaken: boolean;
  packed: number;
  size: number;
  crc: number;
}

export class ZipReader {
  readonly #visitor: ZipVisitor;
  #held: Uint8Array = new Uint8Array(0);
  /** Of the archive, at which `#held` begins. */
  #at = 0;
  #open: Open | undefined;
  /** The content is read; its length and checksum may follow. */
  #isUnpacked = false;
  #hasDescriptor = false;
  readonly #members: ZipMember[] = [];
  #isInDirectory = false;
  #isWanted = true;
  #trouble: ReadTrouble | undefined;

  constructor(visitor: ZipVisitor) {
    this.#visitor = visitor;
  }

  async push(bytes: Uint8Array): Promise<void> {
    if (this.#trouble !== undefined || !this.#isWanted) return;
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    while (this.#trouble === undefined && this.#isWanted) {
      const used = await this.#step();
      this.#at += used;
      this.#held = this.#held.subarray(used);
      if (used === 0) break;
    }
    if (this.#isInDirectory && this.#held.length > MAX_DIRECTORY_BYTES)
      this.#refuse("has a directory that is too long");
  }

  async end(): Promise<ReadTrouble | undefined> {
    await this.#open?.feed?.end();
    if (this.#trouble !== undefined || !this.#isWanted) return this.#trouble;
    if (!this.#isInDirectory) this.#refuse("is cut off");
    else {
      const fault = readDirectory(this.#held, this.#members, this.#at);
      if (fault !== undefined) this.#refuse(fault);
    }
    return this.#trouble;
  }

  /** Reads a part of what is held. Returns its length; 0 when more is needed. */
  async #step(): Promise<number> {
    if (this.#isInDirectory) return 0;
    if (this.#open === undefined) return this.#readHeader();
    return this.#isUnpacked ? this.#readDescriptor(this.#open) : this.#unpack(this.#open);
  }

  #readHeader(): number {
    const header = readLocalHeader(this.#held, this.#at);
    if (header === "incomplete") return 0;
    if (header === "directory") {
      this.#isInDirectory = true;
      return 0;
    }
    if (typeof header === "string") return this.#refuse(header);
    const { member, length } = header;
    const { name, method, hasDescriptor, isEncrypted, packed, size } = member;
    const fault = findNameFault(name);
    if (fault !== undefined) return this.#refuse(fault);
    if (isEncrypted) return this.#refuse("is encrypted: pack it without a password");
    if (method !== STORED && method !== DEFLATED)
      return this.#refuse("is not packed by deflate, as zip does by default");
    if (method === STORED && hasDescriptor) return this.#refuse("does not say how long its file is");
    if (name.endsWith("/") && !hasDescriptor && size > 0) return this.#refuse("has a folder with content");
    const wish = name.endsWith("/") ? "skip" : this.#visitor.open(member);
    if (typeof wish === "object") return this.#refuse(wish.fault);
    this.#hasDescriptor = hasDescriptor;
    const take = (content: Uint8Array, consumed: number): boolean => this.#takeContent(content, consumed);
    const stream = method === DEFLATED ? createInflateRaw(CHUNK) : undefined;
    const feed = stream && new ZlibFeed({ stream, take, messages: { other: "corrupt" } });
    this.#open = { member, feed, isTaken: wish === "take", packed: 0, size: 0, crc: 0 };
    this.#isUnpacked = method === STORED && packed === 0;
    return length;
  }

  async #unpack(open: Open): Promise<number> {
    const { member, feed } = open;
    if (this.#held.length === 0) return 0;
    if (feed === undefined) {
      const bytes = this.#held.subarray(0, member.packed - open.packed);
      open.packed += bytes.length;
      this.#takeContent(bytes, open.packed);
      this.#isUnpacked = open.packed === member.packed;
      return bytes.length;
    }
    const length = this.#held.length;
    // A member that says how long it is takes no more: what follows is not its own.
    const own = this.#hasDescriptor ? this.#held : this.#held.subarray(0, member.packed - open.packed);
    const used = await feed.push(own);
    open.packed += used;
    if (feed.error !== undefined) return this.#refuse("is corrupt");
    const isComplete = used < own.length || (!this.#hasDescriptor && open.packed === member.packed);
    if (isComplete) {
      await feed.end();
      if (feed.error !== undefined) return this.#refuse("is corrupt");
      this.#isUnpacked = true;
      if (!this.#hasDescriptor && open.packed !== member.packed)
        return this.#refuse("is corrupt: its lengths are wrong");
    }
    return used === 0 && length > 0 && isComplete ? this.#readDescriptor(open) : used;
  }

  #takeContent(content: Uint8Array, consumed: number): boolean {
    const open = this.#open;
    if (open === undefined) return false;
    open.size += content.length;
    open.crc = crc32(content, open.crc);
    this.#trouble = this.#visitor.count(content.length, open.member.offset + consumed);
    if (this.#trouble === undefined && open.isTaken) this.#isWanted = this.#visitor.take(content);
    return this.#trouble === undefined && this.#isWanted;
  }

  /** What follows the content when its length was not known before: the checksum and both lengths. */
  #readDescriptor(open: Open): number {
    const { member, packed, size, crc } = open;
    const found = { ...member, packed, size, crc };
    if (!this.#hasDescriptor) {
      if (size !== member.size || crc !== member.crc)
        return this.#refuse("is corrupt: its content or its checksum is wrong");
      this.#finish(found);
      return this.#readHeader();
    }
    const length = descriptorLength(this.#held, found);
    if (length === 0)
      return this.#held.length < MAX_DESCRIPTOR ? 0 : this.#refuse("is corrupt: its content or its checksum is wrong");
    this.#finish(found);
    return length;
  }

  #finish(member: ZipMember): void {
    this.#members.push(member);
    this.#open = undefined;
    this.#isUnpacked = false;
  }

  #refuse(what: string): 0 {
    this.#trouble ??= { kind: "unreadable", message: `the ZIP archive ${what}` };
    return 0;
  }
}

const SIGNATURE = 0x08074b50;
/** With the beginning of what follows. */
const MAX_DESCRIPTOR = 26;

/** With or without a signature, with lengths of four or of eight bytes: the one that says what was found. 0 for none. */
function descriptorLength(bytes: Uint8Array, { crc, packed, size }: ZipMember): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const isSigned of [true, false]) {
    for (const width of [4, 8]) {
      const from = isSigned ? 4 : 0;
      const length = from + 4 + 2 * width;
      if (bytes.length < length || (isSigned && view.getUint32(0, true) !== SIGNATURE)) continue;
      const read = (at: number): number =>
        width === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
      const isIt = view.getUint32(from, true) === crc && read(from + 4) === packed && read(from + 4 + width) === size;
      // Those of four bytes may be the beginning of those of eight: the next header tells.
      if (isIt && isFollowed(bytes, length)) return length;
    }
  }
  return 0;
}

/** By the signature of another part of the archive. */
const isFollowed = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0x50 && bytes[at + 1] === 0x4b;
