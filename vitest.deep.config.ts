/** `npm run test:deep`: what is too long for every run. */
import { globSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import everyRun from "./vitest.config.ts";

const tests = globSync(["test/**/*.test.ts", "shared/**/*.test.ts", "actions/**/*.test.ts"], {
  exclude: (path) => /\b(?:node_modules|dist)$/.test(path),
});

export default defineConfig({
  test: {
    ...everyRun.test,
    // Property tests, with many more values, and what is written for this run alone.
    include: [...tests.filter((path) => readFileSync(path, "utf8").includes('from "fast-check"')), "**/*.deep.ts"],
    setupFiles: ["test/temporary-folder.ts", "test/deep/more-property-runs.ts"],
    testTimeout: 1_200_000,
  },
});
