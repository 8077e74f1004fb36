/** The parts of a ZIP archive that say what is in it. */

/** What an archive says of one of its members. */
export interface ZipMember {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  /** Lengths and checksum come after the content. */
  readonly hasDescriptor: boolean;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
  /** Where it begins in the archive. */
  readonly offset: number;
}

const LOCAL = { signature: 0x04034b50, size: 30 } as const;
const CENTRAL = { signature: 0x02014b50, size: 46 } as const;
const END = { signature: 0x06054b50, size: 22 } as const;
const END_64 = { signature: 0x06064b50, size: 56 } as const;
const LOCATOR_64 = { signature: 0x07064b50, size: 20 } as const;
/** Stands for a length that is in the extra field. */
const IN_EXTRA = 0xffffffff;
const ZIP64 = 1;
const ENCRYPTED = 1;
const HAS_DESCRIPTOR = 8;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The header before a member's content; or that there are too few bytes, that the directory begins, or what is wrong. */
export function readLocalHeader(
  bytes: Uint8Array,
  offset: number,
): { readonly member: ZipMember; readonly length: number } | "incomplete" | "directory" | "is corrupt" {
  if (bytes.length < 4) return "incomplete";
  const view = viewOf(bytes);
  const signature = view.getUint32(0, true);
  if (signature === CENTRAL.signature || signature === END.signature) return "directory";
  if (signature !== LOCAL.signature) return "is corrupt";
  if (bytes.length < LOCAL.size) return "incomplete";
  const [nameLength, extraLength] = [view.getUint16(26, true), view.getUint16(28, true)];
  const length = LOCAL.size + nameLength + extraLength;
  if (bytes.length < length) return "incomplete";
  const flags = view.getUint16(6, true);
  const extra = bytes.subarray(LOCAL.size + nameLength, length);
  const [size, packed] = readLengths(extra, [view.getUint32(22, true), view.getUint32(18, true)]);
  const member = {
    name: nameOf(bytes.subarray(LOCAL.size, LOCAL.size + nameLength)),
    method: view.getUint16(8, true),
    isEncrypted: (flags & ENCRYPTED) !== 0,
    hasDescriptor: (flags & HAS_DESCRIPTOR) !== 0,
    crc: view.getUint32(14, true),
    ...{ packed: packed ?? 0, size: size ?? 0, offset },
  };
  return { member, length };
}

/** As characters of the bytes' numbers: it is only compared and looked at. */
const nameOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** Lengths and offsets of eight bytes are in the extra field, for those that have no room in four. */
function readLengths(extra: Uint8Array, short: readonly number[]): readonly number[] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== ZIP64) continue;
    let next = at + 4;
    return short.map((value) => {
      if (value !== IN_EXTRA || next + 8 > extra.length) return value;
      next += 8;
      return Number(view.getBigUint64(next - 8, true));
    });
  }
  return short;
}

/** Nothing is written under these names; an archive with such a one was made to do harm, or by a broken program. */
export function findNameFault(name: string): string | undefined {
  const parts = name.replace(/\/$/, "").split("/");
  const isUnsafe = /[\p{Cc}\\:]/u.test(name) || parts.some((part) => part === "" || part === "." || part === "..");
  return isUnsafe ? "has a file whose name is no safe path" : undefined;
}

/**
 * Whether the directory says the same as what was found. Returns what is wrong.
 * @param at where in the archive the directory begins
 */
export function readDirectory(bytes: Uint8Array, members: readonly ZipMember[], at: number): string | undefined {
  const found = new Map(members.map((member) => [member.offset, member]));
  let next = 0;
  for (;;) {
    const entry = readDirectoryEntry(bytes, next);
    if (entry === undefined) break;
    if (entry === "incomplete") return "is cut off";
    const member = found.get(entry.member.offset);
    const isSame =
      member?.name === entry.member.name &&
      member.size === entry.member.size &&
      member.packed === entry.member.packed &&
      member.crc === entry.member.crc;
    if (!isSame) return "says two things about a file";
    found.delete(entry.member.offset);
    next += entry.length;
  }
  if (found.size > 0) return "has a file that its directory does not name";
  return readEnd(bytes, next, at);
}

