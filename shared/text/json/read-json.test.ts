import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ActionError } from "../../problem/problem.ts";
import { readJson } from "./read-json.ts";

const cases: readonly { text: string; problem: string }[] = parse(
  readFileSync(new URL("../../../test/cases/json/refused.yml", import.meta.url), "utf8"),
);

/** `line:column code` of the failure, or "read". */
function failureOf(text: string): string {
  try {
    readJson(text, "file.json", "x");
    return "read";
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const { code, place } = error.problems[0] ?? {};
    return `${place?.line}:${place?.column} ${code?.replace(/^x-/, "")}`;
  }
}

test.for(cases)("refuses $text", ({ text, problem }) => {
  expect(failureOf(text)).toBe(problem);
});

test.for([
  ["\uFEFF{}", {}],
  [" \t\r\n[ ] ", []],
  ["-0.5e-3", -0.0005],
  ["12345678901234567890", 12345678901234567000],
  ['{"":[{"a":"\\u0041\\n\\"\\\\"}],"constructor":null}', { "": [{ a: 'A\n"\\' }], constructor: null }],
  ['["\\ud83d\\ude02","😂"]', ["😂", "😂"]],
] as const)("reads %s", ([text, value]) => {
  expect(readJson(text, "file.json").value).toEqual(value);
});

test.for([
  [["a", 1, "b"], "3:9", "3:4"],
  [["a", 0], "2:8", "2:8"],
  [["a"], "2:7", "2:2"],
  [["a", 9], "2:7", "2:7"],
  [["no", "way"], "1:1", "1:1"],
  [[], "1:1", "1:1"],
] as const)("%j is at %s", ([path, value, key]) => {
  const document = readJson('{\n "a": [1,\n  {"b": 2}]}', "f.json");
  const at = (part: "key" | "value"): string => {
    const { line, column } = document.placeOf(path, part);
    return `${line}:${column}`;
  };
  expect([at("value"), at("key")]).toEqual([value, key]);
});

test.for([
  ["nested arrays", "[".repeat(1_000_000), "1:65 too-deep"],
  ["nested objects", '{"a":'.repeat(1_000_000), "1:321 too-deep"],
  ["too large", " ".repeat(33 * 1024 * 1024), "1:1 too-large"],
  ["a long text of escapes", `"${"\\n".repeat(2_000_000)}"`, "read"],
  ["many keys", `{${Array.from({ length: 200_000 }, (_, key) => `"k${key}":1`).join(",")}}`, "read"],
] as const)("%s", ([, text, outcome]) => {
  expect(failureOf(text)).toBe(outcome);
});

describe("against JSON.parse", () => {
  /** What JSON.parse makes of the text. */
  const oracle = (text: string): unknown => {
    try {
      return { value: JSON.parse(text) };
    } catch {
      return "refused";
    }
  };
  const ours = (text: string): unknown => {
    const outcome = failureOf(text);
    return outcome === "read" ? { value: readJson(text, "f.json").value } : outcome.replace(/^\d+:\d+ /, "");
  };

  test("the same value for whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // As a key, that is; as a value it is a text like any other.
        if (!text.includes('"__proto__":')) expect(ours(text)).toEqual(oracle(text));
        else expect(ours(text)).toBe("odd-key");
      }),
      { numRuns: 1_000, seed: 4 },
    );
  });

  test("accepts nothing that JSON.parse refuses, and refuses more only for equal keys and infinite numbers", () => {
    const fragments = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"b"',
      "1",
      "-",
      "0",
      ".5",
      "e9",
      "true",
      "null",
      " ",
      "\n",
      "NaN",
      '"',
      "\\",
      "é",
    );
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        const [actual, expected] = [ours(text), oracle(text)];
        if (typeof actual === "object") expect(actual).toEqual(expected);
        else if (actual !== "duplicate-key" && actual !== "not-finite") expect(expected).toBe("refused");
        expect(actual).toBeDefined();
      }),
      { numRuns: 5_000, seed: 5 },
    );
  });
});
