/**
 * Reads a tar archive while its bytes arrive: POSIX ustar and pax, and the long names of GNU. It may be hostile: links, devices and
 * whatever else is no file or folder end it, and so does a name that is no safe path.
 */
import { findNameFault } from "./zip-format.ts";

/** Who wants the content of files. */
export interface TarVisitor {
  /** @returns whether its content is taken; or what is wrong with the archive because of it */
  readonly open: (name: string, bytes: number) => Promise<boolean | { readonly fault: string }>;
  readonly take: (content: Uint8Array) => Promise<void>;
}

const BLOCK = 512;
/** Of a pax header or a long name. */
const MAX_TEXT_BYTES = 1024 * 1024;
const KINDS = { file: ["0", "\0", "7"], folder: "5", pax: "x", paxOfAll: "g", longName: "L", longLink: "K" } as const;

interface Entry {
  readonly kind: "taken" | "skipped" | "text";
  /** Of its content, and of what fills the last block. */
  left: number;
  padding: number;
  readonly textKind: string;
}

export class TarReader {
  readonly #visitor: TarVisitor;
  #held: Buffer = Buffer.alloc(0);
  #entry: Entry | undefined;
  #texts: Buffer[] = [];
  /** From an extended header, for the next file. */
  #name: string | undefined;
  #size: number | undefined;
  #hasEnded = false;

  constructor(visitor: TarVisitor) {
    this.#visitor = visitor;
  }

  /** @returns what is wrong with the archive */
  async push(bytes: Uint8Array): Promise<string | undefined> {
    this.#held =
      this.#held.length === 0
        ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
        : Buffer.concat([this.#held, bytes]);
    for (;;) {
      const { length } = this.#held;
      const fault = await this.#step();
      if (fault !== undefined || this.#held.length === length) return fault;
    }
  }

  end(): string | undefined {
    if (this.#entry !== undefined || this.#held.length > 0) return "is cut off";
    return this.#hasEnded ? undefined : "has no end";
  }

  async #step(): Promise<string | undefined> {
    const entry = this.#entry;
    if (entry === undefined) return this.#held.length < BLOCK ? undefined : this.#readHeader();
    if (entry.left > 0) {
      const content = this.#shift(entry.left);
      entry.left -= content.length;
      if (content.length > 0 && entry.kind === "taken") await this.#visitor.take(content);
      if (entry.kind === "text") this.#texts.push(content);
    } else if (entry.padding > 0) entry.padding -= this.#shift(entry.padding).length;
    if (entry.left > 0 || entry.padding > 0) return undefined;
    this.#entry = undefined;
    return entry.kind === "text" ? this.#readText(entry.textKind) : undefined;
  }

  #shift(most: number): Buffer {
    const taken = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(taken.length);
    return taken;
  }

  async #readHeader(): Promise<string | undefined> {
    const header = this.#shift(BLOCK);
    // Two blocks of zeros end it, and zeros may follow.
    if (header.every((byte) => byte === 0)) {
      this.#hasEnded = true;
      return undefined;
    }
    if (this.#hasEnded) return "is followed by something else";
    if (!hasRightSum(header)) return "is corrupt: a header has another checksum";
    const kind = String.fromCharCode(header[156] ?? 0);
    const own = readNumber(header.subarray(124, 136));
    if (own === undefined) return "is corrupt: a size is no number";
    if (kind === KINDS.pax || kind === KINDS.paxOfAll || kind === KINDS.longName || kind === KINDS.longLink) {
      if (own > MAX_TEXT_BYTES || own === 0) return "has an extended header without a proper length";
      this.#texts = [];
      this.#entry = { kind: "text", left: own, padding: paddingOf(own), textKind: kind };
      return undefined;
    }
    const size = this.#size ?? own;
    const name = this.#name ?? nameOf(header);
    this.#name = undefined;
    this.#size = undefined;
    return this.#openEntry(name, kind, size);
  }

  async #openEntry(name: string | undefined, kind: string, size: number): Promise<string | undefined> {
    const path = name?.replace(/^(?:\.\/)+/, "") ?? "";
    const isFolder = kind === KINDS.folder;
    if (isFolder && (path === "" || path === ".")) return undefined;
    if (name === undefined || findNameFault(path) !== undefined) return "has a file whose name is no safe path";
    if (isFolder) return size === 0 ? undefined : "has a folder with content";
    if (!(KINDS.file as readonly string[]).includes(kind)) return "has a link or a device";
    if (path.endsWith("/")) return "has a file whose name is no safe path";
    const wish = await this.#visitor.open(path, size);
    if (typeof wish === "object") return wish.fault;
    if (size > 0)
      this.#entry = { kind: wish ? "taken" : "skipped", left: size, padding: paddingOf(size), textKind: "" };
    return undefined;
  }

  #readText(kind: string): string | undefined {
    const text = decode(Buffer.concat(this.#texts));
    if (text === undefined) return "has a name that is not UTF-8";
    if (kind === KINDS.longName) this.#name = text.replace(/\0+$/, "");
    if (kind !== KINDS.pax) return undefined;
    const records = readPax(text);
    if (records === undefined) return "is corrupt: an extended header cannot be read";
    // A sparse file has other content than its bytes here.
    if ([...records.keys()].some((key) => key.startsWith("GNU.sparse"))) return "has a sparse file";
    this.#name = records.get("path") ?? this.#name;
    const size = records.get("size");
    if (size !== undefined && !/^\d{1,15}$/.test(size)) return "is corrupt: a size is no number";
    this.#size = size === undefined ? this.#size : Number(size);
    return undefined;
  }
}

/** What fills the last block of a content. */
const paddingOf = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

/** `<length> <key>=<value>\n`, the length in bytes. @returns `undefined`: it is not of that form */
function readPax(text: string): ReadonlyMap<string, string> | undefined {
  const bytes = Buffer.from(text);
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const [whole = "", length = ""] = /^(\d{1,7}) /.exec(bytes.toString("latin1", at, at + 8)) ?? [];
    const end = at + Number(length);
    const record = bytes.toString("utf8", at + whole.length, end - 1);
    const equals = record.indexOf("=");
    if (whole === "" || end > bytes.length || bytes[end - 1] !== 10 || equals < 1) return undefined;
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at = end;
  }
  return records;
}

function nameOf(header: Buffer): string | undefined {
  const text = (start: number, end: number): string | undefined => {
    const field = header.subarray(start, end);
    const zero = field.indexOf(0);
    return decode(zero === -1 ? field : field.subarray(0, zero));
  };
  const name = text(0, 100);
  const isUstar = header.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isUstar ? text(345, 500) : "";
  return name === undefined || prefix === undefined ? undefined : prefix === "" ? name : `${prefix}/${name}`;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Octal digits; or, of GNU, a number of 256 in big-endian bytes, marked by its first bit. */
function readNumber(field: Buffer): number | undefined {
  if (((field[0] ?? 0) & 0x80) !== 0) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, (field[0] ?? 0) & 0x7f);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const text = field
    .toString("latin1")
    .replace(/[\0 ]+$/, "")
    .trimStart();
  return /^[0-7]{1,12}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

/** The sum of all bytes, with blanks in place of the sum itself. */
function hasRightSum(header: Buffer): boolean {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  return readNumber(header.subarray(148, 156)) === sum;
}
