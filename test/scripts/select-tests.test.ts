/** `npm test -- <path or words>`: which tests that are. */
import { expect, test } from "vitest";
import { runScript } from "./run-script.ts";

async function select(...words: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await runScript("scripts/test.mjs", [...words, "--list"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.trim().split("\n");
}

const judge = "shared/core/gate/judge.test.ts";
const gate = "actions/gate-metrics/gate-metrics.test.ts";
const anew = "actions/report-metrics/judge-anew.test.ts";
const stories = "test/e2e/story.test.ts";
/** Written apart, so that this file is not taken for one that reads cases. */
const cases = ["test", "cases"].join("/");

test.for([
  ["a test", ["shared/core/gate/judge.test.ts"], [judge], [gate]],
  ["a source: the test beside it and those that import it", ["shared/core/gate/judge.ts"], [judge, anew], [stories]],
  ["an action: its own tests, none that needs bundles", ["actions/gate-metrics"], [gate], [judge, stories]],
  ["a folder with its slash, from here", ["./actions/gate-metrics/"], [gate], [judge]],
  ["a folder of cases", [`${cases}/gate`], [judge], [gate, stories]],
  ["a file of cases", [`${cases}/gate/rules.yml`], [judge], [gate]],
  ["cases that bundles are given", [`${cases}/bad-input`], ["test/e2e/bad-input.test.ts"], [judge]],
  ["all cases", ["cases"], [judge, "test/e2e/bad-input.test.ts", "shared/report/cases.test.ts"], [gate, stories]],
  ["a word", ["judge"], [judge], [gate]],
  ["several words", ["judge", "actions/gate-metrics"], [judge, gate], [stories]],
  ["a script", ["scripts/release.mjs"], ["test/bundle/release.test.ts"], [judge]],
  ["a page that a test reads", ["docs/house.md"], ["test/architecture.test.ts"], [judge]],
  ["what needs bundles, when it is named", ["test/e2e"], [stories], [judge]],
] as const)("%s", async ([, words, included, excluded]) => {
  const selected = await select(...words);
  expect(selected).toEqual(expect.arrayContaining([...included]));
  expect(selected.filter((path) => excluded.some((other) => other === path))).toEqual([]);
});

test("what nearly everything imports: the nearest tests, and how many are left", async () => {
  const selected = await select("shared/problem/problem.ts");
  expect(selected.length).toBeLessThan(20);
  expect(selected.at(-1)).toMatch(/^\d+ more test files import shared\/problem\/problem\.ts/);
});

test.for<[string, string]>([
  ["polcy", 'test: nothing matches "polcy": no test, source or case. Did you mean policy?\n'],
  [
    "shared/core/gaet",
    'test: nothing matches "shared/core/gaet": no test, source or case. Did you mean shared/core/gate',
  ],
  ["xyzzyplugh", "Name a path such as actions/gate-metrics"],
  ["LICENSE", 'test: no test has to do with LICENSE; "npm test" runs them all\n'],
])("%s matches nothing, which is said before anything runs", async ([word, message]) => {
  const { code, stdout, stderr } = await runScript("scripts/test.mjs", ["judge", word]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});
