import { describe, expect, test } from "vitest";
import { parsePythonEnvironment, versionsOf } from "./python-environment.ts";

test("an answer has a version and packages, sorted", () => {
  const text = '{"python": "3.12.1", "packages": {"torch": "2.11.0+cu128", "numpy": "2.1.0"}}';
  expect(parsePythonEnvironment(text)).toEqual({
    python: "3.12.1",
    packages: { numpy: "2.1.0", torch: "2.11.0+cu128" },
  });
});

test.each(["", "null", "[]", '{"python": 3}', '{"python": "3.12", "packages": {"a": 1}}', "Traceback"])(
  "what is no such answer is none: %s",
  (text) => {
    expect(parsePythonEnvironment(text)).toBeUndefined();
  },
);

describe("the versions that a record shows", () => {
  test.each([
    [
      { torch: "2.11.0+cu128", other: "1" },
      { python: "3.12.1", torch: "2.11.0+cu128", cuda: "12.8" },
    ],
    [
      { torch: "2.11.0", "nvidia-cuda-runtime-cu12": "12.8.90" },
      { python: "3.12.1", torch: "2.11.0", cuda: "12.8.90" },
    ],
    [{ numpy: "2.1.0" }, { python: "3.12.1", numpy: "2.1.0" }],
  ])("of %o", (packages, versions) => {
    expect(versionsOf({ python: "3.12.1", packages })).toEqual(versions);
  });
});
