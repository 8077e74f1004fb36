/** `npm run test:deep`: what is too long for every run. */
import { globSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import everyRun from "./vitest.config.ts";

const tests = globSync(["test/**/*.test.ts", "shared/**/*.test.ts", "actions/**/*.test.ts"], {
  exclude: (path) => /\b(?:node_modules|dist)$/.test(path),
});

const DEEPENED = /from "fast-check"|LYING_SCHEDULES|EXPLORED_STATES|RUNNER_KILLS|COMMENT_RACES/;

export default defineConfig({
  test: {
    ...everyRun.test,
    // Property tests, with many more values; seeded schedules, with many more seeds; and what is written for this run alone.
    include: [...tests.filter((path) => DEEPENED.test(readFileSync(path, "utf8"))), "**/*.deep.ts"],
    env: { LYING_SCHEDULES: "300", EXPLORED_STATES: "1000000", RUNNER_KILLS: "20", COMMENT_RACES: "1000" },
    setupFiles: ["test/temporary-folder.ts", "test/deep/more-property-runs.ts"],
    testTimeout: 1_200_000,
  },
});
