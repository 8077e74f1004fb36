/** SHA-256 in the form that our records use. */
import { createHash } from "node:crypto";

/** `sha256:` and 64 hex digits; of text, over its UTF-8 bytes. */
export const digestOf = (content: string | Uint8Array): string =>
  `sha256:${createHash("sha256").update(content).digest("hex")}`;
