/**
 * A zip archive in memory, as artifacts come. Whoever made it may be a stranger: nothing is written to disk, and what is
 * odd is refused whole rather than read in part. Format: PKWARE APPNOTE 6.3.10, without zip64, encryption and links.
 */
import { crc32, inflateRawSync } from "node:zlib";
import { mistake } from "../../action/problem.ts";

/** Records and reports are far below; an archive that unpacks to more is none of ours. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_ENTRIES = 1_000;
/** The end record is 22 bytes and a comment of at most 65,535. */
const END = { signature: 0x06054b50, size: 22, mostComment: 0xffff } as const;
const CENTRAL = { signature: 0x02014b50, size: 46 } as const;
const LOCAL = { signature: 0x04034b50, size: 30 } as const;
const METHOD = { stored: 0, deflated: 8 } as const;
const UNIX_LINK = 0o120000;
const UNIX_KIND = 0o170000;

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * @param name what the archive is, for messages
 * @returns path to bytes; folders are left out
 * @throws ActionFailure `archive-broken`, `archive-unsafe`, `archive-too-large`
 */
export function unzip(bytes: Uint8Array, name: string): ReadonlyMap<string, Uint8Array> {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const files = new Map<string, Uint8Array>();
    const folded = new Set<string>();
    let left = MOST_BYTES;
    for (const entry of readEntries(archive, name)) {
      assertSafe(entry.path, name);
      // On Windows and macOS "A" and "a" are one file: a second reader could see another one than we do.
      const fold = entry.path.toLowerCase();
      if (folded.has(fold)) throw unsafe(name, "two entries have one name");
      folded.add(fold);
      left -= entry.size;
      if (left < 0) throw tooLarge(name);
      if (!entry.path.endsWith("/")) files.set(entry.path, unpack(archive, entry, name));
    }
    return files;
  } catch (error) {
    // Offsets that lead out of the archive, streams that are no deflate or give more than they declare.
    if (error instanceof RangeError || (error instanceof Error && "errno" in error)) throw broken(name, error);
    throw error;
  }
}

function readEntries(archive: Buffer, name: string): readonly Entry[] {
  const end = findEnd(archive, name);
  const count = archive.readUInt16LE(end + 10);
  if (count > MOST_ENTRIES) throw tooLarge(name);
  const entries: Entry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (archive.readUInt32LE(at) !== CENTRAL.signature) throw broken(name);
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => archive.readUInt16LE(at + field));
    const path = decode(archive.subarray(at + CENTRAL.size, at + CENTRAL.size + (nameLength ?? 0)), name);
    if ((archive.readUInt16LE(at + 8) & 1) !== 0) throw unsafe(name, "an entry is encrypted");
    if (((archive.readUInt32LE(at + 38) >>> 16) & UNIX_KIND) === UNIX_LINK) throw unsafe(name, "an entry is a link");
    entries.push({
      path,
      method: archive.readUInt16LE(at + 10),
      crc: archive.readUInt32LE(at + 16),
      packed: archive.readUInt32LE(at + 20),
      size: archive.readUInt32LE(at + 24),
      offset: archive.readUInt32LE(at + 42),
    });
    at += CENTRAL.size + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  if (at > end) throw broken(name);
  return entries;
}

function findEnd(archive: Buffer, name: string): number {
  const first = Math.max(0, archive.length - END.size - END.mostComment);
  for (let at = archive.length - END.size; at >= first; at -= 1) {
    // The comment must fill the rest: else a signature inside it could start another archive.
    if (archive.readUInt32LE(at) !== END.signature) continue;
    if (archive.readUInt16LE(at + 20) === archive.length - at - END.size) return at;
  }
  throw broken(name);
}

function unpack(archive: Buffer, entry: Entry, name: string): Uint8Array {
  const { offset, packed, size } = entry;
  if (archive.readUInt32LE(offset) !== LOCAL.signature) throw broken(name);
  const nameEnd = offset + LOCAL.size + archive.readUInt16LE(offset + 26);
  if (decode(archive.subarray(offset + LOCAL.size, nameEnd), name) !== entry.path) {
    throw unsafe(name, "an entry has two names");
  }
  const start = nameEnd + archive.readUInt16LE(offset + 28);
  const data = archive.subarray(start, start + packed);
  if (data.length !== packed) throw broken(name);
  const content = inflate(data, entry, name);
  if (content.length !== size || crc32(content) !== entry.crc) throw broken(name);
  return content;
}

function inflate(data: Buffer, { method, size }: Entry, name: string): Uint8Array {
  if (method === METHOD.stored) return data;
  if (method !== METHOD.deflated) throw unsafe(name, "an entry is packed in an unusual way");
  return size === 0 ? new Uint8Array() : inflateRawSync(data, { maxOutputLength: size });
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unsafe(name, "an entry's name is not UTF-8");
  }
}

function assertSafe(path: string, name: string): void {
  const parts = path.replace(/\/$/, "").split("/");
  const odd = /[\p{Cc}\\:]/u.test(path) || parts.some((part) => part === "" || part === "." || part === "..");
  if (odd) throw unsafe(name, "an entry's name leads out of the archive");
}

const FIX = "Make the artifact with actions/upload-artifact, and run the job that makes it again";

const broken = (name: string, cause?: unknown): Error =>
  mistake({ code: "archive-broken", message: `${name} is not a whole zip archive`, fix: FIX }, cause);

const unsafe = (name: string, why: string): Error =>
  mistake({ code: "archive-unsafe", message: `${name} cannot be trusted: ${why}`, fix: FIX });

const tooLarge = (name: string): Error =>
  mistake({
    code: "archive-too-large",
    message: `${name} unpacks to more than ${MOST_BYTES / 1024 / 1024} MiB or ${MOST_ENTRIES} files`,
    fix: "Put only the record into the artifact",
  });
