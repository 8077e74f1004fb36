/** Read-only git in a checkout. Safe for an untrusted user's commit: nothing in it is run. */
import { createHash } from "node:crypto";
import { userError } from "../../problem/problem.ts";
import { runShortCommand, type ShortCommandResult } from "../process/run-short-command.ts";

export interface GitCheckout {
  /** The commit that is checked out; `undefined` outside a repository and before the first commit. */
  head(): Promise<string | undefined>;
  /** The commit that a name such as `origin/main` stands for here; `undefined`: none. */
  findCommit(name: string): Promise<string | undefined>;
  /** What lies in the folder; `undefined` outside a repository. */
  readWorkingTree(): Promise<WorkingTree | undefined>;
  /** Where a remote such as `origin` is; `undefined`: there is no such remote. */
  remoteAddress(remote: string): Promise<string | undefined>;
  /** The newest commit that both have; `undefined`: there is none here. */
  mergeBase(one: string, other: string): Promise<string | undefined>;
  /**
   * In their order. `undefined`: a shallow checkout does not have the commit. What is returned is in the commit of that name,
   * whoever wrote the files of the repository: the name is computed again.
   */
  parents(commit: string): Promise<readonly string[] | undefined>;
  /** Paths of all files of a commit; `undefined` when it does not exist here. */
  listFiles(commit: string): Promise<readonly string[] | undefined>;
  /** Whether the file is in the index; `false` outside a repository. @param path relative to the workspace */
  isTracked(path: string): Promise<boolean>;
  /** A file's bytes at a commit; `undefined` when the commit, or the file in it, does not exist here. */
  readFile(commit: string, path: string): Promise<Uint8Array | undefined>;
}

const COMMIT_SHA = /^[0-9a-f]{40}$/;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
export interface WorkingTree {
  /** Whether the folder is the root of its repository. */
  readonly isRoot: boolean;
  /** Paths in the index, relative to the folder. */
  readonly tracked: readonly string[];
  /** Name of the default branch as the last fetch saw it, else of the current one; `undefined`: a detached head. */
  readonly branch: string | undefined;
}

/** Reading one object takes milliseconds; a network file system that does not respond must not hold the job. */
const TIMEOUT_MS = 60_000;

/** @param workspace absolute path of the checkout, or of a folder in it */
export function createGitCheckout(workspace: string, signal: AbortSignal): GitCheckout {
  async function runGit(...args: readonly string[]): Promise<Buffer | undefined> {
    // The runner's user may not own a container's workspace; without this, git would refuse to read it.
    const options = ["-c", `safe.directory=${workspace}`, "-c", "core.fsmonitor=false", "--no-replace-objects"];
    const result = await runShortCommand({
      program: "git",
      args: [...options, ...args],
      cwd: workspace,
      env: { ...environment(), GIT_CONFIG_NOSYSTEM: "1", GIT_OPTIONAL_LOCKS: "0", GIT_NO_LAZY_FETCH: "1" },
      timeout: TIMEOUT_MS,
      maxBytes: MAX_OUTPUT_BYTES,
      signal,
    });
    // When git itself fails, there is an exit code; without one, nothing is known.
    if (result.kind !== "exited" || result.code === null) throw gitUnusable(result);
    return result.code === 0 ? result.output : undefined;
  }

  const lines = (bytes: Buffer | undefined): readonly string[] =>
    (bytes?.toString("utf8") ?? "").split("\n").filter((line) => line !== "");

  const paths = (bytes: Buffer | undefined): readonly string[] =>
    (bytes?.toString("utf8") ?? "").split("\0").filter((path) => path !== "");

  async function findCommit(name: string): Promise<string | undefined> {
    const [commit] = lines(await runGit("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`));
    return commit;
  }

  return {
    head: () => findCommit("HEAD"),
    findCommit,
    async readWorkingTree() {
      const prefix = await runGit("rev-parse", "--show-prefix");
      if (prefix === undefined) return undefined;
      const [remote] = lines(await runGit("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"));
      const [current] = lines(await runGit("symbolic-ref", "--quiet", "--short", "HEAD"));
      const branch = remote?.replace(/^origin\//, "") ?? current;
      return { isRoot: prefix.toString("utf8").trim() === "", tracked: paths(await runGit("ls-files", "-z")), branch };
    },
    async remoteAddress(remote) {
      const [address] = lines(await runGit("config", "--get", `remote.${remote}.url`));
      return address;
    },
    async mergeBase(one, other) {
      assertCommit(one);
      assertCommit(other);
      const [commit] = lines(await runGit("merge-base", one, other));
      return commit;
    },
    async parents(commit) {
      assertCommit(commit);
      const object = await runGit("cat-file", "commit", commit);
      if (object === undefined || objectId("commit", object) !== commit) return undefined;
      // Not `rev-list --parents`: in a shallow checkout that hides the parents it does not have.
      const [header = ""] = object.toString("utf8").split("\n\n", 1);
      return header.split("\n").flatMap((line) => /^parent ([0-9a-f]{40})$/.exec(line)?.[1] ?? []);
    },
    async listFiles(commit) {
      assertCommit(commit);
      const listed = await runGit("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit);
      return listed === undefined ? undefined : paths(listed);
    },
    async isTracked(path) {
      return (await runGit("--literal-pathspecs", "ls-files", "--error-unmatch", "-z", "--", path)) !== undefined;
    },
    async readFile(commit, path) {
      assertCommit(commit);
      return runGit("cat-file", "blob", `${commit}:${path}`);
    },
  };
}

const objectId = (type: string, content: Buffer): string =>
  createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex");

const environment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));

function gitUnusable(result: ShortCommandResult): Error {
  const reasons = {
    exited: "it was killed",
    "not-started": "it could not be started",
    "timed-out": `it did not end within ${TIMEOUT_MS / 1000} s`,
    "too-much-output": `it printed more than ${MAX_OUTPUT_BYTES / 1024 / 1024} MiB`,
  } as const;
  return userError(
    {
      code: "git-unusable",
      message: `git could not read the checkout: ${reasons[result.kind]}`,
      fix: "Install git on the runner, check the repository out, and keep the workspace on a disk that responds",
    },
    result.kind === "not-started" ? result.reason : undefined,
  );
}

function assertCommit(commit: string): void {
  if (!COMMIT_SHA.test(commit)) throw new TypeError(`${commit} is not a full commit SHA`);
}
