/** Bytes in any encoding to text, in chunks. Invalid bytes stay visible instead of being replaced. */
import { Utf8Decoder } from "./utf8-decoder.ts";

export interface TextDecoding {
  /** What is no text becomes a lone surrogate, which `isWellFormed()` finds later, on its line. */
  push(bytes: Uint8Array): string;
  end(): string;
}

/** The name that browsers have for an encoding (`utf-8` for `UTF8`); undefined for what they, or this Node, do not know. */
export function canonicalEncoding(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

const MARKS = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
] as const;

/** The encoding that a file says itself, by a byte order mark. */
export function encodingOfMark(start: Uint8Array): string | undefined {
  return MARKS.find(([, mark]) => mark.every((byte, at) => start[at] === byte))?.[0];
}

/** @param encoding as `canonicalEncoding` returned it */
export function createTextDecoding(encoding: string): TextDecoding {
  if (encoding === "utf-8") return new Utf8Decoder();
  return encoding === "windows-1252" ? new Windows1252Decoder() : new OtherDecoder(encoding);
}

class OtherDecoder implements TextDecoding {
  readonly #decoder: InstanceType<typeof TextDecoder>;

  constructor(encoding: string) {
    this.#decoder = new TextDecoder(encoding);
  }

  push(bytes: Uint8Array): string {
    return markReplaced(this.#decoder.decode(bytes, { stream: true }));
  }

  end(): string {
    return markReplaced(this.#decoder.decode());
  }
}

/** The replacement character says that there was no text; as text of its own it says the same of an earlier program. */
const markReplaced = (text: string): string => (text.includes("\uFFFD") ? text.replaceAll("\uFFFD", "\uDCFF") : text);

const CHUNK = 8192;

/** Without `TextDecoder`, which reads this encoding as latin-1 in several releases of Node 20 to 24 (nodejs/node#56542). */
class Windows1252Decoder implements TextDecoding {
  push(bytes: Uint8Array): string {
    let text = "";
    for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
    return text.replace(/[\u0080-\u009f]/g, (unit) => FROM_0X80[unit.charCodeAt(0) - 0x80] ?? unit);
  }

  end(): string {
    return "";
  }
}

/** Five of these bytes have no character. */
const FROM_0X80 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
