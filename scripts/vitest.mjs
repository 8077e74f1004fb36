// Vitest under Node 24, with everything temporary in one folder that is deleted however the run ends.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryEnvironment, createTemporaryFolder } from "./processes.mjs";
import { selectTests } from "./select-tests.mjs";
import { root, runWithNode24 } from "./toolchain.mjs";

/** Words that say which tests, and behind the first that begins with "-" what vitest shall do with them. */
export function splitArguments(arguments_) {
  const first = arguments_.findIndex((word) => word.startsWith("-"));
  const end = first < 0 ? arguments_.length : first;
  return { words: arguments_.slice(0, end), options: arguments_.slice(end) };
}

/** The tests that the words mean; npm keeps where it was called in INIT_CWD. */
export const readSelection = (words) => selectTests(root, words, process.env.INIT_CWD);

/** Runs vitest; an empty list of tests stands for all. */
export const runVitest = (command, tests, options, { env, ...rest } = {}) =>
  runWithNode24(
    join(root, "node_modules/vitest/vitest.mjs"),
    [command, ...tests.map((path) => join(root, path)), ...options],
    { ...rest, env: { ...createTemporaryEnvironment(), ...env } },
  );

/** Runs tests once; resolves with the exit code and the counts. */
export async function runTestsOnce(tests, options, rest) {
  const report = join(createTemporaryFolder(), "tests.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await runVitest("run", tests, [...reporters, ...options], rest);
  return { code, ...readCounts(report) };
}

function readCounts(report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
