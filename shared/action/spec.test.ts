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

describe("a contract that GitHub or our rules would not take", () => {
  test("is one we can make", () => {
    expect(defineAction(parts)).toMatchObject({ name: "try-it", post: false, renamed: {} });
  });

  test.each([
    ["an odd name", { name: "Try_It" }, /kebab-case/],
    ["an odd input", { inputs: { bigLimit: input.text({ doc: "" }) } }, /"bigLimit" is not kebab-case/],
    ["an odd output", { outputs: { the_answer: output.text("") } }, /kebab-case/],
    ["a summary the Marketplace cuts", { summary: "x".repeat(126) }, /125/],
    ["a default that is none", { inputs: { limit: input.flag({ doc: "", default: "yes" }) } }, /default of "limit"/],
    ["a renaming to nothing", { renamed: { old: "gone" } }, /bad renaming of "old"/],
    ["a renaming of what is there", { renamed: { limit: "limit" } }, /bad renaming/],
  ] as const)("%s is told at once", (_, change, words) => {
    const broken: Parameters<typeof defineAction>[0] = { ...parts, ...change };
    expect(() => defineAction(broken)).toThrow(words);
  });

  test("a default that GitHub fills in is not read before", () => {
    const inputs = { on: input.flag({ doc: "", default: "${{ github.event.forced }}" }) };
    expect(defineAction({ ...parts, inputs }).inputs.on.default).toContain("forced");
  });
});
