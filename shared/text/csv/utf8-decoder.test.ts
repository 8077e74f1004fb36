import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Utf8Decoder } from "./utf8-decoder.ts";

test("UTF-8 is read the same in any pieces, and what is not UTF-8 is never taken for text", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: "binary", maxLength: 20 }).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 5 }), (bytes, piece) => {
      const [whole, cut] = [bytes.length + 1, piece].map((size) => {
        const reader = new Utf8Decoder();
        let text = "";
        for (let at = 0; at < bytes.length; at += size) text += reader.push(bytes.subarray(at, at + size));
        return text + reader.end();
      });
      expect(cut).toBe(whole);
      const valid = decodes(bytes);
      expect(whole?.isWellFormed()).toBe(valid !== undefined);
      if (valid !== undefined) expect(whole).toBe(valid);
    }),
    { numRuns: 2_000, seed: 11 },
  );
});

function decodes(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
