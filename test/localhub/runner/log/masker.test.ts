import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMasker } from "./masker.ts";

describe("masks (actions/runner, `SecretMasker` and `ValueEncoders`)", () => {
  test.each([
    ["the value", "s3cret", "a s3cret b s3cret", "a *** b ***"],
    ["values that touch become one", "aa", "xaaaay", "x***y"],
    ["values that overlap become one", "abab", "xabababy", "x***y"],
    ["base64", "top-secret", Buffer.from("top-secret").toString("base64"), "***"],
    ["base64 behind one letter", "top-secret", Buffer.from("xxtop-secret").toString("base64"), "eHh0***"],
    ["URI", "a b&c", "?q=a%20b%26c", "?q=***"],
    ["JSON", 'say "hi"', '{"k":"say \\"hi\\""}', '{"k":"***"}'],
    ["XML", "<a&b>", "<x>&lt;a&amp;b&gt;</x>", "<x>***</x>"],
    ["expression quotes", "it's", "'it''s'", "'***'"],
    ["quotes around it", '"0123456789"', "x 0123456789 y", "x *** y"],
    ["what PowerShell leaves before an ampersand", "secret1&secret2&secret3", "secret1&secret2&", "***"],
    ["what PowerShell leaves after an ampersand", "secret1&+secret2&secret3", "x ecret2&secret3", "x ***"],
  ])("%s", (_, secret, text, masked) => {
    expect(createMasker([secret]).mask(text)).toBe(masked);
  });

  test("each line of a value of several lines, and the whole of it", () => {
    const masker = createMasker(["first line\r\n  second line \n\n"]);
    expect(masker.mask("say first line and second line")).toBe("say *** and ***");
  });

  test("an empty value hides nothing", () => {
    expect(createMasker([""]).mask("text")).toBe("text");
  });
});

test("no secret is left in any text, however it is encoded", () => {
  const secret = fc.string({ minLength: 4, maxLength: 24 }).filter((text) => !text.includes("*"));
  const encoded = (value: string) => [
    value,
    JSON.stringify(value),
    encodeURIComponent(value.toWellFormed()),
    Buffer.from(value).toString("base64"),
  ];
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.array(fc.string()), (secrets, rest) => {
      const masker = createMasker(secrets);
      const text = secrets.flatMap((value, index) => [...encoded(value), rest[index] ?? ""]).join("|");
      const masked = masker.mask(text);
      for (const value of secrets) expect(masked).not.toContain(value);
    }),
    { seed: 7, numRuns: 500 },
  );
});
