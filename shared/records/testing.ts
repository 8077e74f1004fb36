/** For tests of what is handed a digest function. */
import { createHash } from "node:crypto";
import type { DigestFunction } from "./digest.ts";

export const digestOf: DigestFunction = (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
