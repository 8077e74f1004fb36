/** Bytes to text in chunks. Invalid bytes stay visible instead of being replaced. */

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes UTF-8 across chunks. A byte that is not UTF-8 becomes a lone surrogate, U+DC80 to U+DCFF: no valid text has
 * one, so `isWellFormed()` finds it later, on its line. (Python calls this `surrogateescape`, PEP 383.)
 */
export class Utf8Decoder {
  #carry: Uint8Array = new Uint8Array(0);
  #started: boolean;

  /** @param isContinued whether text was before: then there is no byte order mark */
  constructor(isContinued = false) {
    this.#started = isContinued;
  }

  push(bytes: Uint8Array): string {
    const joined = this.#carry.length === 0 ? bytes : concatenate(this.#carry, bytes);
    const complete = joined.length - countIncompleteBytes(joined);
    // A copy: the caller may reuse its buffer.
    this.#carry = joined.slice(complete);
    return this.#decode(joined.subarray(0, complete));
  }

  /** Returns what is left when the bytes end within a character. */
  end(): string {
    const rest = this.#carry;
    this.#carry = new Uint8Array(0);
    return this.#decode(rest);
  }

  #decode(bytes: Uint8Array): string {
    const text = decodeUtf8(bytes);
    if (this.#started || text === "") return text;
    this.#started = true;
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  }
}

/** Up to so many characters it is faster to put them together than to call the decoder. */
const MAX_SHORT = 8;

/** Undefined for what is more than ASCII. */
function decodeShort(bytes: Uint8Array): string | undefined {
  let text = "";
  for (const byte of bytes) {
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Decodes bytes that begin and end with whole characters; those that are not UTF-8 become lone surrogates. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.length <= MAX_SHORT) {
    const short = decodeShort(bytes);
    if (short !== undefined) return short;
  }
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return escapeInvalid(bytes);
  }
}

/** How many bytes at the end begin a character that the next chunk may complete: 0 to 3. */
function countIncompleteBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80 || byte > 0xf4) return 0;
    if (byte >= 0xc0) return back < sequenceLength(byte) ? back : 0;
  }
  return 0;
}

const sequenceLength = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2);

function escapeInvalid(bytes: Uint8Array): string {
  const parts: string[] = [];
  let from = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = validSequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    if (at > from) parts.push(strictDecoder.decode(bytes.subarray(from, at)));
    parts.push(String.fromCharCode(0xdc00 + (bytes[at] ?? 0)));
    at += 1;
    from = at;
  }
  if (at > from) parts.push(strictDecoder.decode(bytes.subarray(from, at)));
  return parts.join("");
}

/** The length of the character that starts here; 0 when none does (RFC 3629, section 4). */
export function validSequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = sequenceLength(lead);
  if (at + length > bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let next = 2; next < length; next += 1) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
