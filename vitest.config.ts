import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
// @ts-expect-error Plain JavaScript, because any Node must be able to start it.
import { selectTests } from "./scripts/select-tests.mjs";

/** Absolute paths of the tests that read a folder of cases. */
const findReaders = (folder: string): string[] =>
  selectTests(process.cwd(), [folder]).tests.map((path: string) => join(process.cwd(), path));

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "shared/**/*.test.ts", "actions/**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    setupFiles: ["test/temporary-folder.ts"],
    pool: "forks",
    // Most tests wait for processes and servers of their own more than they compute.
    maxWorkers: 2 * availableParallelism(),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A test that has no assertion proves nothing.
    expect: { requireAssertions: true },
    // Cases are read and not imported, so in watch mode vitest has to be shown who reads them.
    watchTriggerPatterns: [
      { pattern: /\b(test\/cases\/[\w-]+)\//, testsToRun: (_, [, folder = ""]) => findReaders(folder) },
    ],
    coverage: {
      provider: "v8",
      // The local GitHub is a tool of the tests; what counts is what users run.
      include: ["shared/**/*.ts", "actions/**/*.ts"],
      exclude: ["**/*.test.ts", "**/testing.ts", "**/dist/**", "shared/build/**"],
      reporter: ["text-summary", "html"],
      reportsDirectory: "coverage",
    },
  },
});
