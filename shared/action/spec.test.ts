import { describe, expect, test } from "vitest";
import { input } from "./input.ts";
import { output } from "./output.ts";
import { defineAction } from "./spec.ts";

const parts = {
  name: "try-it",
  summary: "Try it",
  branding: { icon: "play", color: "blue" },
  inputs: { limit: input.integer({ doc: "Limit", min: 1, max: 9, default: "3" }) },
  outputs: { answer: output.text("Answer") },
  permissions: {},
} as const;

describe("a spec that GitHub or our rules would not accept", () => {
  test("a correct one is accepted", () => {
    expect(defineAction(parts)).toMatchObject({ name: "try-it", post: false, renamed: {} });
  });

  test.each([
    ["a name with an underscore", { name: "Try_It" }, /kebab-case/],
    ["an input in camel case", { inputs: { bigLimit: input.text({ doc: "" }) } }, /"bigLimit" is not kebab-case/],
    ["an output with an underscore", { outputs: { the_answer: output.text("") } }, /kebab-case/],
    ["a summary that the Marketplace would cut", { summary: "x".repeat(126) }, /125/],
    [
      "a default that is not valid",
      { inputs: { limit: input.flag({ doc: "", default: "yes" }) } },
      /default of "limit"/,
    ],
    ["a renaming to an input that does not exist", { renamed: { old: "missing" } }, /bad renaming of "old"/],
    ["a renaming of an input that exists", { renamed: { limit: "limit" } }, /bad renaming/],
  ] as const)("%s is rejected at once", (_, change, words) => {
    const broken: Parameters<typeof defineAction>[0] = { ...parts, ...change };
    expect(() => defineAction(broken)).toThrow(words);
  });

  test("a default that GitHub fills in is not parsed before", () => {
    const inputs = { on: input.flag({ doc: "", default: "${{ github.event.forced }}" }) };
    expect(defineAction({ ...parts, inputs }).inputs.on.default).toContain("forced");
  });
});
