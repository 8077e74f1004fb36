// npm run release -- 1.2.0 [--owner <account>] [--bundles <folder>] [--repository <folder>] [--push <remote>]
//
// Makes the release: a commit off main that carries the bundles and their checksums, the tag v1.2.0 on it, and v1 moved
// there. What users paste names its owner, by default that of the remote `origin`: also a fork's release can be copied as it
// is. Neither the branch nor the files in the work tree change. Needs nothing but git, so that the job that may push
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
    options: {
      ...{ bundles: { type: "string" }, repository: { type: "string" }, push: { type: "string" } },
      owner: { type: "string" },
    },
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
  const name = findName(values.owner);
  const commit = commitWithBundles(version.tag, name);
  git(["tag", "--annotate", version.tag, commit, "--cleanup=verbatim", "--file=-"], { input: notesOf(version.tag) });
  if (version.moves) git(["tag", "--force", version.major, commit]);
  console.log(`${version.tag} is ${commit}${version.moves ? `, and ${version.major} points to it` : ""}`);
  if (name === undefined) console.log("its texts say OWNER: there is no remote origin; name the account with --owner");
  else
    console.log(
      `it is used as ${name}@${version.moves ? version.major : version.tag}, or by its full SHA: ${name}@${commit}`,
    );
  const refs = [`refs/tags/${version.tag}`, ...(version.moves ? [`+refs/tags/${version.major}`] : [])];
  if (values.push) git(["push", "--atomic", values.push, ...refs]);
  else console.log(`publish it with: git push --atomic origin ${refs.join(" ")}`);
});

function git(arguments_, { trims = true, ...options } = {}) {
  const stdio = ["pipe", "pipe", "pipe"];
  try {
    const output = execFileSync("git", arguments_, { cwd: repository, encoding: "utf8", stdio, ...options });
    return trims ? output.trim() : output;
  } catch (error) {
    throw new UserError(`git ${arguments_[0]} failed: ${(error.stderr || error.message).trim()}`);
  }
}

/** `owner/repository` that publishes the release: the one place that says it. `undefined`: nothing does. */
function findName(owner) {
  const [, remoteOwner, repository] = /[/:]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(originUrl()) ?? [];
  if (owner !== undefined && !/^[A-Za-z\d][A-Za-z\d-]{0,38}$/.test(owner))
    throw new UserError(`"${owner}" is not an account`);
  // A clone of a folder has a remote, too.
  const isOnServer = /^(?:https?|ssh):\/\/|^[\w.-]+@/.test(originUrl());
  if (isOnServer) return `${owner ?? remoteOwner}/${repository}`;
  return owner === undefined ? undefined : `${owner}/mlops-actions`;
}

function originUrl() {
  const remotes = git(["remote"]).split("\n");
  return remotes.includes("origin") ? git(["remote", "get-url", "origin"]) : "";
}

/** What users read of a release: the part of the changelog that is not released yet. */
function notesOf(tag) {
  const changelog = join(repository, "CHANGELOG.md");
  const text = existsSync(changelog) ? readFileSync(changelog, "utf8") : "";
  const [, notes = ""] = /^## Unreleased\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text) ?? [];
  return `Release ${tag}\n\n${notes.trim()}\n`;
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

/** Whatever an `action.yml` names must be there, and what the action starts itself, and every chunk of it. */
function assertBundlesExist() {
  for (const name of readdirSync(join(repository, "actions"))) {
    const metadata = join(repository, "actions", name, "action.yml");
    if (!existsSync(metadata)) continue;
    const named = [...readFileSync(metadata, "utf8").matchAll(/^ {2}(?:main|post): (\S+)$/gm)].map(([, path]) => path);
    // What an action starts itself: other threads, another process.
    const started = ["worker", "watchdog"].filter((each) =>
      existsSync(join(repository, "actions", name, `${each}.ts`)),
    );
    for (const path of [...named, ...started.map((each) => `dist/${each}/index.js`)]) {
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

/** What people read and paste. */
function listTexts() {
  const paths = git(["ls-tree", "-r", "--name-only", "HEAD"]).split("\n");
  return paths.filter((path) => /^(?:[^/]+\.md|(?:actions|docs|workflows-templates)\/.*\.(?:md|yml))$/.test(path));
}

/** A commit on top of HEAD, made in an index of its own. */
function commitWithBundles(tag, name) {
  const env = { ...process.env, GIT_INDEX_FILE: join(createTemporaryFolder(), "index") };
  git(["read-tree", "HEAD"], { env });
  const add = (path, input) => {
    const blob = git(["hash-object", "-w", "--stdin"], { input });
    git(["update-index", "--add", "--cacheinfo", `100644,${blob},${path}`], { env });
  };
  for (const path of listBundleFiles(bundles)) add(path, readFileSync(join(bundles, path)));
  add("SHA256SUMS", formatChecksums(bundles));
  for (const path of name === undefined ? [] : listTexts()) {
    const text = git(["show", `HEAD:${path}`], { maxBuffer: 2 ** 26, trims: false });
    if (text.includes("OWNER/mlops-actions")) add(path, text.replaceAll("OWNER/mlops-actions", name));
  }
  const tree = git(["write-tree"], { env });
  return git(["commit-tree", tree, "-p", "HEAD", "-m", `Release ${tag}`]);
}
