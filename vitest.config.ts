import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "shared/**/*.test.ts", "actions/**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    setupFiles: ["test/temporary-folder.ts"],
    pool: "forks",
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A test that has no assertion proves nothing.
    expect: { requireAssertions: true },
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
