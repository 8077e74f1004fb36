/** The files that path filters check. */
import type { GitRepository } from "../../git/git-repository.ts";

/** Old names of renamed files count as well. Without a commit to compare with, every file is new. */
export async function changedPaths(
  git: GitRepository,
  { from, to }: { readonly from: string | undefined; readonly to: string },
): Promise<readonly string[]> {
  if (from === undefined) {
    const entries = (await git.tree(to, { recursive: true })) ?? [];
    return entries.filter((entry) => entry.type === "blob").map((entry) => entry.path);
  }
  const changes = await git.diff(from, to);
  return changes.flatMap(({ path, previousPath }) => (previousPath === undefined ? [path] : [path, previousPath]));
}
