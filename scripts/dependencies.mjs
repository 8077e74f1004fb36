// The dependencies, exactly as the lockfile has them, by the pinned pnpm; installed only where something changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runProgram } from "./processes.mjs";
import { withProgress } from "./progress.mjs";
import { cacheFolder, root } from "./toolchain.mjs";
import { UserError } from "./user-error.mjs";

const stamp = join(cacheFolder, "dependencies");
/** npx takes a few seconds where all is well. */
const DOUBTFUL_SECONDS = 10;
/** The waits of npm and pnpm are longer, and npm's are silent: behind a dead proxy they add up to more than a minute. */
const RETRIES = {
  npm_config_fetch_timeout: "60000",
  npm_config_fetch_retry_mintimeout: "2000",
  npm_config_fetch_retry_maxtimeout: "8000",
  pnpm_config_fetch_retry_mintimeout: "2000",
  pnpm_config_fetch_retry_maxtimeout: "8000",
};

/** `always` also where nothing seems to have changed. */
export async function installDependencies({ always = false, updateLockfile = false } = {}) {
  if (!always && existsSync(stamp) && readFileSync(stamp, "utf8") === computeState()) return;
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  console.log("installing dependencies…");
  await fetchPnpm(packageManager);
  const words = ["install", updateLockfile ? "--no-frozen-lockfile" : "--frozen-lockfile"];
  const code = await withProgress(
    (seconds) => `… installing (${seconds} s)`,
    () => runPnpm(packageManager, words, { cwd: root }),
  );
  if (code !== 0) {
    throw new UserError("the dependencies could not be installed from the lockfile; the reason is printed above");
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, computeState());
}

/** Everything that decides what is installed, and what pnpm noted about the last time. */
function computeState() {
  const packages = [
    "",
    "shared",
    "test/localhub",
    ...readdirSync(join(root, "actions")).map((name) => `actions/${name}`),
  ];
  const files = ["pnpm-lock.yaml", "pnpm-workspace.yaml", "node_modules/.modules.yaml"];
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}`);
  for (const file of [...packages.map((folder) => join(folder, "package.json")), ...files]) {
    const path = join(root, file);
    hash.update(`\0${file}\0`).update(existsSync(path) ? readFileSync(path) : "");
  }
  return hash.digest("hex");
}

const runPnpm = (packageManager, arguments_, options) => {
  // npx asks the registry about what it has already, unless told to prefer that.
  const words = ["--yes", "--prefer-offline", packageManager, ...arguments_];
  const windows = process.platform === "win32";
  const env = { ...RETRIES, ...process.env, ...options.env };
  return runProgram(windows ? "npx.cmd" : "npx", words, { ...options, env, shell: windows });
};

/** npx fetches in silence: this says what is being waited for, and in one line why it failed. */
async function fetchPnpm(packageManager) {
  const describe = (seconds) =>
    seconds < DOUBTFUL_SECONDS
      ? `… fetching ${packageManager} (${seconds} s)`
      : `… still fetching ${packageManager} (${seconds} s): is the registry, or the proxy to it, reachable?`;
  let messages = "";
  const onStart = (child) => child.stderr.setEncoding("utf8").on("data", (text) => (messages += text));
  const options = { cwd: root, stdio: ["ignore", "ignore", "pipe"], onStart };
  const code = await withProgress(describe, () => runPnpm(packageManager, ["--version"], options));
  if (code !== 0) throw new UserError(explainNpm(messages));
}

/** npm's page of errors as one line that says what to do. */
function explainNpm(messages) {
  const find = (pattern) => pattern.exec(messages)?.[1];
  const code = find(/npm error code (\S+)/);
  const path = find(/npm error path (.+)/);
  if (path !== undefined && /^(?:EACCES|EPERM|EROFS|ENOTDIR|ENOSPC|ENOENT)$/.test(code)) {
    return `npm cannot write to ${path} (${code}); point npm_config_cache and HOME at folders you can write to`;
  }
  const reason = find(/npm error (?:FetchError: )?(request to .+)/) ?? find(/npm error (?!code)(.+)/) ?? "npx failed";
  return `pnpm could not be fetched: ${reason}; check the network and npm's proxy and registry settings, then try again`;
}
