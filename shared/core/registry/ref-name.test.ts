/** Names in refs: git itself says what a ref may be called, and every way back must be the only one. */
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { escapeName, ledgerBranchName, unescapeName } from "./ref-name.ts";
import { assignmentTagName, parseTagName, versionTagName } from "./tag-name.ts";

/** Also what version 2 of the policy refuses: a ledger may contain it. Eight characters are at most 96 bytes, escaped. */
const name = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 8 }),
  fc.string({ unit: fc.constantFrom(..."aZ_-.=/@#!~^:?*[\\ {}%&é環😀"), minLength: 1, maxLength: 8 }),
);

test.for([
  ["production/eu", "production=2Feu"],
  ["α", "=CE=B1"],
  ["=", "=3D"],
  ["a.lock", "a=2Elock"],
  ["..", "=2E=2E"],
  ["-a-", "=2Da-"],
  ["prod_eu", "prod_eu"],
  ["BERT-base", "BERT-base"],
  ["a b", "a=20b"],
  ["(it's) *new*!~", "=28it=27s=29=20=2Anew=2A=21=7E"],
])("%s is %s", ([text, escaped]) => {
  expect(escapeName(text ?? "", "environment")).toBe(escaped);
  expect(unescapeName(escaped ?? "")).toEqual({ name: text, isExact: true });
});

test("a name of version 1 is unchanged", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,62}$/), (word) => {
      expect(escapeName(word, "model")).toBe(word);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("every name comes back, from tags and on its own, and no other text is taken for it", () => {
  fc.assert(
    fc.property(name, name, fc.nat(), (model, environment, seed) => {
      expect(parseTagName(versionTagName(model, "v1.0.0"))).toEqual({ kind: "version", model, version: "v1.0.0" });
      const tag = assignmentTagName(model, environment, 7);
      expect(parseTagName(tag)).toEqual({ kind: "assignment", model, environment, number: 7 });
      // The same bytes, written in another way.
      const escaped = escapeName(model, "model");
      const at = seed % escaped.length;
      const byte = (escaped[at] ?? "").charCodeAt(0).toString(16).toUpperCase();
      const variants = [escaped.toLowerCase(), `${escaped.slice(0, at)}=${byte}${escaped.slice(at + 1)}`];
      for (const variant of variants.filter((text) => text !== escaped)) {
        const read = unescapeName(variant);
        expect(read?.isExact && read.name === model).toBeFalsy();
      }
    }),
    { seed: 2, numRuns: 2000 },
  );
});

test("git takes every name, as a tag and as a branch", () => {
  const names = fc.sample(fc.tuple(name, name), { seed: 3, numRuns: 300 });
  const refs = names.flatMap(([model, environment]) => [
    `refs/tags/${versionTagName(model, "v1.0.0-rc.1")}`,
    `refs/tags/${assignmentTagName(model, environment, 1)}`,
    `refs/heads/${ledgerBranchName(model)}`,
  ]);
  // One process for all: it ends at the first name that git refuses.
  const script = 'while IFS= read -r ref; do git check-ref-format "$ref" || { echo "$ref"; exit 1; }; done';
  const { stdout, status } = spawnSync("sh", ["-c", script], { input: `${refs.join("\n")}\n`, encoding: "utf8" });
  expect([stdout, status]).toEqual(["", 0]);
  const refused = spawnSync("sh", ["-c", script], { input: "refs/tags/a..b\n", encoding: "utf8" });
  expect(refused.status).toBe(1);
});

describe("a name that is too long for a file", () => {
  const codeOf = (work: () => unknown) => {
    try {
      return work();
    } catch (error) {
      if (error instanceof ActionError) return error.problems[0]?.code;
      throw error;
    }
  };
  test.for([
    ["a model", "model", "a", 100],
    ["an environment", "environment", "a", 130],
    ["a model in another script", "model", "環", 11],
    ["an environment in another script", "environment", "環", 14],
  ] as const)("%s", ([, kind, letter, length]) => {
    expect(codeOf(() => escapeName(letter.repeat(length), kind))).not.toBe("name-not-for-git");
    expect(codeOf(() => escapeName(letter.repeat(length + 1), kind))).toBe("name-not-for-git");
  });

  test("the longest names give a file name below 255 bytes", () => {
    const tag = assignmentTagName("m".repeat(100), "e".repeat(130), 999_999_999);
    expect(`${tag}.lock`.length).toBeLessThan(255);
  });

  test("half a character is no name", () => {
    expect(codeOf(() => escapeName("a\ud800", "model"))).toBe("name-not-for-git");
  });
});
