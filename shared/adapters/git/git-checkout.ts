/** A work tree's git, read only. Adequate for a checkout of a stranger's commit: nothing it holds is run. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { userError } from "../../problem/problem.ts";

export interface GitCheckout {
  /** The commit that is checked out; `undefined` outside a repository and before the first commit. */
  head(): Promise<string | undefined>;
  /** In their order. `undefined`: a shallow checkout does not have the commit. */
  parents(commit: string): Promise<readonly string[] | undefined>;
  /** A file's bytes at a commit; `undefined` when the commit, or the file in it, is not there. */
  readFile(commit: string, path: string): Promise<Uint8Array | undefined>;
}

const COMMIT_SHA = /^[0-9a-f]{40}$/;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const execFileAsync = promisify(execFile);

/** @param workspace absolute path of the work tree, or of a folder in it */
export function createGitCheckout(workspace: string, signal: AbortSignal): GitCheckout {
  async function ask(...args: readonly string[]): Promise<Buffer | undefined> {
    try {
      // The runner's user may not own a container's workspace; git would then refuse even to look.
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
      // git's own "no" has an exit code; without git at all there is none, and an answer must not be made up.
      if (error instanceof Error && "code" in error && typeof error.code === "number") return undefined;
      const fix = "Install git on the runner, and check the repository out";
      throw userError({ code: "git-unusable", message: "git could not be asked about the checkout", fix }, error);
    }
  }

  const lines = (bytes: Buffer | undefined): readonly string[] =>
    (bytes?.toString("utf8") ?? "").split("\n").filter((line) => line !== "");

  return {
    async head() {
      const [commit] = lines(await ask("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}"));
      return commit;
    },
    async parents(commit) {
      assertCommit(commit);
      const object = await ask("cat-file", "commit", commit);
      if (object === undefined) return undefined;
      // Not `rev-list --parents`: in a shallow checkout that hides the parents it does not have.
      const [header = ""] = object.toString("utf8").split("\n\n", 1);
      return header.split("\n").flatMap((line) => /^parent ([0-9a-f]{40})$/.exec(line)?.[1] ?? []);
    },
    async readFile(commit, path) {
      assertCommit(commit);
      return ask("cat-file", "blob", `${commit}:${path}`);
    },
  };
}

function assertCommit(commit: string): void {
  if (!COMMIT_SHA.test(commit)) throw new TypeError(`${commit} is not a full commit SHA`);
}
