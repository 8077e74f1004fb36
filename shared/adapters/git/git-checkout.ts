/** Read-only git in a checkout. Safe for an untrusted user's commit: nothing in it is run. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { userError } from "../../problem/problem.ts";

export interface GitCheckout {
  /** The commit that is checked out; `undefined` outside a repository and before the first commit. */
  head(): Promise<string | undefined>;
  /** In their order. `undefined`: a shallow checkout does not have the commit. */
  parents(commit: string): Promise<readonly string[] | undefined>;
  /** A file's bytes at a commit; `undefined` when the commit, or the file in it, does not exist here. */
  readFile(commit: string, path: string): Promise<Uint8Array | undefined>;
}

const COMMIT_SHA = /^[0-9a-f]{40}$/;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const execFileAsync = promisify(execFile);

/** @param workspace absolute path of the checkout, or of a folder in it */
export function createGitCheckout(workspace: string, signal: AbortSignal): GitCheckout {
  async function runGit(...args: readonly string[]): Promise<Buffer | undefined> {
    try {
      // The runner's user may not own a container's workspace; without this, git would refuse to read it.
      const options = ["-c", `safe.directory=${workspace}`, "-c", "core.fsmonitor=false", "--no-replace-objects"];
      const { stdout } = await execFileAsync("git", [...options, ...args], {
        cwd: workspace,
        signal,
        maxBuffer: MAX_OUTPUT_BYTES,
        encoding: "buffer",
        env: { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_OPTIONAL_LOCKS: "0", GIT_NO_LAZY_FETCH: "1" },
      });
      return stdout;
    } catch (error) {
      signal.throwIfAborted();
      // When git itself fails, there is an exit code; without one, git did not run, and nothing is known.
      if (error instanceof Error && "code" in error && typeof error.code === "number") return undefined;
      const fix = "Install git on the runner, and check the repository out";
      throw userError({ code: "git-unusable", message: "git could not read the checkout", fix }, error);
    }
  }

  const lines = (bytes: Buffer | undefined): readonly string[] =>
    (bytes?.toString("utf8") ?? "").split("\n").filter((line) => line !== "");

  return {
    async head() {
      const [commit] = lines(await runGit("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}"));
      return commit;
    },
    async parents(commit) {
      assertCommit(commit);
      const object = await runGit("cat-file", "commit", commit);
      if (object === undefined) return undefined;
      // Not `rev-list --parents`: in a shallow checkout that hides the parents it does not have.
      const [header = ""] = object.toString("utf8").split("\n\n", 1);
      return header.split("\n").flatMap((line) => /^parent ([0-9a-f]{40})$/.exec(line)?.[1] ?? []);
    },
    async readFile(commit, path) {
      assertCommit(commit);
      return runGit("cat-file", "blob", `${commit}:${path}`);
    },
  };
}

function assertCommit(commit: string): void {
  if (!COMMIT_SHA.test(commit)) throw new TypeError(`${commit} is not a full commit SHA`);
}
