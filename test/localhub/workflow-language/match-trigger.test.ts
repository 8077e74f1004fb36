import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type EventDetails, hasPathFilter, MAX_CHANGED_PATHS, matchTrigger } from "./match-trigger.ts";
import { readTriggers } from "./read-triggers.ts";
import { readWorkflow } from "./read-workflow.ts";
import { matchesPatterns, patternError } from "./ref-patterns.ts";
import type { Json } from "./values.ts";

const folder = new URL("../../cases/triggers/", import.meta.url);
const load = (name: string) => parse(readFileSync(new URL(name, folder), "utf8"));

/** A workflow with this `on:`, read as a file is, so that the cases are valid workflows too. */
function listening(on: Json) {
  const job = { "runs-on": "x", steps: [{ run: "x" }] };
  return readWorkflow("w.yml", JSON.stringify({ on, jobs: { job } }));
}

interface TriggerCase extends EventDetails {
  readonly starts: boolean;
  readonly reason?: string;
}

const groups = readdirSync(folder)
  .filter((name) => name !== "patterns.yml")
  .flatMap((name): { on: Json; cases: readonly TriggerCase[] }[] => load(name));

describe.for(groups)("on: $on", ({ on, cases }) => {
  const file = listening(on);

  test.for(cases)("%j", ({ starts, reason, ...details }) => {
    const match = matchTrigger(file, details);
    expect(match.starts).toBe(starts);
    if (reason !== undefined) expect(match).toMatchObject({ reason: expect.stringContaining(reason) });
  });
});

interface PatternCase {
  readonly patterns: readonly string[];
  readonly matches?: readonly string[];
  readonly misses?: readonly string[];
}

test.for(load("patterns.yml") as PatternCase[])("patterns $patterns", (each) => {
  for (const name of each.matches ?? []) expect(matchesPatterns(each.patterns, name), name).toBe(true);
  for (const name of each.misses ?? []) expect(matchesPatterns(each.patterns, name), name).toBe(false);
  expect([...(each.matches ?? []), ...(each.misses ?? [])]).not.toEqual([]);
});

test.for([
  ["[a", "has no ']'"],
  ["?x", "needs a character before it"],
  ["a**+", "needs a character before it"],
  ["[9-0]", "is not a range"],
  ["[a-9]", "is not a range"],
] as const)("%s is not a pattern", ([pattern, error]) => {
  expect(patternError(pattern)).toContain(error);
});

const plainName = fc.stringMatching(/^[A-Za-z0-9._/@#$%^&(){}|,;=~ -]{1,30}$/);

test("a name without special characters matches itself and nothing else", () => {
  fc.assert(
    fc.property(plainName, plainName, (pattern, name) => {
      expect(matchesPatterns([pattern], name)).toBe(pattern === name);
    }),
  );
});

test("`**` matches every name, and `!name` after it excludes that one", () => {
  fc.assert(
    fc.property(plainName, plainName, (name, other) => {
      expect(matchesPatterns(["**"], name)).toBe(true);
      expect(matchesPatterns(["**", `!${name}`], other)).toBe(name !== other);
      expect(matchesPatterns(["**", `!${name}`, "**"], name)).toBe(true);
    }),
  );
});

test("a pattern and its negation disagree about every name", () => {
  const pattern = fc.constantFrom("*", "a*", "**/a", "[a-c]+", "a?b", "**.js");
  fc.assert(
    fc.property(pattern, plainName, (positive, name) => {
      expect(matchesPatterns(["**", `!${positive}`], name)).toBe(!matchesPatterns([positive], name));
    }),
  );
});

test("path filters check the first 300 files (GitHub docs: diffs are limited to 300 files)", () => {
  const file = listening({ push: { paths: ["wanted"] } });
  const others = (count: number) => Array.from({ length: count }, (_, index) => `other-${index}`);
  const push = (changedPaths: readonly string[]) =>
    matchTrigger(file, { event: "push", ref: "refs/heads/a", changedPaths });
  expect(push([...others(MAX_CHANGED_PATHS - 1), "wanted"]).starts).toBe(true);
  expect(push([...others(MAX_CHANGED_PATHS), "wanted"]).starts).toBe(false);
});

test("only filters by path need the changed files", () => {
  expect(hasPathFilter(listening({ push: { paths: ["a"] } }), "push")).toBe(true);
  expect(hasPathFilter(listening({ push: { "paths-ignore": ["a"] } }), "push")).toBe(true);
  expect(hasPathFilter(listening({ push: { branches: ["a"] }, pull_request: { paths: ["a"] } }), "push")).toBe(false);
});

test("reads the triggers that have more than filters", () => {
  expect(
    readTriggers({
      schedule: [{ cron: "0 1 * * *", timezone: "Europe/Berlin" }, { cron: "0 2 * * *" }],
      workflow_call: {
        secrets: { token: null, key: { required: true } },
        outputs: { url: { value: "${{ jobs.a }}" } },
      },
    }),
  ).toMatchObject({
    schedule: [{ cron: "0 1 * * *", timezone: "Europe/Berlin" }, { cron: "0 2 * * *" }],
    call: {
      inputs: {},
      secrets: { token: { required: false }, key: { required: true } },
      outputs: { url: { value: "${{ jobs.a }}" } },
    },
  });
});
