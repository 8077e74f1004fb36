// npm test [-- <path or words> [vitest's options]]
//
// Everything that must hold before a commit lands, from a fresh clone, with nothing but Node and git: installs, lints,
// checks types, unused code and generated files, builds the bundles, runs every test.
//
// With paths or words, what a change needs: the format of changed files, types, and the tests that have to do with them:
//   npm test -- actions/gate-metrics          a folder: its tests, and the tests that import its sources
//   npm test -- shared/core/gate/judge.ts     a source: the same
//   npm test -- test/cases/gate               cases: the tests that read them; "cases" for all
//   npm test -- test/e2e/story.test.ts        a test
//   npm test -- gate                          a part of paths of tests and cases
//   npm test -- gate --list                   only names the test files
import { join } from "node:path";
import { listChangedFiles } from "./changed-files.mjs";
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { cacheFolder, requireGit, root, runWithNode24 } from "./toolchain.mjs";
import { UserError } from "./user-error.mjs";
import { readSelection, runTestsOnce, splitArguments } from "./vitest.mjs";

const dependency = (path, ...arguments_) => runWithNode24(join(root, "node_modules", path), arguments_);
const biome = (...arguments_) => dependency("@biomejs/biome/bin/biome", "check", ...arguments_);
const typescript = (...arguments_) => dependency("typescript/bin/tsc", "--noEmit", ...arguments_);
const bundles = () => runWithNode24(join(root, "scripts/build.mjs"));

/** Of a run without words: everything, from nothing. */
const EVERYTHING = {
  install: () => installDependencies(),
  lint: () => biome("."),
  types: () => typescript(),
  unused: () => dependency("knip/bin/knip.js", "--treat-config-hints-as-errors"),
  generated: () => runWithNode24(join(root, "shared/build/generate.ts"), ["--check"]),
  bundles,
};

/** Of a run with words: what is quick, and looks at what changed. */
const stepsFor = ({ needsBundles }) => ({
  install: () => installDependencies(),
  format: checkChangedFiles,
  types: () => typescript("--incremental", "--tsBuildInfoFile", join(cacheFolder, "types.tsbuildinfo")),
  ...(needsBundles && { bundles }),
});

await runCommand(async (arguments_) => {
  const { words, options } = splitArguments(arguments_);
  const selection = words.length > 0 ? readSelection(words) : undefined;
  if (options.includes("--list")) return list(selection);
  requireGit();
  let counts = { passed: 0, failed: 0, skipped: 0 };
  const runTests = async () => {
    const { code, ...counted } = await runTestsOnce(selection?.tests ?? [], options);
    counts = counted;
    return code;
  };
  const failed = [];
  for (const [name, step] of Object.entries({ ...(selection ? stepsFor(selection) : EVERYTHING), tests: runTests })) {
    const ok = await runStep(name, step);
    if (!ok) failed.push(name);
    // Without its dependencies nothing else can run.
    if (!ok && name === "install") break;
  }
  for (const note of selection?.notes ?? []) console.log(note);
  if (failed.length > 0) console.log(`\nfailed: ${failed.join(", ")}`);
  // A failed step before the tests counts as one failure, so that the closing line never looks green when we are red.
  const stepFailures = failed.filter((name) => name !== "tests").length;
  const testFailures = failed.includes("tests") ? Math.max(1, counts.failed) : counts.failed;
  console.log(`${counts.passed} passed, ${testFailures + stepFailures} failed, ${counts.skipped} skipped`);
  return failed.length > 0 ? 1 : 0;
});

async function runStep(name, step) {
  const started = performance.now();
  let code;
  try {
    code = (await step()) ?? 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    code = 1;
  }
  console.log(`${code === 0 ? "ok" : "FAILED"}  ${name}  ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return code === 0;
}

/** Their lint as well: on a few files it costs nothing. */
function checkChangedFiles() {
  const changed = listChangedFiles();
  return changed.length === 0 ? 0 : biome("--no-errors-on-unmatched", "--files-ignore-unknown=true", ...changed);
}

function list(selection) {
  if (selection === undefined) throw new UserError("--list needs a path or words before it");
  for (const line of [...selection.tests, ...selection.notes]) console.log(line);
}
