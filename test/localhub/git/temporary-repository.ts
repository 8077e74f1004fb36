/** For tests: an empty bare repository in a temporary folder, and the output of git itself. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initBareRepository } from "./bare-repository.ts";
import type { GitRepository, TreeChange } from "./git-repository.ts";
import { runGit } from "./run-git.ts";

export interface TemporaryRepository extends AsyncDisposable {
  readonly git: GitRepository;
  readonly directory: string;
  /** What git itself prints, without the last line feed. */
  gitOutput(args: readonly string[], options?: Parameters<typeof runGit>[2]): Promise<string>;
  /** Commits files (`null` deletes) on top of `parents[0]`; no ref moves. */
  commit(files: Readonly<Record<string, string | null>>, parents?: readonly string[], at?: number): Promise<string>;
}

const AUTHOR = { name: "Ada", email: "ada@example.com" };

export async function createTemporaryRepository(): Promise<TemporaryRepository> {
  const directory = await mkdtemp(join(tmpdir(), "localhub-git-"));
  const git = await initBareRepository(join(directory, "repository.git"), "main");
  return {
    git,
    directory,
    gitOutput: async (args, options) =>
      (await runGit(git.directory, args, options)).stdout.toString().replace(/\n$/, ""),
    async commit(files, parents = [], at = 1_700_000_000) {
      const changes = await Promise.all(
        Object.entries(files).map(
          async ([path, text]): Promise<TreeChange> => ({
            path,
            mode: "100644",
            type: "blob",
            sha: text === null ? null : await git.writeBlob(Buffer.from(text)),
          }),
        ),
      );
      const author = { ...AUTHOR, date: new Date(at * 1000) };
      const tree = await git.writeTree(parents[0], changes);
      return git.writeCommit({ tree, parents, author, committer: author, message: `at ${at}` });
    },
    async [Symbol.asyncDispose]() {
      git.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
