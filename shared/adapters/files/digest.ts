/** SHA-256, written the way our records write it. */
import { createHash } from "node:crypto";

/** `sha256:` and 64 hex digits; text counts as UTF-8. */
export const digestOf = (content: string | Uint8Array): string =>
  `sha256:${createHash("sha256").update(content).digest("hex")}`;
