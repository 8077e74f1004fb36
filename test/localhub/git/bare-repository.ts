/** The git port, implemented with the real `git` and a bare repository on disk. */
import { appendFile, mkdir } from "node:fs/promises";
import { resolve as absolute } from "node:path";
import { patchText } from "./diff.ts";
import { exportTree } from "./export-tree.ts";
import type { Commit, GitRepository } from "./git-repository.ts";
import { assertGitAvailable } from "./git-version.ts";
import { createHistoryReader } from "./history-reader.ts";
import { writeObject } from "./loose-object.ts";
import { createObjectReader, type ObjectType, type StoredObject } from "./object-reader.ts";
import { formatCommit, formatTag, parseCommit, parseTag } from "./object-text.ts";
import { createRefStore } from "./refs.ts";
import { resolveRevision } from "./revision.ts";
import { gitLines, runGit } from "./run-git.ts";
import { editTree } from "./tree-edit.ts";
import { createTreeReader } from "./tree-reader.ts";

/**
 * What git itself allows in these repositories: any commit by SHA (jobs check out commits, not branches), and every
 * push (the local GitHub applies the rules, not git). git never collects garbage on its own.
 */
const CONFIGURATION = `[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[receive]
	denyNonFastForwards = false
	denyDeletes = false
	denyDeleteCurrent = ignore
	autogc = false
	advertiseAtomic = false
	hideRefs = refs/pull
[http]
	receivepack = true
[gc]
	auto = 0
[maintenance]
	auto = false
`;

/**
 * Creates an empty bare repository in `directory`, its HEAD at `defaultBranch`. @throws Error when git is missing or
 * too old.
 */
export async function initBareRepository(directory: string, defaultBranch: string): Promise<GitRepository> {
  const path = absolute(directory);
  await mkdir(path, { recursive: true });
  await assertGitAvailable();
  await runGit(path, ["init", "--quiet", "--bare", "--template=", `--initial-branch=${defaultBranch}`]);
  await appendFile(`${path}/config`, CONFIGURATION);
  return attach(path);
}

/** The existing repository in `directory`: a bare one, or the one of a work tree. @throws Error when there is none. */
export async function openGitRepository(directory: string): Promise<GitRepository> {
  await assertGitAvailable();
  const path = absolute(directory);
  for (const candidate of [path, `${path}/.git`]) {
    const { code, stdout } = await runGit(candidate, ["rev-parse", "--absolute-git-dir"], { codes: [0, 128] });
    if (code === 0) return attach(stdout.toString().trim());
  }
  throw new Error(`there is no git repository in ${path}`);
}

/** Where the port takes a SHA, no other text may reach git, which would treat it as a search. */
const isSha = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);

function attach(directory: string): GitRepository {
  const objects = createObjectReader(directory);
  const refs = createRefStore(directory, objects);
  const trees = createTreeReader(objects);
  /** Commits never change, and lists of them are read many times. */
  const commits = new Map<string, Commit>();

  const write = (type: ObjectType, content: Uint8Array): Promise<string> => writeObject(directory, type, content);
  async function typed(sha: string, type: ObjectType): Promise<StoredObject | undefined> {
    const object = isSha(sha) ? await objects.object(sha) : undefined;
    return object?.type === type ? object : undefined;
  }
  async function commit(sha: string): Promise<Commit | undefined> {
    const cached = commits.get(sha);
    if (cached) return cached;
    const object = await typed(sha, "commit");
    const read = object && parseCommit(object.sha, object.content);
    if (read) commits.set(read.sha, read);
    return read;
  }
  const history = createHistoryReader(directory, commit);
  const resolve = (revision: string): Promise<string | undefined> =>
    resolveRevision(directory, objects, refs, revision);

  const git: GitRepository = {
    directory,
    resolve,
    type: async (sha) => (isSha(sha) ? (await objects.info(sha))?.type : undefined),
    commit,
    async tag(sha) {
      const object = await typed(sha, "tag");
      return object && parseTag(object.sha, object.content);
    },
    tree: async (sha, options) => (isSha(sha) ? trees.entries(sha, options?.recursive ?? false) : undefined),
    blob: async (sha) => (await typed(sha, "blob"))?.content,
    async entryAt(revision, path) {
      const sha = await resolve(revision);
      return sha === undefined ? undefined : trees.entryAt(sha, path);
    },
    async read(revision, path) {
      const entry = await git.entryAt(revision, path);
      return entry?.type === "blob" ? git.blob(entry.sha) : undefined;
    },

    writeBlob: (content) => write("blob", content),
    writeTree(base, changes) {
      const storedEntries = async (sha: string) => {
        const found = await trees.storedEntries(sha);
        if (!found) throw new Error(`there is no tree ${sha} in ${directory}`);
        return found;
      };
      return editTree({ storedEntries, write: (content) => write("tree", content) }, base, changes);
    },
    writeCommit: (fields) => write("commit", formatCommit(fields)),
    writeTag: (fields) => write("tag", formatTag(fields)),

    refs: refs.list,
    ref: (name) => refs.first([name]),
    createRef: refs.create,
    updateRef: refs.update,
    deleteRef: refs.delete,

    ...history,
    patchText: (base, head, form) => patchText(directory, base, head, form),
    async fetch(from, revision) {
      const sha = revision.startsWith("refs/") ? (await from.ref(revision))?.sha : await from.resolve(revision);
      if (sha === undefined) throw new Error(`there is no revision "${revision}" in ${from.directory}`);
      // An object that exists here has its whole history here: every writer checks that.
      if (await objects.info(sha)) return;
      // The other repository may have been created elsewhere, and would then serve its branches only.
      const uploadPack = "--upload-pack=git -c uploadpack.allowAnySHA1InWant=true upload-pack";
      await gitLines(directory, [
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        uploadPack,
        from.directory,
        sha,
      ]);
    },
    export: (revision, target, path = "") => exportTree(git, revision, target, path),
    async archive(revision, format, prefix) {
      const { stdout } = await runGit(directory, ["archive", `--format=${format}`, `--prefix=${prefix}`, revision]);
      return stdout;
    },
    async setHead(branch) {
      await runGit(directory, ["symbolic-ref", "HEAD", `refs/heads/${branch}`]);
    },
    close: objects.close,
  };
  return git;
}
