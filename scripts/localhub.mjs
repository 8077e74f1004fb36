// npm run localhub -- [path/to/repo] [options]
//
// Serves a folder as a repository of a GitHub on this computer, until Ctrl-C, with the actions of this suite in it: built, under
// the name that the folder's workflows use. Environments and required checks are made from its policy and workflows.
// `npm run localhub -- --help` lists the options once the dependencies are installed (npm run setup).
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { createTemporaryEnvironment, createTemporaryFolder } from "./processes.mjs";
import { listBundleFiles } from "./sums.mjs";
import { requireGit, root, runWithNode24 } from "./toolchain.mjs";

const program = join(root, "test/localhub/cli.ts");
/** As the program's own default. */
const PEOPLE = "alice,bob";

async function main(arguments_) {
  requireGit();
  await installDependencies();
  // Paths on the command line are the caller's, not the repository's: npm keeps where it was called in INIT_CWD.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const isHelp = arguments_.includes("--help");
  const ours = isHelp ? [] : await describeFolder(resolve(cwd, findFolder(arguments_)), findPeople(arguments_));
  return runWithNode24(program, [...arguments_, ...ours], { cwd, env: createTemporaryEnvironment() });
}

/** The first argument that is neither an option nor an option's value. */
function findFolder(arguments_) {
  const isValue = (at) => at > 0 && /^--(?!push$|help$)[a-z-]+$/.test(arguments_[at - 1]);
  return arguments_.find((argument, at) => !argument.startsWith("-") && !isValue(at)) ?? ".";
}

function findPeople(arguments_) {
  const at = arguments_.findIndex((argument) => /^--people(?:=|$)/.test(argument));
  const text = at < 0 ? PEOPLE : (arguments_[at].split("=")[1] ?? arguments_[at + 1] ?? PEOPLE);
  return text.split(",");
}

/** Options for what the folder uses of this suite; none for a folder that does not use it. */
async function describeFolder(folder, people) {
  // Imported here: the first run has just installed what it needs.
  const { findEnvironments, findJudgingJobs, findSuiteNames } = await import("./suite-in-folder.mjs");
  const workflows = readTexts(join(folder, ".github/workflows"), /\.ya?ml$/);
  const names = findSuiteNames(workflows).filter((name) => !/@[0-9a-f]{40}$/.test(name));
  if (names.length === 0) return [];
  await runWithNode24(join(root, "scripts/build.mjs"), [], { cwd: root });
  const release = copyRelease();
  const policy = join(folder, ".github/mlops.yml");
  const environments = existsSync(policy) ? findEnvironments(readFileSync(policy, "utf8"), people) : [];
  return [
    ...names.flatMap((name) => ["--action", `${name}=${release}`]),
    ...environments.flatMap((environment) => ["--environment", environment]),
    ...findJudgingJobs(workflows).flatMap((job) => ["--check", job]),
  ];
}

const readTexts = (folder, wanted) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => wanted.test(name))
        .map((name) => readFileSync(join(folder, name), "utf8"))
    : [];

/** A folder with what a release carries: metadata and bundles. */
function copyRelease() {
  const folder = createTemporaryFolder();
  const metadata = readdirSync(join(root, "actions"))
    .map((name) => `actions/${name}/action.yml`)
    .filter((path) => existsSync(join(root, path)));
  for (const path of ["action.yml", ...metadata, ...listBundleFiles(root)]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path));
  }
  return folder;
}

await runCommand(main, { explains: existsSync(join(root, "node_modules/.modules.yaml")) });
