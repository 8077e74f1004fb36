// npm run release -- 1.2.0 [--bundles <folder>] [--repository <folder>] [--push <remote>]
//
// Makes the release: a commit off main that carries the bundles and their checksums, the tag v1.2.0 on it, and v1 moved
// there. Neither the branch nor the files in the work tree change. Needs nothing but git, so that the job that may push
// runs no code of any dependency. Refuses a work tree with changes, a version that is no step forward, a missing bundle.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "./command.mjs";
import { createTemporaryFolder } from "./processes.mjs";
import { formatChecksums, listBundleFiles } from "./sums.mjs";
import { requireGit, root } from "./toolchain.mjs";
import { UserError } from "./user-error.mjs";

let repository;
let bundles;

await runCommand((arguments_) => {
  const { values, positionals } = parseArgs({
    args: arguments_,
    allowPositionals: true,
    options: { bundles: { type: "string" }, repository: { type: "string" }, push: { type: "string" } },
  });
  requireGit();
  repository = resolve(values.repository ?? root);
  bundles = resolve(values.bundles ?? repository);
  for (const folder of [repository, bundles]) {
    if (!existsSync(join(folder, "actions"))) throw new UserError(`there is no folder ${join(folder, "actions")}`);
  }
  const version = parseVersion(positionals[0]);
  assertCleanWorkTree();
  assertNewerVersion(version);
  assertBundlesExist();
  const commit = commitWithBundles(version.tag);
  git(["tag", "--annotate", version.tag, commit, "--message", `Release ${version.tag}`]);
  if (version.moves) git(["tag", "--force", version.major, commit]);
  console.log(`${version.tag} is ${commit}${version.moves ? `, and ${version.major} points to it` : ""}`);
  const refs = [`refs/tags/${version.tag}`, ...(version.moves ? [`+refs/tags/${version.major}`] : [])];
  if (values.push) git(["push", "--atomic", values.push, ...refs]);
  else console.log(`publish it with: git push --atomic origin ${refs.join(" ")}`);
});

function git(arguments_, options = {}) {
  const stdio = ["pipe", "pipe", "pipe"];
  try {
    return execFileSync("git", arguments_, { cwd: repository, encoding: "utf8", stdio, ...options }).trim();
  } catch (error) {
    throw new UserError(`git ${arguments_[0]} failed: ${(error.stderr || error.message).trim()}`);
  }
}

function parseVersion(text = "") {
  const [, major, minor, patch, label] = /^v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?$/.exec(text) ?? [];
  if (major === undefined) throw new UserError(`"${text}" is not a version; write for example 1.2.0`);
  const numbers = [major, minor, patch].map(Number);
  // Who follows v1 asked for releases, not for candidates.
  return {
    tag: `v${numbers.join(".")}${label ?? ""}`,
    major: `v${Number(major)}`,
    numbers,
    moves: label === undefined,
  };
}

function assertCleanWorkTree() {
  const changes = git(["status", "--porcelain"]);
  if (changes !== "") throw new UserError(`the work tree has changes; commit or remove them first:\n${changes}`);
}

function assertNewerVersion({ tag, numbers, major }) {
  for (const other of git(["tag", "--list", `${major}.*`]).split("\n")) {
    if (other === tag) throw new UserError(`${tag} exists already; a release never changes`);
    const [, ...parts] = /^v(\d+)\.(\d+)\.(\d+)$/.exec(other) ?? [];
    const difference = parts.map((part, at) => Number(part) - numbers[at]).find((step) => step !== 0) ?? 0;
    if (difference > 0) throw new UserError(`${other} is newer than ${tag}; ${major} would go back`);
  }
}

/** Whatever an `action.yml` names must be there, and every chunk of it. */
function assertBundlesExist() {
  for (const name of readdirSync(join(repository, "actions"))) {
    const metadata = join(repository, "actions", name, "action.yml");
    if (!existsSync(metadata)) continue;
    for (const [, path] of readFileSync(metadata, "utf8").matchAll(/^ {2}(?:main|post): (\S+)$/gm)) {
      const dist = join("actions", name, dirname(path));
      for (const file of listScripts(join(bundles, dist), basename(path))) {
        if (existsSync(join(bundles, dist, file))) continue;
        throw new UserError(`${dist.replaceAll("\\", "/")}/${file} is missing; run "npm run build" first`);
      }
    }
  }
}

/** An entry and its chunks, as the build has listed them. */
function listScripts(dist, entry) {
  const list = join(dist, "package.json");
  return [entry, "package.json", ...(existsSync(list) ? JSON.parse(readFileSync(list, "utf8")).files : [])];
}

/** A commit on top of HEAD, made in an index of its own. */
function commitWithBundles(tag) {
  const env = { ...process.env, GIT_INDEX_FILE: join(createTemporaryFolder(), "index") };
  git(["read-tree", "HEAD"], { env });
  const add = (path, input) => {
    const blob = git(["hash-object", "-w", "--stdin"], { input });
    git(["update-index", "--add", "--cacheinfo", `100644,${blob},${path}`], { env });
  };
  for (const path of listBundleFiles(bundles)) add(path, readFileSync(join(bundles, path)));
  add("SHA256SUMS", formatChecksums(bundles));
  const tree = git(["write-tree"], { env });
  return git(["commit-tree", tree, "-p", "HEAD", "-m", `Release ${tag}`]);
}
