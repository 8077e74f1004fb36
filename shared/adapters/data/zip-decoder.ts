/** Unpacks the only file of a ZIP archive. */
import type { ReadTrouble } from "../../core/data/data-files.ts";
import { ZipReader } from "../files/archive/zip-reader.ts";
import type { Take, UnpackLimit } from "./unpack-limit.ts";

/** Beside the file, macOS packs one with its attributes. */
const COMPANION = /^__MACOSX\/|(?:^|\/)\.DS_Store$/;

export class ZipDecoder {
  readonly #reader: ZipReader;
  #hasFile = false;

  constructor(take: Take, limit: UnpackLimit) {
    this.#reader = new ZipReader({
      open: ({ name }) => {
        if (COMPANION.test(name)) return "skip";
        if (this.#hasFile) return { fault: "has several files: unpack it in a step before this one" };
        this.#hasFile = true;
        return "take";
      },
      ...{ take, count: (bytes, consumed) => limit.count(bytes, consumed) },
    });
  }

  push(bytes: Uint8Array): Promise<void> {
    return this.#reader.push(bytes);
  }

  async end(): Promise<ReadTrouble | undefined> {
    const trouble = await this.#reader.end();
    if (trouble !== undefined || this.#hasFile) return trouble;
    return { kind: "unreadable", message: "the ZIP archive has no file" };
  }
}
