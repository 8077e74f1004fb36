/** Bytes of a whole text file: UTF-8, or UTF-16 as PowerShell and Excel write it, which a byte order mark says. */
import { encodingOfMark } from "./csv/text-decoding.ts";

/** @throws TypeError where they are not that text */
export const decodeText = (bytes: Uint8Array): string =>
  new TextDecoder(encodingOfMark(bytes) ?? "utf-8", { fatal: true }).decode(bytes);
