import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Utf8Decoder } from "./utf8-decoder.ts";

test("UTF-8 is decoded the same in chunks of any size, and invalid bytes never become valid text", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: "binary", maxLength: 20 }).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 5 }), (bytes, chunkSize) => {
      const [whole, inChunks] = [bytes.length + 1, chunkSize].map((size) => {
        const decoder = new Utf8Decoder();
        let text = "";
        for (let at = 0; at < bytes.length; at += size) text += decoder.push(bytes.subarray(at, at + size));
        return text + decoder.end();
      });
      expect(inChunks).toBe(whole);
      const valid = decodeStrictly(bytes);
      expect(whole?.isWellFormed()).toBe(valid !== undefined);
      if (valid !== undefined) expect(whole).toBe(valid);
    }),
    { numRuns: 2_000, seed: 11 },
  );
});

function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
