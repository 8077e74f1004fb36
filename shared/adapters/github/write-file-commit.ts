/** A commit that contains one file and nothing else, through GitHub's git database. */
import * as z from "zod";
import { blobId, commitIds, treeId } from "./git-object-id.ts";
import type { GitHub } from "./github.ts";
import { parseResponse } from "./parse-response.ts";
import { verifyWritten } from "./written-object.ts";

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const gitCommit = z.object({ message: z.string(), tree: z.object({ sha }), parents: z.array(z.object({ sha })) });

/** A fixed name: together with the time, the same content always gives the same commit, also when it is written twice. */
const COMMIT_AUTHOR = { name: "mlops-actions", email: "mlops-actions@users.noreply.github.com" };

export interface FileCommit {
  readonly path: string;
  readonly text: string;
  readonly parent: string | undefined;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly title: string;
}

/**
 * Git names objects by their bytes, so that writing them may be repeated like a PUT.
 *
 * @returns the commit's SHA
 * @throws GitHubError
 */
export async function writeFileCommit(
  { rest, repository }: GitHub,
  { path, text, parent, at, title }: FileCommit,
): Promise<string> {
  const root = treeId(path, blobId(text));
  const files = [{ path, mode: "100644", type: "blob", content: text } as const];
  const written = await rest.git.createTree({ ...repository, tree: files });
  await verifyWritten([root], written.data, async () => false);
  const by = { ...COMMIT_AUTHOR, date: at };
  const parents = parent === undefined ? [] : [parent];
  const commit = { message: title, tree: root, parents, author: by, committer: by };
  const { data } = await rest.git.createCommit({ ...repository, ...commit });
  return verifyWritten(commitIds({ tree: root, parents, by, message: title }), data, async (id) => {
    const found = await rest.git.getCommit({ ...repository, commit_sha: id });
    const { message, ...links } = parseResponse(gitCommit, found.data, `commit ${id}`);
    const parentsFound = links.parents.map((one) => one.sha);
    return message.trim() === title.trim() && links.tree.sha === root && parentsFound.join() === parents.join();
  });
}
