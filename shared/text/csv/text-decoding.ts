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

/** The characters of windows-1252 from 0x80 on. Five of these bytes have none. */
const FROM_0X80 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

const UNITS = Uint16Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 || byte > 0x9f ? byte : FROM_0X80.charCodeAt(byte - 0x80),
);

/** Without its own `TextDecoder`, which is one of latin-1 in several releases of Node 20 to 24 (nodejs/node#56542). */
class Windows1252Decoder implements TextDecoding {
  readonly #utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });

  push(bytes: Uint8Array): string {
    const units = new Uint8Array(2 * bytes.length);
    for (let at = 0; at < bytes.length; at += 1) {
      const unit = UNITS[bytes[at] ?? 0] ?? 0;
      units[2 * at] = unit & 0xff;
      units[2 * at + 1] = unit >> 8;
    }
    return this.#utf16.decode(units);
  }

  end(): string {
    return "";
  }
}
