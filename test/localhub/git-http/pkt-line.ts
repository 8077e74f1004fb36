/** git's framing: four hexadecimal digits of length, then that much; `0000` ends a section (gitprotocol-common). */
import { ApiError } from "../world/api-error.ts";

/** The longest line, its four length digits included. */
const MAX_LINE_LENGTH = 65_520;
const LENGTH_DIGITS = 4;

export const FLUSH = Buffer.from("0000");

export function pktLine(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const length = (bytes.length + LENGTH_DIGITS).toString(16).padStart(LENGTH_DIGITS, "0");
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** Content of a side band (1: data, 2: messages for people), cut into as many lines as it takes. */
export function sideBand(band: 1 | 2, content: Uint8Array): Buffer {
  // One byte of each line is the number of the band.
  const size = MAX_LINE_LENGTH - LENGTH_DIGITS - 1;
  const lines: Buffer[] = [];
  for (let at = 0; at < content.length; at += size)
    lines.push(pktLine(Buffer.concat([Buffer.from([band]), content.subarray(at, at + size)])));
  return Buffer.concat(lines);
}

export interface PktSection {
  /** Without their line feeds. */
  readonly lines: readonly string[];
  /** What comes after the flush. */
  readonly rest: Buffer;
}

/** Reads lines up to the flush. @throws ApiError 400 for bytes that are not such a section. */
export function readPktSection(bytes: Buffer): PktSection {
  const lines: string[] = [];
  for (let at = 0; ; ) {
    const length = Number.parseInt(bytes.toString("latin1", at, at + LENGTH_DIGITS), 16);
    if (length === 0) return { lines, rest: bytes.subarray(at + LENGTH_DIGITS) };
    if (!(length > LENGTH_DIGITS) || at + length > bytes.length)
      throw new ApiError(400, `invalid pkt-line at byte ${at} of the request`);
    lines.push(bytes.toString("utf8", at + LENGTH_DIGITS, at + length).replace(/\n$/, ""));
    at += length;
  }
}
