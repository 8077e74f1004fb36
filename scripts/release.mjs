// `node scripts/release.mjs 1.2.0 [--bundles <folder>] [--repository <folder>] [--push <remote>]`
//
// Makes the release: a commit off main that carries the bundles and their sums, the tag v1.2.0 on it, and v1 moved
// there. Neither the branch nor the files in the work tree change. Needs nothing but git, so that the job that may push
// runs no code of any dependency. Refuses a work tree with changes, a version that is no step forward, a missing bundle.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundleFiles, sumsOf } from "./sums.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { bundles: { type: "string" }, repository: { type: "string" }, push: { type: "string" } },
});
const repository = resolve(values.repository ?? fileURLToPath(new URL("..", import.meta.url)));
const bundles = resolve(values.bundles ?? repository);

try {
  const version = readVersion(positionals[0]);
  assertClean();
  assertStepForward(version);
  assertComplete();
  const commit = commitWithBundles(version.tag);
  git(["tag", "--annotate", version.tag, commit, "--message", `Release ${version.tag}`]);
  if (version.moves) git(["tag", "--force", version.major, commit]);
  console.log(`${version.tag} is ${commit}${version.moves ? `, and ${version.major} points to it` : ""}`);
  const refs = [`refs/tags/${version.tag}`, ...(version.moves ? [`+refs/tags/${version.major}`] : [])];
  if (values.push) git(["push", "--atomic", values.push, ...refs]);
  else console.log(`publish it with: git push --atomic origin ${refs.join(" ")}`);
} catch (error) {
  console.error(`release: ${error.message}`);
  process.exitCode = 1;
}

function git(arguments_, options = {}) {
  return execFileSync("git", arguments_, {
    cwd: repository,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
    ...options,
  }).trim();
}

function readVersion(text = "") {
  const [, major, minor, patch, label] = /^v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?$/.exec(text) ?? [];
  if (major === undefined) throw new Error(`"${text}" is no version; write for example 1.2.0`);
  const numbers = [major, minor, patch].map(Number);
  // Who follows v1 asked for releases, not for candidates.
  return {
    tag: `v${numbers.join(".")}${label ?? ""}`,
    major: `v${Number(major)}`,
    numbers,
    moves: label === undefined,
  };
}

function assertClean() {
  const changes = git(["status", "--porcelain"]);
  if (changes !== "") throw new Error(`the work tree has changes; commit or remove them first:\n${changes}`);
}

function assertStepForward({ tag, numbers, major }) {
  for (const other of git(["tag", "--list", `${major}.*`]).split("\n")) {
    if (other === tag) throw new Error(`${tag} is there already; a release never changes`);
    const [, ...parts] = /^v(\d+)\.(\d+)\.(\d+)$/.exec(other) ?? [];
    const difference = parts.map((part, at) => Number(part) - numbers[at]).find((step) => step !== 0) ?? 0;
    if (difference > 0) throw new Error(`${other} is newer than ${tag}; ${major} would go back`);
  }
}

/** Whatever an `action.yml` names must be there. */
function assertComplete() {
  for (const name of readdirSync(join(repository, "actions"))) {
    const metadata = join(repository, "actions", name, "action.yml");
    if (!existsSync(metadata)) continue;
    for (const [, path] of readFileSync(metadata, "utf8").matchAll(/^ {2}(?:main|post): (\S+)$/gm)) {
      if (existsSync(join(bundles, "actions", name, path))) continue;
      throw new Error(`actions/${name}/${path} is missing; run "npm run build" first`);
    }
  }
}

/** A commit on top of HEAD, made in an index of its own. */
function commitWithBundles(tag) {
  const temporary = mkdtempSync(join(tmpdir(), "release-"));
  const env = { ...process.env, GIT_INDEX_FILE: join(temporary, "index") };
  try {
    git(["read-tree", "HEAD"], { env });
    const add = (path, input) => {
      const blob = git(["hash-object", "-w", "--stdin"], { input });
      git(["update-index", "--add", "--cacheinfo", `100644,${blob},${path}`], { env });
    };
    for (const path of bundleFiles(bundles)) add(path, readFileSync(join(bundles, path)));
    add("SHA256SUMS", sumsOf(bundles));
    const tree = git(["write-tree"], { env });
    return git(["commit-tree", tree, "-p", "HEAD", "-m", `Release ${tag}`]);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
