import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fnmatch } from "./fnmatch.ts";

// GitHub docs, "Deployment branches and tags", and Ruby's File.fnmatch with FNM_PATHNAME.
describe("branch patterns", () => {
  test.each([
    ["main", "main", true],
    ["main", "main2", false],
    ["*", "main", true],
    ["*", "feature/x", false],
    ["release/*", "release/1", true],
    ["release/*", "release/1/2", false],
    ["release/*/*", "release/1/2", true],
    ["release/**", "release/1/2", false],
    ["**/x", "a/b/x", true],
    ["**/x", "x", true],
    ["release/**/*", "release/1/2", true],
    ["releases?", "releasesX", true],
    ["a?b", "a/b", false],
    ["v[0-9]*", "v1.2", true],
    ["v[0-9]*", "vx", false],
    ["v[!0-9]", "vx", true],
    ["v[^0-9]", "v1", false],
    ["a[^b]c", "a/c", false],
    ["\\*", "*", true],
    ["\\*", "x", false],
    ["v1.0", "v1x0", false],
    ["refs/pull/*/merge", "refs/pull/7/merge", true],
    ["a[b", "a[b", true],
  ])("%s against %s: %s", (pattern, name, matches) => {
    expect(fnmatch(pattern, name)).toBe(matches);
  });

  test("a fully escaped name matches itself and nothing longer", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme-ascii" }), (name) => {
        const escaped = name.replaceAll(/[\\*?[\]]/g, "\\$&");
        expect([fnmatch(escaped, name), fnmatch(escaped, `${name}x`)]).toEqual([true, false]);
      }),
      { seed: 7 },
    );
  });
});
