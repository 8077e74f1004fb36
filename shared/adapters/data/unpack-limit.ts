/** How much a packed file may unpack to: a few kilobytes can be gigabytes of content. */
import type { ReadTrouble } from "../../core/data/data-files.ts";

/** Takes content, and says whether it wants more. */
export type Take = (content: Uint8Array) => boolean;

/** 8 MiB: what unpacks to no more than this is small enough, whatever its ratio. */
const RATIO_EXEMPT_BYTES = 8 * 1024 * 1024;

export class UnpackLimit {
  readonly #maxRatio: number;
  readonly #exemptBytes: number;
  #bytes = 0;

  /** @param maxRatio unpacked bytes per packed byte: gzip itself reaches 1,032, tables rarely 50 */
  constructor(maxRatio: number, exemptBytes = RATIO_EXEMPT_BYTES) {
    this.#maxRatio = maxRatio;
    this.#exemptBytes = exemptBytes;
  }

  /** @param consumed of the packed bytes so far: a chunk of which little was read may yet unpack to anything */
  count(bytes: number, consumed: number): ReadTrouble | undefined {
    this.#bytes += bytes;
    if (this.#bytes <= this.#exemptBytes || this.#bytes <= this.#maxRatio * consumed) return undefined;
    return { kind: "too-large", message: `it unpacks to more than ${this.#maxRatio} times its size` };
  }
}