/** @returns `undefined` where no entry begins */
function readDirectoryEntry(
  bytes: Uint8Array,
  at: number,
): { readonly member: ZipMember; readonly length: number } | "incomplete" | undefined {
  const view = viewOf(bytes);
  if (at + 4 > bytes.length || view.getUint32(at, true) !== CENTRAL.signature) return undefined;
  if (at + CENTRAL.size > bytes.length) return "incomplete";
  const [name = 0, extra = 0, comment = 0] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
  const length = CENTRAL.size + name + extra + comment;
  if (at + length > bytes.length) return "incomplete";
  const nameEnd = at + CENTRAL.size + name;
  const shorts = [24, 20, 42].map((field) => view.getUint32(at + field, true));
  const [size = 0, packed = 0, offset = -1] = readLengths(bytes.subarray(nameEnd, nameEnd + extra), shorts);
  const flags = view.getUint16(at + 8, true);
  const member = {
    name: nameOf(bytes.subarray(at + CENTRAL.size, nameEnd)),
    method: view.getUint16(at + 10, true),
    isEncrypted: (flags & ENCRYPTED) !== 0,
    hasDescriptor: (flags & HAS_DESCRIPTOR) !== 0,
    crc: view.getUint32(at + 16, true),
    ...{ packed, size, offset },
  };
  return { member, length };
}

/** At most, what comes after the directory: its end, with a comment of 65,535 bytes, and the same for large archives. */
export const MAX_END_BYTES = END.size + 0xffff + LOCATOR_64.size + END_64.size;

/**
 * Where the directory begins, by the end of an archive.
 *
 * @param tail the last bytes of the archive: `MAX_END_BYTES` of them, or all there are
 * @returns `undefined`: it is no ZIP archive
 */
export function findDirectory(tail: Uint8Array): number | undefined {
  const view = viewOf(tail);
  for (let at = tail.length - END.size; at >= 0; at--) {
    if (view.getUint32(at, true) !== END.signature) continue;
    // The comment must fill the rest: otherwise a signature inside it could start another archive.
    if (at + END.size + view.getUint16(at + 20, true) !== tail.length) continue;
    const start = view.getUint32(at + 16, true);
    if (start !== IN_EXTRA) return start;
    const end64 = at - LOCATOR_64.size - END_64.size;
    const isThere = end64 >= 0 && view.getUint32(end64, true) === END_64.signature;
    return isThere ? Number(view.getBigUint64(end64 + 48, true)) : undefined;
  }
  return undefined;
}

/** The members of an archive, by its directory alone: what a look without the content shows. @returns `undefined`: it is cut off */
export function listDirectory(bytes: Uint8Array): readonly ZipMember[] | undefined {
  const members: ZipMember[] = [];
  for (let at = 0; ; ) {
    const entry = readDirectoryEntry(bytes, at);
    if (entry === undefined) return members;
    if (entry === "incomplete") return undefined;
    members.push(entry.member);
    at += entry.length;
  }
}

/** A member's name as text: names are compared byte by byte, and UTF-8 is what everybody writes by now. */
export const textOfName = (name: string): string => Buffer.from(name, "latin1").toString("utf8");

function readEnd(bytes: Uint8Array, from: number, at: number): string | undefined {
  const view = viewOf(bytes);
  let next = from;
  const has = ({ signature, size }: { signature: number; size: number }): boolean =>
    next + size <= bytes.length && view.getUint32(next, true) === signature;
  if (has(END_64)) {
    next += 12 + Number(view.getBigUint64(next + 4, true));
    if (!has(LOCATOR_64)) return "is cut off";
    next += LOCATOR_64.size;
  }
  if (!has(END)) return "is cut off";
  const start = view.getUint32(next + 16, true);
  if (start !== IN_EXTRA && start !== at) return "is corrupt: its directory is elsewhere";
  const length = next + END.size + view.getUint16(next + 20, true);
  if (length > bytes.length) return "is cut off";
  return length === bytes.length ? undefined : "is followed by something else";
}
