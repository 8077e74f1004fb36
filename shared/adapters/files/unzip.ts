/**
 * Extracts a zip archive in memory: artifacts are such archives. An untrusted user may have made it: nothing is written to
 * disk, and an unusual archive is rejected, not read in part. Format: PKWARE APPNOTE 6.3.10, without zip64, encryption and
 * links.
 */
import { crc32, inflateRawSync } from "node:zlib";
import { userError } from "../../problem/problem.ts";

/** Records and reports are far smaller; an archive that unpacks to more is not one of ours. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
const MAX_ENTRIES = 1_000;
/** The end record is 22 bytes and a comment of at most 65,535. */
const END_RECORD = { signature: 0x06054b50, size: 22, maxCommentLength: 0xffff } as const;
const CENTRAL_HEADER = { signature: 0x02014b50, size: 46 } as const;
const LOCAL_HEADER = { signature: 0x04034b50, size: 30 } as const;
const COMPRESSION_METHOD = { stored: 0, deflated: 8 } as const;
const UNIX_SYMLINK_TYPE = 0o120000;
const UNIX_TYPE_MASK = 0o170000;

interface ZipEntry {
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * @param name of the archive, for messages
 * @returns the bytes of each path, without folders
 * @throws ActionError `archive-broken`, `archive-unsafe`, `archive-too-large`
 */
export function unzip(bytes: Uint8Array, name: string): ReadonlyMap<string, Uint8Array> {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const files = new Map<string, Uint8Array>();
    const lowerCasePaths = new Set<string>();
    let bytesLeft = MAX_UNPACKED_BYTES;
    for (const entry of readEntries(archive, name)) {
      assertSafeEntryPath(entry.path, name);
      // On Windows and macOS "A" and "a" are one file: another program could read a different one than this does.
      const lowerCasePath = entry.path.toLowerCase();
      if (lowerCasePaths.has(lowerCasePath)) throw unsafe(name, "two entries have the same name");
      lowerCasePaths.add(lowerCasePath);
      bytesLeft -= entry.size;
      if (bytesLeft < 0) throw tooLarge(name);
      if (!entry.path.endsWith("/")) files.set(entry.path, extractEntry(archive, entry, name));
    }
    return files;
  } catch (error) {
    // Offsets outside the archive, streams that are not deflate or that give more bytes than declared.
    if (error instanceof RangeError || (error instanceof Error && "errno" in error)) throw broken(name, error);
    throw error;
  }
}

function readEntries(archive: Buffer, name: string): readonly ZipEntry[] {
  const end = findEndRecord(archive, name);
  const count = archive.readUInt16LE(end + 10);
  if (count > MAX_ENTRIES) throw tooLarge(name);
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (archive.readUInt32LE(at) !== CENTRAL_HEADER.signature) throw broken(name);
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => archive.readUInt16LE(at + field));
    const path = decode(archive.subarray(at + CENTRAL_HEADER.size, at + CENTRAL_HEADER.size + (nameLength ?? 0)), name);
    if ((archive.readUInt16LE(at + 8) & 1) !== 0) throw unsafe(name, "an entry is encrypted");
    if (((archive.readUInt32LE(at + 38) >>> 16) & UNIX_TYPE_MASK) === UNIX_SYMLINK_TYPE)
      throw unsafe(name, "an entry is a link");
    entries.push({
      path,
      method: archive.readUInt16LE(at + 10),
      crc: archive.readUInt32LE(at + 16),
      compressedSize: archive.readUInt32LE(at + 20),
      size: archive.readUInt32LE(at + 24),
      offset: archive.readUInt32LE(at + 42),
    });
    at += CENTRAL_HEADER.size + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  if (at > end) throw broken(name);
  return entries;
}

function findEndRecord(archive: Buffer, name: string): number {
  const first = Math.max(0, archive.length - END_RECORD.size - END_RECORD.maxCommentLength);
  for (let at = archive.length - END_RECORD.size; at >= first; at -= 1) {
    // The comment must fill the rest: otherwise a signature inside it could start another archive.
    if (archive.readUInt32LE(at) !== END_RECORD.signature) continue;
    if (archive.readUInt16LE(at + 20) === archive.length - at - END_RECORD.size) return at;
  }
  throw broken(name);
}

function extractEntry(archive: Buffer, entry: ZipEntry, name: string): Uint8Array {
  const { offset, compressedSize, size } = entry;
  if (archive.readUInt32LE(offset) !== LOCAL_HEADER.signature) throw broken(name);
  const nameEnd = offset + LOCAL_HEADER.size + archive.readUInt16LE(offset + 26);
  if (decode(archive.subarray(offset + LOCAL_HEADER.size, nameEnd), name) !== entry.path) {
    throw unsafe(name, "an entry has two names");
  }
  const start = nameEnd + archive.readUInt16LE(offset + 28);
  const data = archive.subarray(start, start + compressedSize);
  if (data.length !== compressedSize) throw broken(name);
  const content = inflate(data, entry, name);
  if (content.length !== size || crc32(content) !== entry.crc) throw broken(name);
  return content;
}

function inflate(data: Buffer, { method, size }: ZipEntry, name: string): Uint8Array {
  if (method === COMPRESSION_METHOD.stored) return data;
  if (method !== COMPRESSION_METHOD.deflated) throw unsafe(name, "an entry has an unknown compression");
  return size === 0 ? new Uint8Array() : inflateRawSync(data, { maxOutputLength: size });
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unsafe(name, "an entry's name is not UTF-8");
  }
}

function assertSafeEntryPath(path: string, name: string): void {
  const parts = path.replace(/\/$/, "").split("/");
  const unsafePath = /[\p{Cc}\\:]/u.test(path) || parts.some((part) => part === "" || part === "." || part === "..");
  if (unsafePath) throw unsafe(name, "an entry's name is not a safe path");
}

const REBUILD_ARTIFACT_FIX = "Upload the artifact with actions/upload-artifact, and re-run the job that uploads it";

const broken = (name: string, cause?: unknown): Error =>
  userError(
    { code: "archive-broken", message: `${name} is not a complete zip archive`, fix: REBUILD_ARTIFACT_FIX },
    cause,
  );

const unsafe = (name: string, why: string): Error =>
  userError({ code: "archive-unsafe", message: `${name} cannot be trusted: ${why}`, fix: REBUILD_ARTIFACT_FIX });

const tooLarge = (name: string): Error =>
  userError({
    code: "archive-too-large",
    message: `${name} unpacks to more than ${MAX_UNPACKED_BYTES / 1024 / 1024} MiB or ${MAX_ENTRIES} files`,
    fix: "Put only the record into the artifact",
  });
