// `npm test`: everything that must hold before a commit lands, from a fresh clone, with nothing but Node and git.
// Words after `--` narrow the tests: `npm test -- test/localhub/git`.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, root, runUnderNode24 } from "./toolchain.mjs";

const filters = process.argv.slice(2);
const reports = mkdtempSync(join(tmpdir(), "mlops-actions-"));
const report = join(reports, "tests.json");

const program = (path) => join(root, "node_modules", path);
const steps = [
  ["install", () => install()],
  ["lint", () => runUnderNode24(program("@biomejs/biome/bin/biome"), ["check", "."])],
  ["types", () => runUnderNode24(program("typescript/bin/tsc"), ["--noEmit"])],
  ["unused", () => runUnderNode24(program("knip/bin/knip.js"))],
  ["generated", () => runUnderNode24(join(root, "shared/build/generate.ts"), ["--check"])],
  ["bundles", () => runUnderNode24(join(root, "scripts/build.mjs"))],
  [
    "tests",
    () =>
      runUnderNode24(program("vitest/vitest.mjs"), [
        "run",
        ...filters,
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
      ]),
  ],
];

const failed = [];
for (const [name, step] of steps) {
  const started = performance.now();
  const status = step() ?? 0;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? "ok" : "FAILED"}  ${name}  ${seconds} s`);
  if (status !== 0) failed.push(name);
}

const counts = readCounts();
rmSync(reports, { recursive: true, force: true });
if (failed.length > 0) console.log(`\nfailed: ${failed.join(", ")}`);
// A failed step before the tests counts as one failure, so that the closing line never looks green when we are red.
const stepFailures = failed.filter((name) => name !== "tests").length;
const testFailures = failed.includes("tests") ? Math.max(1, counts.failed) : counts.failed;
console.log(`${counts.passed} passed, ${testFailures + stepFailures} failed, ${counts.skipped} skipped`);
process.exitCode = failed.length > 0 ? 1 : 0;

function readCounts() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
